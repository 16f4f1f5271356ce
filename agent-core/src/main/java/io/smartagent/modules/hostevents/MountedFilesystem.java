package io.smartagent.modules.hostevents;

import java.util.List;

/**
 * A file system on a block device of the host, as its init sees it.
 *
 * @param number of the device as mountinfo has it, {@code major:minor}; Btrfs has one of its own
 * @param device the block device's name as the kernel's log has it, such as {@code sda1}
 * @param type such as {@code ext4}
 * @param readOnly whether the file system itself is, for all its mounts
 * @param emergency whether ext4 has made it so after an error, while its option still says {@code
 *     rw}: {@code emergency_ro}, Linux 6.12
 * @param stopped whether it refuses everything: {@code shutdown}, ext4 of Linux 6.12
 * @param readOnlyMounts how many of its mounts are read-only by themselves
 * @param mountPoints where the host has it, {@link #MOUNT_POINTS} at most
 * @param mountPointsTruncated how many there are beyond these
 */
record MountedFilesystem(
    String number,
    String device,
    String type,
    boolean readOnly,
    boolean emergency,
    boolean stopped,
    int readOnlyMounts,
    List<String> mountPoints,
    int mountPointsTruncated) {

  /** A disk of a node is mounted into each container, in parts. */
  static final int MOUNT_POINTS = 16;

  /** Copies the list. */
  MountedFilesystem {
    mountPoints = List.copyOf(mountPoints);
  }
}
