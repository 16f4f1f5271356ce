package io.smartagent.host;

import io.smartagent.host.MinimalFacts.Place;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@link MinimalFacts}, but for the commands. */
public final class MinimalReader {

  /** Of the kernel's SELinux: 1 where it enforces, 0 where it is permissive. */
  private static final String ENFORCE = "/sys/fs/selinux/enforce";

  private static final int ENFORCE_LIMIT = 64;
  private static final String USR = "/usr/";

  private final Filesystem files;
  private final MountTable table;
  private final String mountPoint;

  /** Returns a reader. */
  public MinimalReader(HostFiles host) {
    this.files = host.files();
    this.table = host.mounts();
    this.mountPoint = host.mountPoint();
  }

  /**
   * Returns what is there.
   *
   * @param paths of the host to look for
   * @throws ErrnoException where the host's root cannot be opened
   */
  public MinimalFacts read(List<String> paths) throws ErrnoException {
    try (Descriptor root = files.openDirectory(mountPoint)) {
      return new MinimalFacts(
          places(root, paths), places(root, topMounts()), enforcing(root), List.of());
    }
  }

  private List<Place> places(Descriptor root, List<String> paths) {
    List<Place> found = new ArrayList<>();
    for (String path : paths) {
      try (Descriptor place = files.locateInRoot(root, path)) {
        FileType type = files.status(place).type();
        if (type == FileType.DIRECTORY || type == FileType.REGULAR) {
          found.add(new Place(path, type == FileType.DIRECTORY, itself(root, path)));
        }
      } catch (ErrnoException absent) {
        // Then it cannot be shown.
      }
    }
    return found;
  }

  /**
   * A runtime that mounts /bin follows its link: what is mounted is /usr/bin, and the mount table
   * says so.
   */
  private String itself(Descriptor root, String path) throws ErrnoException {
    try (Descriptor place = files.locateLinkInRoot(root, path)) {
      if (files.status(place).type() == FileType.SYMBOLIC_LINK) {
        String target = files.readLink(place);
        return target.startsWith("/")
            ? target
            : path.substring(0, path.lastIndexOf('/') + 1) + target;
      }
    }
    String mounted = table.at(mountPoint + path).map(MountPoint::root).orElse("");
    int usr = mounted.lastIndexOf(USR);
    boolean directlyInUsr = usr >= 0 && mounted.indexOf('/', usr + USR.length()) < 0;
    return directlyInUsr ? mounted.substring(usr) : path;
  }

  private List<String> topMounts() {
    if (table.at(mountPoint).isPresent()) {
      return List.of();
    }
    List<String> below = new ArrayList<>();
    for (MountPoint mount : table.visibleBelow(mountPoint)) {
      below.add(mount.path());
    }
    List<String> top = new ArrayList<>();
    for (String path : below) {
      if (below.stream().noneMatch(other -> isBelow(path, other))) {
        top.add(path.substring(mountPoint.length()));
      }
    }
    return top;
  }

  private static boolean isBelow(String path, String other) {
    return !path.equals(other) && MountTable.isAtOrBelow(path, other);
  }

  private Optional<String> enforcing(Descriptor root) {
    try (Descriptor file = files.openInRoot(root, ENFORCE)) {
      if (saysYes(files.readStart(file, ENFORCE_LIMIT))) {
        return Optional.of(mountPoint + ENFORCE);
      }
    } catch (ErrnoException notOnTheHost) {
      // The container's own sysfs may still have it.
    }
    try {
      return saysYes(files.readAll(ENFORCE, ENFORCE_LIMIT))
          ? Optional.of(ENFORCE)
          : Optional.empty();
    } catch (ErrnoException noSelinux) {
      return Optional.empty();
    }
  }

  private static boolean saysYes(byte[] content) {
    return new String(content, StandardCharsets.US_ASCII).strip().equals("1");
  }
}
