package io.smartagent.results;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The results of all modules, in a directory of their own. A reader sees a whole result or none;
 * the oldest ones are removed where a new one would exceed the total limit. Nothing here follows a
 * symbolic link. One thread writes at a time; any number may read.
 */
public final class ResultStore {

  /** The directory's name in the data directory. */
  public static final String DIRECTORY = "results";

  /** Between name and media type, whose slash it replaces: in neither of them. */
  private static final String SEPARATOR = "~";

  /** Hidden, so no result can have this name. */
  private static final Path UNFINISHED = Path.of(".unfinished");

  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private static final Set<OpenOption> CREATE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private final Path parent;

  /** A result that is open for reading. The reader closes the channel. */
  public record Opened(Result result, SeekableByteChannel channel) {}

  /**
   * @param parent the data directory; {@link #DIRECTORY} is created in it with the first result
   */
  public ResultStore(Path parent) {
    this.parent = parent;
  }

  /**
   * Writes a result with mode 0600; it replaces one of the same name.
   *
   * @param maximum size in bytes
   * @param totalLimit of all results in bytes
   * @throws IllegalArgumentException if name or media type are not valid
   * @throws IOException if the result exceeds a limit, cannot be written, or the directory is
   *     missing or a symbolic link; then there is no new result
   */
  public synchronized Result write(
      String name, String mediaType, long maximum, long totalLimit, ResultContent content)
      throws IOException {
    if (!Result.isName(name) || !Result.isMediaType(mediaType)) {
      throw new IllegalArgumentException(
          "A result cannot be named \"" + name + "\" with media type \"" + mediaType + "\".");
    }
    makeDirectory();
    try (SecureDirectoryStream<Path> directory = open()) {
      deleteIfExists(directory, UNFINISHED);
      List<Result> before = list();
      try {
        writeUnfinished(
            directory, new ArrayList<>(before), Math.min(maximum, totalLimit), totalLimit, content);
        Path file = file(name, mediaType);
        directory.move(UNFINISHED, directory, file);
        for (Result former : before) {
          if (former.name().equals(name) && !former.mediaType().equals(mediaType)) {
            deleteIfExists(directory, file(name, former.mediaType()));
          }
        }
        BasicFileAttributes attributes = attributes(directory, file);
        return new Result(
            name, mediaType, attributes.size(), attributes.lastModifiedTime().toInstant());
      } finally {
        deleteIfExists(directory, UNFINISHED);
      }
    }
  }

  private void writeUnfinished(
      SecureDirectoryStream<Path> directory,
      List<Result> others,
      long maximum,
      long totalLimit,
      ResultContent content)
      throws IOException {
    FileAttribute<?> mode =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (SeekableByteChannel channel = directory.newByteChannel(UNFINISHED, CREATE, mode);
        OutputStream out =
            new LimitedOutput(
                channel, maximum, bytes -> removeOldest(directory, others, totalLimit - bytes))) {
      content.writeTo(out);
    }
  }

  /** Removes the oldest of {@code results} until the others have no more than {@code limit}. */
  private static void removeOldest(
      SecureDirectoryStream<Path> directory, List<Result> results, long limit) throws IOException {
    long total = results.stream().mapToLong(Result::bytes).sum();
    while (total > limit && !results.isEmpty()) {
      Result oldest = results.removeFirst();
      deleteIfExists(directory, file(oldest.name(), oldest.mediaType()));
      total -= oldest.bytes();
    }
  }

  /** Returns the results, the oldest one first; empty if the directory cannot be read. */
  public List<Result> list() {
    List<Result> results = new ArrayList<>();
    try (SecureDirectoryStream<Path> directory = open()) {
      for (Path path : directory) {
        Path file = path.getFileName();
        Result result = file == null ? null : result(directory, file);
        if (result != null) {
          results.add(result);
        }
      }
    } catch (IOException | DirectoryIteratorException noResults) {
      return List.of();
    }
    results.sort(Comparator.comparing(Result::writtenAt).thenComparing(Result::name));
    return results;
  }

  /**
   * Opens a result for reading.
   *
   * @return null if there is no result of this name
   * @throws IOException if it cannot be read
   */
  public @Nullable Opened read(String name) throws IOException {
    for (Result result : list()) {
      if (result.name().equals(name)) {
        try (SecureDirectoryStream<Path> directory = open()) {
          Path file = file(name, result.mediaType());
          return new Opened(result, directory.newByteChannel(file, READ));
        } catch (NoSuchFileException removed) {
          return null;
        }
      }
    }
    return null;
  }

  private static @Nullable Result result(SecureDirectoryStream<Path> directory, Path file)
      throws IOException {
    String[] parts = file.toString().split(SEPARATOR, -1);
    String mediaType = parts.length == 3 ? parts[1] + "/" + parts[2] : "";
    if (!Result.isName(parts[0]) || !Result.isMediaType(mediaType)) {
      return null;
    }
    try {
      BasicFileAttributes attributes = attributes(directory, file);
      return attributes.isRegularFile()
          ? new Result(
              parts[0], mediaType, attributes.size(), attributes.lastModifiedTime().toInstant())
          : null;
    } catch (NoSuchFileException removed) {
      return null;
    }
  }

  private static Path file(String name, String mediaType) {
    return Path.of(name + SEPARATOR + mediaType.replace("/", SEPARATOR));
  }

  private static BasicFileAttributes attributes(SecureDirectoryStream<Path> directory, Path file)
      throws IOException {
    return directory
        .getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  private static void deleteIfExists(SecureDirectoryStream<Path> directory, Path file)
      throws IOException {
    try {
      directory.deleteFile(file);
    } catch (NoSuchFileException missing) {
      // That is what is wanted.
    }
  }

  private void makeDirectory() throws IOException {
    try {
      Files.createDirectory(
          parent.resolve(DIRECTORY),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException exists) {
      // It may be a link, which opening it refuses.
    }
  }

  /** Another process may put a link in its place at any time: so it is opened without following. */
  private SecureDirectoryStream<Path> open() throws IOException {
    try (DirectoryStream<Path> data = Files.newDirectoryStream(parent)) {
      if (data instanceof SecureDirectoryStream<Path> secure) {
        return secure.newDirectoryStream(Path.of(DIRECTORY), LinkOption.NOFOLLOW_LINKS);
      }
      throw new IOException("The file system has no secure directory streams.");
    }
  }

  /** Makes room for bytes before they are written. */
  @FunctionalInterface
  private interface Room {
    void make(long bytes) throws IOException;
  }

  /** Writes no more than a maximum. */
  private static final class LimitedOutput extends OutputStream {
    private final OutputStream out;
    private final long maximum;
    private final Room room;
    private long written;

    LimitedOutput(SeekableByteChannel channel, long maximum, Room room) {
      this.out = Channels.newOutputStream(channel);
      this.maximum = maximum;
      this.room = room;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > maximum - written) {
        throw new IOException("A result exceeds its limit of " + maximum + " bytes.");
      }
      room.make(written + length);
      out.write(bytes, offset, length);
      written += length;
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
