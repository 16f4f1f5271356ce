package io.smartagent.launch.installer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The installed agent and the one before it, in one directory. Their names say how far an
 * installation is, and each change of them is one rename: a process that is killed amid it leaves
 * names from which {@link #recover} makes the old installation or the new one, complete.
 *
 * <pre>
 * smartagent             .smartagent.previous         .smartagent.obsolete
 * complete               none                         none or what is left of it
 * none, or the new one   the one that was complete    none or what is left of it
 * none, or the new one   an empty file: there was     none or what is left of it
 *                        nothing before
 * the new one, complete  none                         the old one
 * </pre>
 *
 * <p>What is obsolete may be impossible to remove, as an immutable file is. It keeps its name then,
 * and the next one gets another.
 *
 * <p>For one thread of one process at a time: its user holds a lock on the directory.
 */
public final class Installation {

  /** The name of the installed agent's directory. */
  public static final String HOME = "smartagent";

  /** The name of the script while it runs. */
  public static final String SCRIPT = ".smartagent.installer";

  /** The start of the name of the script's own directory for what it needs while it runs. */
  static final String TEMPORARY = ".smartagent.tmp";

  /** Where the mark of the installed agent is. */
  public static final String MARKED = HOME + "/.installed-by";

  /** The most of a mark that is worth reading. */
  public static final int MAX_MARK_LENGTH = 100;

  static final String PREVIOUS = ".smartagent.previous";
  static final String OBSOLETE = ".smartagent.obsolete";
  static final String MARK = ".installed-by";

  private static final Set<PosixFilePermission> OPEN = PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");

  private final Path place;
  private final Runnable beforeEachChange;

  /**
   * Returns the installation in a directory.
   *
   * @param place the directory
   */
  public Installation(Path place) {
    this(place, () -> {});
  }

  /**
   * @param beforeEachChange is run before each change, to be killed there
   */
  Installation(Path place, Runnable beforeEachChange) {
    this.place = place;
    this.beforeEachChange = beforeEachChange;
  }

  /** Returns whether what has the agent's name is something else than a directory. */
  public boolean isInTheWay() {
    return exists(HOME) && !Files.isDirectory(place.resolve(HOME), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Makes an unfinished installation undone, so that what is obsolete is all that is left of it.
   *
   * @return whether one was undone
   */
  public boolean recover() throws IOException {
    remove(SCRIPT);
    if (!exists(PREVIOUS)) {
      return false;
    }
    remove(HOME);
    if (Files.isDirectory(place.resolve(PREVIOUS), LinkOption.NOFOLLOW_LINKS)) {
      move(PREVIOUS, HOME);
    } else {
      remove(PREVIOUS);
    }
    return true;
  }

  /**
   * Puts what is installed aside and makes an empty directory in its place. Until {@link #commit}
   * the one that was put aside is the valid one.
   */
  public void begin() throws IOException {
    if (exists(HOME)) {
      move(HOME, PREVIOUS);
    } else {
      beforeEachChange.run();
      Files.createFile(place.resolve(PREVIOUS));
    }
    beforeEachChange.run();
    Path home = Files.createDirectory(place.resolve(HOME));
    Files.setPosixFilePermissions(home, OPEN);
  }

  /** Writes the script beside it, for root only. */
  public void writeScript(FetchedScript script) throws IOException {
    beforeEachChange.run();
    try (FileChannel file =
        FileChannel.open(
            place.resolve(SCRIPT),
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWN))) {
      script.copyTo(file);
    }
  }

  /** Removes the script. */
  public void removeScript() throws IOException {
    remove(SCRIPT);
  }

  /**
   * Makes the new installation the valid one.
   *
   * @param sha256 of what has made it: the script and its variables
   */
  public void commit(String sha256) throws IOException {
    writeMark(sha256);
    move(PREVIOUS, free(OBSOLETE));
    syncNames();
  }

  /**
   * Makes an empty directory beside it, for root only, where the script may write while it runs.
   *
   * @return its name
   */
  public String makeTemporary() throws IOException {
    String name = free(TEMPORARY);
    beforeEachChange.run();
    Files.createDirectory(place.resolve(name), PosixFilePermissions.asFileAttribute(OWN));
    return name;
  }

  /**
   * Removes what {@link #commit} has replaced and what the script has needed: as much of it as can
   * be removed.
   *
   * @throws IOException where something is left
   */
  public void removeObsolete() throws IOException {
    IOException failure = null;
    for (String name : leftovers()) {
      try {
        remove(name);
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private List<String> leftovers() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(place, ".smartagent.*")) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (name.startsWith(OBSOLETE) || name.startsWith(TEMPORARY)) {
          names.add(name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  private String free(String name) {
    String free = name;
    for (int number = 1; exists(free); number++) {
      free = name + "." + number;
    }
    return free;
  }

  /**
   * Returns whether a mark says that it was made with this digest.
   *
   * @param mark the content of {@link #MARKED}
   */
  public static boolean isMark(byte[] mark, String sha256) {
    return new String(mark, StandardCharsets.US_ASCII).equals(mark(sha256));
  }

  private static String mark(String sha256) {
    return "sha256 " + sha256 + "\n";
  }

  /** The script may have made a link of that name. */
  private void writeMark(String sha256) throws IOException {
    Path mark = place.resolve(HOME).resolve(MARK);
    beforeEachChange.run();
    Files.deleteIfExists(mark);
    beforeEachChange.run();
    try (FileChannel file =
        FileChannel.open(mark, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(mark(sha256).getBytes(StandardCharsets.US_ASCII)));
      file.force(true);
    }
  }

  /** After a crash the machine must not have the old names and half of the files. */
  private void syncNames() throws IOException {
    try (FileChannel directory = FileChannel.open(place, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  private boolean exists(String name) {
    return Files.exists(place.resolve(name), LinkOption.NOFOLLOW_LINKS);
  }

  private void move(String from, String to) throws IOException {
    beforeEachChange.run();
    Files.move(place.resolve(from), place.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  private void remove(String name) throws IOException {
    if (exists(name)) {
      beforeEachChange.run();
      DirectoryTree.remove(place, name);
    }
  }
}
