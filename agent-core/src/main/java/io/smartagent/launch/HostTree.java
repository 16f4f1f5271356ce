package io.smartagent.launch;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open directory of the host and what is in it. It stays the same directory whatever becomes of
 * its path, and no link below it is ever followed: a name is looked up by the directory's own
 * descriptor, one component at a time.
 */
final class HostTree implements AutoCloseable {

  private static final int BUFFER = 1 << 16;

  /** A copy of the runtime takes seconds. */
  private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(1);

  /** flock(2) cannot wait with a timeout, so it is polled. */
  private static final Duration TURN = Duration.ofMillis(20);

  private final Kernel kernel;
  private final Descriptor directory;

  /**
   * @param directory that is closed with this
   */
  HostTree(Kernel kernel, Descriptor directory) {
    this.kernel = kernel;
    this.directory = directory;
  }

  /**
   * Opens a directory in this one.
   *
   * @throws ErrnoException ENOENT; ENOTDIR where it is a link or a file
   */
  HostTree open(String name) throws ErrnoException {
    Descriptor found = kernel.filesystem().locateLinkInRoot(directory, name);
    try {
      if (!kernel.filesystem().status(found).isDirectory()) {
        throw new ErrnoException("open(\"" + name + "\")", Errno.ENOTDIR);
      }
    } catch (ErrnoException e) {
      found.close();
      throw e;
    }
    return new HostTree(kernel, found);
  }

  FileStatus status() throws ErrnoException {
    return kernel.filesystem().status(directory);
  }

  /** Returns what a user without privilege may still write here, in bytes. */
  long availableBytes() throws ErrnoException {
    return kernel.filesystem().filesystemStatus(directory).availableBytes();
  }

  /**
   * Waits until no other process has a file or directory locked, up to a timeout: a user that may
   * read it may lock it. The lock ends with what is returned.
   *
   * @param name "." for this directory itself
   * @param shared whether others may have it locked as shared too
   * @throws ErrnoException EAGAIN where another process holds it for too long
   */
  Descriptor lock(String name, boolean shared) throws ErrnoException {
    long deadline = System.nanoTime() + LOCK_TIMEOUT.toNanos();
    while (true) {
      Descriptor locked = tryLock(name, shared);
      if (locked != null) {
        return locked;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new ErrnoException(
            "flock(\"" + name + "\") for " + LOCK_TIMEOUT.toSeconds() + " s", Errno.EAGAIN);
      }
      pause(name);
    }
  }

  private static void pause(String name) throws ErrnoException {
    try {
      Thread.sleep(TURN);
    } catch (InterruptedException e) {
      throw new ErrnoException("flock(\"" + name + "\")", Errno.EINTR);
    }
  }

  /** As {@link #lock}, but does not wait: returns null where another one has it. */
  @Nullable Descriptor tryLock(String name, boolean shared) throws ErrnoException {
    Descriptor readable = kernel.filesystem().openInRoot(directory, name);
    try {
      if (kernel.filesystem().tryLock(readable, shared)) {
        return readable;
      }
    } catch (ErrnoException e) {
      readable.close();
      throw e;
    }
    readable.close();
    return null;
  }

  List<String> list() throws ErrnoException {
    String[] names = kernel.filesystem().list(directory).toArray(String[]::new);
    Arrays.sort(names);
    return List.of(names);
  }

  /**
   * Returns a path of {@code name} that leads through the descriptor. Only its last component could
   * be a link: a caller passes NOFOLLOW_LINKS, or makes a call that follows none.
   */
  Path path(String name) {
    return Path.of("/proc/self/fd/" + directory.number() + "/" + name);
  }

  /** Makes a directory and opens it. */
  HostTree make(String name, int permissions) throws ErrnoException {
    kernel.filesystem().makeDirectory(directory, name, permissions);
    return open(name);
  }

  /** Opens a directory, which is made where it is absent. */
  HostTree openOrMake(String name, int permissions) throws ErrnoException {
    try {
      return open(name);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
    try {
      return make(name, permissions);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
      return open(name);
    }
  }

  void setPermissions(String permissions) throws IOException {
    Files.setPosixFilePermissions(
        Path.of("/proc/self/fd/" + directory.number()),
        PosixFilePermissions.fromString(permissions));
  }

  byte[] read(String name) throws IOException {
    try (InputStream in = Files.newInputStream(path(name), LinkOption.NOFOLLOW_LINKS)) {
      return in.readAllBytes();
    }
  }

  /** Returns the SHA-256 of a file, in hexadecimal. */
  String digest(String name) throws IOException {
    MessageDigest digest = RuntimeDigests.sha256();
    try (InputStream in = Files.newInputStream(path(name), LinkOption.NOFOLLOW_LINKS)) {
      byte[] buffer = new byte[BUFFER];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return RuntimeDigests.hex(digest.digest());
  }

  /**
   * Copies a file of the image into this directory, where there must be none of that name, with its
   * permissions and the time of its last change, which the JVM's caches are bound to.
   *
   * @return the SHA-256 of what was copied, in hexadecimal
   */
  String copy(Path source, String name) throws IOException {
    MessageDigest digest = RuntimeDigests.sha256();
    Path copy = path(name);
    try (InputStream in = Files.newInputStream(source);
        FileChannel out =
            FileChannel.open(
                copy,
                Set.of(
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS))) {
      byte[] buffer = new byte[BUFFER];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
    }
    Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(source));
    FileTime changed = Files.getLastModifiedTime(source);
    setTime(name, changed);
    return RuntimeDigests.hex(digest.digest());
  }

  /** Sets when a file was changed last. */
  void setTime(String name, FileTime time) throws IOException {
    Files.getFileAttributeView(path(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(time, null, null);
  }

  /** Writes a file anew: a reader sees the old or the new one. */
  void replace(String name, byte[] content) throws ErrnoException {
    kernel.filesystem().replace(directory, name, content, 0644);
  }

  void rename(String from, String to) throws IOException {
    Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Has everything below written to the disk. */
  void sync() throws ErrnoException, IOException {
    for (String name : list()) {
      if (isDirectory(name)) {
        try (HostTree below = open(name)) {
          below.sync();
        }
      } else {
        syncFile(path(name));
      }
    }
    syncDirectory();
  }

  void syncDirectory() throws IOException {
    syncFile(path("."));
  }

  private static void syncFile(Path path) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      file.force(true);
    }
  }

  private boolean isDirectory(String name) {
    return Files.isDirectory(path(name), LinkOption.NOFOLLOW_LINKS);
  }

  /** Removes what is called {@code name}, with all that is below it, if there is anything. */
  void delete(String name) throws ErrnoException, IOException {
    if (isDirectory(name)) {
      try (HostTree below = open(name)) {
        for (String entry : below.list()) {
          below.delete(entry);
        }
      }
    }
    Files.deleteIfExists(path(name));
  }

  @Override
  public void close() {
    directory.close();
  }
}
