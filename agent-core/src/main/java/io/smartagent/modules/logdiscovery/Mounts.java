package io.smartagent.modules.logdiscovery;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.limit.BoundedMap;
import io.smartagent.modules.logdiscovery.CarefulFiles.Lane;
import io.smartagent.modules.process.ProcessFiles;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the mounts of processes, which asks no file system that is mounted. */
final class Mounts {

  /** The host's own table, of a node with ten thousand mounts. */
  private static final int LIMIT_OF_HOST = 2 << 20;

  /** Anybody may have a mount namespace of their own, and fill it. */
  private static final int LIMIT_OF_OTHERS = 1 << 18;

  private static final int MOST_KNOWN = 4096;

  private static final int HOST_INIT = 1;

  private static final int NOBODY = 0;

  /** The kernel answers for these, from memory or from a disk of the machine. */
  private static final Set<String> LOCAL =
      Set.of(
          "ext2",
          "ext3",
          "ext4",
          "xfs",
          "btrfs",
          "bcachefs",
          "f2fs",
          "zfs",
          "jfs",
          "reiserfs",
          "tmpfs",
          "ramfs",
          "overlay",
          "aufs",
          "vfat",
          "exfat",
          "ntfs3",
          "erofs",
          "squashfs",
          "iso9660",
          "devtmpfs",
          "rootfs");

  private final Filesystem files;
  private final ProcessFiles processes;
  private @Nullable MountIndex host;
  private boolean hostIsRead;
  private @Nullable MountIndex last;
  private int lastPid = NOBODY;

  private final Map<Integer, Lane> lanes = BoundedMap.ofRecentlyUsed(MOST_KNOWN);

  Mounts(Filesystem files, ProcessFiles processes) {
    this.files = files;
    this.processes = processes;
  }

  /** Forgets what may have changed. */
  void beginPass() {
    host = null;
    hostIsRead = false;
    last = null;
    lastPid = NOBODY;
  }

  /** Returns the host's mounts; null where they cannot be read, or are too many. */
  @Nullable MountIndex ofHost() {
    if (!hostIsRead) {
      host = read(HOST_INIT, LIMIT_OF_HOST);
      hostIsRead = true;
    }
    return host;
  }

  /** Returns the mounts of a process; null where they cannot be read, or are too many. */
  @Nullable MountIndex of(int pid) {
    if (pid == HOST_INIT) {
      return ofHost();
    }
    if (lastPid != pid) {
      last = read(pid, LIMIT_OF_OTHERS);
      lastPid = pid;
    }
    return last;
  }

  private @Nullable MountIndex read(int pid, int limit) {
    try {
      byte[] text = files.readAll(processes.path(pid, "mountinfo"), limit);
      return MountIndex.parse(new String(text, StandardCharsets.UTF_8));
    } catch (ErrnoException | IllegalArgumentException endedOrStrange) {
      return null;
    }
  }

  /** Returns who waits for the files of a mount that a process has one open on. */
  Lane lane(int pid, int mount) {
    Lane known = lanes.get(mount);
    if (known != null || mount == Sighting.UNKNOWN_MOUNT) {
      return known == null ? Lane.REMOTE : known;
    }
    MountPoint found = find(of(pid), mount);
    if (found == null) {
      found = find(ofHost(), mount);
    }
    Lane lane = found != null && LOCAL.contains(found.type()) ? Lane.LOCAL : Lane.REMOTE;
    lanes.put(mount, lane);
    return lane;
  }

  private static @Nullable MountPoint find(@Nullable MountIndex mounts, int id) {
    return mounts == null ? null : mounts.mount(id);
  }
}
