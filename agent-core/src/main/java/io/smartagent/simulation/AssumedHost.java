package io.smartagent.simulation;

import io.smartagent.host.HostRoot;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountTable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A host's root as one would expect it: with the directories of hier(7) and those that are mounted,
 * open to everybody and root's; every program that is looked for is there. Only what the mounts
 * show of it can be seen.
 *
 * @param mounts of the container
 * @param passwd the host's accounts, as in passwd(5)
 * @param group the host's groups, as in group(5)
 * @param directories of the host that are there too, with all above them
 */
record AssumedHost(MountTable mounts, String passwd, String group, Set<String> directories) {

  private static final Set<String> USUAL =
      Set.of(
          "/bin",
          "/boot",
          "/dev",
          "/etc",
          "/home",
          "/lib",
          "/lib64",
          "/media",
          "/mnt",
          "/opt",
          "/proc",
          "/root",
          "/run",
          "/sbin",
          "/srv",
          "/sys",
          "/tmp",
          "/usr",
          "/usr/bin",
          "/usr/lib",
          "/usr/local",
          "/usr/sbin",
          "/usr/share",
          "/var",
          "/var/lib",
          "/var/log");

  private static final Set<String> WITH_PROGRAMS = Set.of("/bin", "/sbin", "/usr/bin", "/usr/sbin");

  AssumedHost {
    directories = Set.copyOf(directories);
  }

  /** Returns this host with other mounts and accounts. */
  AssumedHost with(MountTable otherMounts, String otherPasswd, String otherGroup) {
    return new AssumedHost(otherMounts, otherPasswd, otherGroup, directories);
  }

  /** Returns what is at a path of the container at or below the host's root; empty for nothing. */
  Optional<FileType> type(String path) {
    boolean isMounted = mounts.containing(path).map(this::isHosts).orElse(false);
    if (isAboveMount(path) || mounts.at(path).isPresent()) {
      return Optional.of(FileType.DIRECTORY);
    }
    return isMounted ? typeOnHost(path.substring(HostRoot.MOUNT_POINT.length())) : Optional.empty();
  }

  /** Returns the names in a directory of the container at or below the host's root, sorted. */
  List<String> list(String path) {
    Set<String> candidates = new TreeSet<>();
    for (Set<String> some : List.of(USUAL, directories)) {
      some.forEach(directory -> candidates.add(HostRoot.MOUNT_POINT + directory));
    }
    hostMounts().forEach(mount -> candidates.add(mount.path()));
    Set<String> names = new TreeSet<>();
    for (String candidate : candidates) {
      if (candidate.startsWith(path + "/")) {
        String name = candidate.substring(path.length() + 1).split("/", -1)[0];
        if (type(path + "/" + name).isPresent()) {
          names.add(name);
        }
      }
    }
    return List.copyOf(names);
  }

  /** Returns the mount that a path of the container lies on. */
  Optional<MountPoint> mountOf(String path) {
    return mounts.containing(path);
  }

  private Optional<FileType> typeOnHost(String path) {
    if (USUAL.contains(path) || isAtOrAbove(path, directories)) {
      return Optional.of(FileType.DIRECTORY);
    }
    String parent = path.substring(0, Math.max(0, path.lastIndexOf('/')));
    boolean file =
        WITH_PROGRAMS.contains(parent) || path.equals("/etc/passwd") || path.equals("/etc/group");
    if (path.equals("/dev/kmsg")) {
      return devices() ? Optional.of(FileType.CHARACTER_DEVICE) : Optional.empty();
    }
    return file ? Optional.of(FileType.REGULAR) : Optional.empty();
  }

  /** The host's /dev is a separate mount: without submounts a root's is empty. */
  private boolean devices() {
    return mounts.at(HostRoot.MOUNT_POINT + "/dev").isPresent();
  }

  private boolean isHosts(MountPoint mount) {
    return MountTable.isAtOrBelow(mount.path(), HostRoot.MOUNT_POINT);
  }

  private List<MountPoint> hostMounts() {
    return mounts.visibleBelow(HostRoot.MOUNT_POINT);
  }

  private boolean isAboveMount(String path) {
    return hostMounts().stream().anyMatch(mount -> MountTable.isAtOrBelow(mount.path(), path));
  }

  private static boolean isAtOrAbove(String path, Set<String> others) {
    return others.stream().anyMatch(other -> MountTable.isAtOrBelow(other, path));
  }
}
