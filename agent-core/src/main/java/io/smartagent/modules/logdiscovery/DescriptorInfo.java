package io.smartagent.modules.logdiscovery;

import org.jspecify.annotations.Nullable;

/**
 * What /proc/PID/fdinfo/N says: proc_pid_fdinfo(5).
 *
 * @param flags of open(2), with the access mode
 * @param mount the id of the mount that it was opened on, Linux 3.15; {@link
 *     Sighting#UNKNOWN_MOUNT} before
 */
record DescriptorInfo(int flags, int mount) {

  // include/uapi/asm-generic/fcntl.h; x86-64 and arm64 have these numbers.
  private static final int O_ACCMODE = 3;
  private static final int O_WRONLY = 1;
  private static final int O_RDWR = 2;
  private static final int O_APPEND = 02000;
  private static final int O_PATH = 010000000;

  private static final int OCTAL = 8;

  /** Returns what the file says; null where the text is none of it. */
  static @Nullable DescriptorInfo parse(String text) {
    Integer flags = null;
    int mount = Sighting.UNKNOWN_MOUNT;
    for (String line : text.split("\n", -1)) {
      int colon = line.indexOf(':');
      String value = line.substring(colon + 1).strip();
      try {
        if (line.startsWith("flags:")) {
          flags = Integer.parseUnsignedInt(value, OCTAL);
        } else if (line.startsWith("mnt_id:")) {
          mount = Integer.parseInt(value);
        }
      } catch (NumberFormatException noNumber) {
        return null;
      }
    }
    return flags == null ? null : new DescriptorInfo(flags, mount);
  }

  /** Returns whether the process may write. */
  boolean writes() {
    int access = flags & O_ACCMODE;
    return (flags & O_PATH) == 0 && (access == O_WRONLY || access == O_RDWR);
  }

  /** Returns whether every write goes to the end. */
  boolean appends() {
    return (flags & O_APPEND) != 0;
  }
}
