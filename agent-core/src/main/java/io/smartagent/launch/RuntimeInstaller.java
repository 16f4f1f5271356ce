package io.smartagent.launch;

import io.smartagent.config.ExitStatus;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Copies the image's runtime to the host: staged beside, digests checked, written to the disk,
 * renamed into place.
 *
 * <p>Each image's runtime has its own directory, named after its digests, which nothing changes
 * once it is complete. So an agent that runs is not disturbed by a newer image that starts beside
 * it, the previous image finds its own runtime again, and a start that is killed at any moment
 * leaves either a whole runtime or something that is never executed. Starts that install take
 * turns: they lock the directory that all this is in, and the kernel takes a lock away from a
 * process that dies. So the holder of the lock knows that what is half-done there is not in use.
 */
final class RuntimeInstaller {

  /** What files of the host are covered with. */
  static final String EMPTY_FILE = "/smartagent/empty";

  private static final String STAGED = ".staged";
  private static final String REMOVED = ".removed-";
  private static final int PRIVATE = 0700;
  private static final int OPEN = 0755;
  private static final int STICKY = 01000;
  private static final int WRITABLE_FOR_OTHERS = 022;
  private static final int WRITABLE_FOR_ALL = 002;

  /** Between a start and the agent's own lock on its runtime there is an execve. */
  private static final Duration JUST_STARTED = Duration.ofMinutes(10);

  private final Kernel kernel;
  private final Path source;
  private final String directory;
  private final String name;
  private final RuntimeDigests digests;
  private final int uid;

  private RuntimeInstaller(Kernel kernel, String source, String directory)
      throws ErrnoException, IOException {
    this.kernel = kernel;
    this.source = Path.of(source);
    this.directory = directory;
    name = directory.substring(directory.lastIndexOf('/') + 1);
    digests =
        RuntimeDigests.parse(Files.readAllBytes(this.source.resolve(RuntimeDigests.FILE_NAME)));
    uid = kernel.credentials().users().effective();
  }

  /**
   * Installs {@code source}, unless it is there already.
   *
   * @param root of the host
   * @param directory of the host that it becomes; the two above it are made where they are absent
   * @throws ErrnoException EROFS, EACCES, ENOSPC where it cannot be written, ENOTDIR where a link
   *     or a file is in the way, EIO where the image itself is damaged
   * @throws LaunchFailure where others could exchange what the agent executes
   */
  static void install(Kernel kernel, String source, String root, String directory)
      throws ErrnoException, LaunchFailure {
    try {
      RuntimeInstaller installer = new RuntimeInstaller(kernel, source, directory);
      try (HostTree place = installer.place(root)) {
        installer.install(place);
      }
    } catch (IOException e) {
      throw new ErrnoException("install(\"" + directory + "\"): " + e.getMessage(), errno(e));
    }
  }

  /** Opens the directory that runtimes are in, without following any link on the way. */
  private HostTree place(String root) throws ErrnoException, LaunchFailure {
    String[] levels = directory.substring(1, directory.lastIndexOf('/')).split("/", -1);
    int own = Math.max(1, levels.length - 2);
    String path = "";
    HostTree here = new HostTree(kernel, kernel.filesystem().openDirectory(root));
    for (int i = 0; i < levels.length; i++) {
      path = path + "/" + levels[i];
      try (HostTree above = here) {
        here = i < own ? above.open(levels[i]) : above.openOrMake(levels[i], OPEN);
      } catch (ErrnoException e) {
        if (e.errno() == Errno.ENOTDIR) {
          throw inTheWay(path);
        }
        throw e;
      }
      if (i >= own - 1) {
        requireSafe(here, path, i >= own);
      }
    }
    return here;
  }

  private static LaunchFailure inTheWay(String path) {
    return new LaunchFailure(
        ExitStatus.CONFIGURATION,
        "\""
            + path
            + "\" of the host is a symbolic link or a file, and the runtime is to be installed"
            + " below it: a link could lead anywhere. Remove it, or name another directory with"
            + " SMARTAGENT_INSTALL_PATH.");
  }

  /** Who can rename what is in a directory can have the agent execute another runtime. */
  private void requireSafe(HostTree tree, String path, boolean own)
      throws ErrnoException, LaunchFailure {
    FileStatus status;
    try {
      status = tree.status();
    } catch (ErrnoException e) {
      tree.close();
      throw e;
    }
    boolean ofAnother = status.uid() != 0 && status.uid() != uid;
    // Some hosts let root's own group write to /opt.
    int others = own || status.gid() != 0 ? WRITABLE_FOR_OTHERS : WRITABLE_FOR_ALL;
    boolean open =
        (status.permissions() & others) != 0 && (own || (status.permissions() & STICKY) == 0);
    if (ofAnother || open) {
      tree.close();
      throw new LaunchFailure(
          ExitStatus.NOT_PERMITTED,
          "Directory \""
              + path
              + "\" of the host "
              + (ofAnother
                  ? "belongs to uid " + Integer.toUnsignedString(status.uid())
                  : "can be written to by others than its owner (mode 0"
                      + Integer.toOctalString(status.permissions())
                      + ")")
              + ", who could exchange the runtime that the agent executes. Give it to root with"
              + " mode 0755 on the host, or name another directory with SMARTAGENT_INSTALL_PATH.");
    }
  }

  private void install(HostTree place) throws ErrnoException, IOException {
    InstalledRuntime installed = new InstalledRuntime(place, name, digests, uid);
    if (installed.isWhole()) {
      cleanUp(place);
      return;
    }
    try (Descriptor _ = place.lock(".", false)) {
      removeLeftovers(place);
      // The former holder of the lock may have installed it.
      if (!installed.isWhole()) {
        stage(place);
        publish(place);
        installed.isWhole();
        makeRoom(place);
      }
    }
  }

  /** The new runtime is complete: what cannot be removed now waits for the next installation. */
  private void makeRoom(HostTree place) {
    try {
      removeOutdated(place);
    } catch (ErrnoException | IOException stays) {
      // It only takes space.
    }
  }

  /** Nothing that is in the way of this start: what cannot be removed waits for the next one. */
  private static void cleanUp(HostTree place) {
    try {
      if (hasLeftovers(place)) {
        try (Descriptor lock = place.tryLock(".", false)) {
          if (lock != null) {
            removeLeftovers(place);
          }
        }
      }
    } catch (ErrnoException | IOException stays) {
      // It is no runtime, and is never executed.
    }
  }

  private static boolean isLeftover(String entry) {
    return entry.equals(STAGED) || entry.startsWith(REMOVED);
  }

  private static boolean hasLeftovers(HostTree place) throws ErrnoException {
    for (String entry : place.list()) {
      if (isLeftover(entry)) {
        return true;
      }
    }
    return false;
  }

  private static void removeLeftovers(HostTree place) throws ErrnoException, IOException {
    for (String entry : place.list()) {
      if (isLeftover(entry)) {
        place.delete(entry);
      }
    }
  }

  private void stage(HostTree place) throws ErrnoException, IOException {
    try {
      requireSpace(place);
      // No other user gets in before it is complete.
      try (HostTree staged = place.make(STAGED, PRIVATE)) {
        for (Map.Entry<String, String> file : digests.files().entrySet()) {
          copy(staged, file.getKey(), file.getKey(), file.getValue());
        }
        if (!digests.files().containsKey(RuntimeDigests.FILE_NAME)) {
          staged.copy(source.resolve(RuntimeDigests.FILE_NAME), RuntimeDigests.FILE_NAME);
        }
        staged.setPermissions("rwxr-xr-x");
        // Names may be on the disk before what they name is: a crash would leave files of the right
        // size with anything in them, and only their inodes are looked at from now on.
        staged.sync();
      }
    } catch (ErrnoException | IOException e) {
      place.delete(STAGED);
      throw e;
    }
  }

  /** Fails before it takes the last space from everybody else on the host. */
  private void requireSpace(HostTree place) throws ErrnoException, IOException {
    long needed = 0;
    for (String file : digests.files().keySet()) {
      needed += Files.size(source.resolve(file));
    }
    if (place.availableBytes() < needed) {
      throw new ErrnoException(
          "install(\"" + directory + "\", " + needed + " bytes)", Errno.ENOSPC);
    }
  }

  private void copy(HostTree tree, String rest, String path, String digest)
      throws ErrnoException, IOException {
    int slash = rest.indexOf('/');
    if (slash >= 0) {
      try (HostTree below = tree.openOrMake(rest.substring(0, slash), OPEN)) {
        copy(below, rest.substring(slash + 1), path, digest);
      }
    } else if (!tree.copy(source.resolve(path), rest).equals(digest)) {
      throw new IOException("the digest of " + path + " is wrong");
    }
  }

  /** What is in the way is damaged or not ours: nothing may execute it any longer. */
  private void publish(HostTree place) throws ErrnoException, IOException {
    InstalledRuntime.forget(place, name);
    if (place.list().contains(name)) {
      place.rename(name, REMOVED + name);
    }
    place.rename(STAGED, name);
    place.syncDirectory();
    place.delete(REMOVED + name);
  }

  /**
   * The runtime that was started last before this one is kept, and each that an agent still uses.
   */
  private void removeOutdated(HostTree place) throws ErrnoException, IOException {
    String previous = previous(place);
    for (String entry : place.list()) {
      if (RuntimeDigests.isId(entry) && !entry.equals(name) && !entry.equals(previous)) {
        removeUnused(place, entry);
      }
    }
  }

  private static void removeUnused(HostTree place, String entry)
      throws ErrnoException, IOException {
    try (HostTree runtime = place.open(entry);
        Descriptor lock = runtime.tryLock(RuntimeDigests.FILE_NAME, false)) {
      Instant limit = Instant.now().minus(JUST_STARTED);
      if (lock == null || !InstalledRuntime.lastStart(place, entry).isBefore(limit)) {
        return;
      }
      place.rename(entry, REMOVED + entry);
    }
    InstalledRuntime.forget(place, entry);
    place.delete(REMOVED + entry);
  }

  private String previous(HostTree place) throws ErrnoException, IOException {
    String previous = "";
    Instant started = Instant.MIN;
    for (String entry : place.list()) {
      if (RuntimeDigests.isId(entry) && !entry.equals(name)) {
        Instant last = InstalledRuntime.lastStart(place, entry);
        if (last.isAfter(started)) {
          previous = entry;
          started = last;
        }
      }
    }
    return previous;
  }

  private static Errno errno(IOException e) {
    String message = String.valueOf(e.getMessage());
    for (Errno errno : List.of(Errno.ENOSPC, Errno.EROFS, Errno.EDQUOT)) {
      if (message.contains(errno.text())) {
        return errno;
      }
    }
    return e instanceof AccessDeniedException ? Errno.EACCES : Errno.EIO;
  }
}
