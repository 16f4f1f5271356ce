package io.smartagent.launch;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A runtime that is installed on the host, and whether it equals its image's: exactly those files,
 * each with its digest, and no other user can write to them. A file more is as bad as a file less:
 * the loader would prefer a libc in {@code lib/glibc-hwcaps} to the runtime's own.
 *
 * <p>To digest 100 MB takes most of a second, so it is done once. What each file's inode said then
 * is kept beside the runtime, and later starts compare only that. It is as good as the digests
 * against all but who can write to the disk itself or set the machine's clock: every change of a
 * file's content, name or permissions changes its ctime, which nothing else can set: inode(7).
 */
final class InstalledRuntime {

  private static final String VERIFIED = ".verified";
  private static final String ATTRIBUTES = "unix:mode,uid,ino,size,lastModifiedTime,ctime";
  private static final int TYPE = 0170000;
  private static final int REGULAR = 0100000;
  private static final int DIRECTORY = 0040000;
  private static final int WRITABLE_FOR_OTHERS = 022;

  private final HostTree place;
  private final String name;
  private final RuntimeDigests digests;
  private final int uid;

  /**
   * @param place that it is in
   * @param name of its directory there
   * @param digests of the image
   * @param uid who may own its files, beside root
   */
  InstalledRuntime(HostTree place, String name, RuntimeDigests digests, int uid) {
    this.place = place;
    this.name = name;
    this.digests = digests;
    this.uid = uid;
  }

  /** Something that is not as it should be. */
  private static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
      super(message);
    }
  }

  /**
   * Returns whether it can be executed; remembers that it has been. A process that removes outdated
   * runtimes locks them first, so none vanishes between the look and the remembrance.
   */
  boolean isWhole() throws ErrnoException, IOException {
    try (HostTree tree = place.open(name);
        Descriptor _ = tree.lock(RuntimeDigests.FILE_NAME, true)) {
      Map<String, String> inodes = new TreeMap<>();
      read(tree, "", inodes);
      byte[] stamp = stamp(inodes);
      boolean stamped = isStamped(stamp);
      if (!stamped) {
        verify(tree);
      }
      remember(stamp, stamped);
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
        return false;
      }
      throw e;
    } catch (DamagedException | NoSuchFileException e) {
      return false;
    }
  }

  /** A full disk accepts nothing new, but the installed runtime is complete all the same. */
  private void remember(byte[] stamp, boolean stamped) {
    try {
      if (stamped) {
        place.setTime(name + VERIFIED, FileTime.from(Instant.now()));
      } else {
        place.replace(name + VERIFIED, stamp);
      }
    } catch (ErrnoException | IOException notNow) {
      // The next start reads all of it again.
    }
  }

  /** Forgets what was remembered of a runtime. */
  static void forget(HostTree place, String name) throws ErrnoException, IOException {
    place.delete(name + VERIFIED);
  }

  /** Returns when a runtime was last started; the beginning of time where that is unknown. */
  static Instant lastStart(HostTree place, String name) throws IOException {
    try {
      return Files.getLastModifiedTime(place.path(name + VERIFIED), LinkOption.NOFOLLOW_LINKS)
          .toInstant();
    } catch (NoSuchFileException never) {
      return Instant.EPOCH;
    }
  }

  /**
   * What is no directory or file with the right owner and permissions does not belong to the image.
   */
  private void read(HostTree tree, String prefix, Map<String, String> inodes)
      throws ErrnoException, IOException {
    for (String entry : tree.list()) {
      Map<String, Object> inode =
          Files.readAttributes(tree.path(entry), ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
      int mode = number(inode, "mode");
      int owner = number(inode, "uid");
      if ((owner != 0 && owner != uid) || (mode & WRITABLE_FOR_OTHERS) != 0) {
        throw new DamagedException("others can write to " + prefix + entry);
      }
      switch (mode & TYPE) {
        case DIRECTORY -> {
          try (HostTree below = tree.open(entry)) {
            read(below, prefix + entry + "/", inodes);
          }
        }
        case REGULAR ->
            inodes.put(
                prefix + entry,
                Integer.toOctalString(mode)
                    + " "
                    + owner
                    + " "
                    + inode.get("ino")
                    + " "
                    + inode.get("size")
                    + " "
                    + inode.get("lastModifiedTime")
                    + " "
                    + inode.get("ctime"));
        default -> throw new DamagedException(prefix + entry + " is no file");
      }
    }
    if (prefix.isEmpty()) {
      requireExactly(inodes);
    }
  }

  private static int number(Map<String, Object> inode, String attribute) {
    return (Integer) Objects.requireNonNull(inode.get(attribute));
  }

  private void requireExactly(Map<String, String> inodes) throws DamagedException {
    boolean complete =
        inodes.containsKey(RuntimeDigests.FILE_NAME)
            && inodes.keySet().containsAll(digests.files().keySet());
    boolean digestsOwn = digests.files().containsKey(RuntimeDigests.FILE_NAME);
    if (!complete || inodes.size() != digests.files().size() + (digestsOwn ? 0 : 1)) {
      throw new DamagedException("its files are not those of the image");
    }
  }

  /** With the image's digests: the same inodes may have been another image's. */
  private byte[] stamp(Map<String, String> inodes) {
    StringBuilder text = new StringBuilder();
    text.append(RuntimeDigests.hex(RuntimeDigests.sha256().digest(digests.text()))).append('\n');
    for (Map.Entry<String, String> inode : inodes.entrySet()) {
      text.append(inode.getValue()).append(' ').append(inode.getKey()).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private boolean isStamped(byte[] stamp) throws IOException {
    try {
      Map<String, Object> inode =
          Files.readAttributes(
              place.path(name + VERIFIED), "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
      int mode = number(inode, "mode");
      int owner = number(inode, "uid");
      return (mode & TYPE) == REGULAR
          && (mode & WRITABLE_FOR_OTHERS) == 0
          && (owner == 0 || owner == uid)
          && Arrays.equals(place.read(name + VERIFIED), stamp);
    } catch (NoSuchFileException notYet) {
      return false;
    }
  }

  private void verify(HostTree tree) throws ErrnoException, IOException {
    if (!Arrays.equals(tree.read(RuntimeDigests.FILE_NAME), digests.text())) {
      throw new DamagedException("it is another image's");
    }
    for (Map.Entry<String, String> file : digests.files().entrySet()) {
      if (!digest(tree, file.getKey()).equals(file.getValue())) {
        throw new DamagedException("the digest of " + file.getKey() + " is wrong");
      }
    }
  }

  private static String digest(HostTree tree, String path) throws ErrnoException, IOException {
    int slash = path.indexOf('/');
    if (slash < 0) {
      return tree.digest(path);
    }
    try (HostTree below = tree.open(path.substring(0, slash))) {
      return digest(below, path.substring(slash + 1));
    }
  }
}
