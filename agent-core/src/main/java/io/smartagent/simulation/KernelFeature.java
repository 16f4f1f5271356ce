package io.smartagent.simulation;

/**
 * What a launch depends on, with the release of kernel.org that brought it. Only here versions are
 * compared: a kernel that is far away cannot be asked. A distribution may have brought it to an
 * older release, as Red Hat's do, so that all of this is an assumption.
 */
enum KernelFeature {
  /** bpf(2), "VERSIONS". */
  BPF(3, 18),
  /** capabilities(7), "Ambient". */
  AMBIENT_CAPABILITIES(4, 3),
  /** BPF_PROG_TYPE_RAW_TRACEPOINT, commit c4f6699dfcb8. */
  RAW_TRACEPOINTS(4, 17),
  /** open_tree(2), "HISTORY". */
  OPEN_TREE(5, 2),
  /** CAP_BPF and CAP_PERFMON take parts of CAP_SYS_ADMIN over: capabilities(7). */
  BPF_CAPABILITIES(5, 8),
  /** mount_setattr(2), "HISTORY". */
  MOUNT_SETATTR(5, 12),
  /** landlock(7), "VERSIONS"; that it is switched on at boot is an assumption more. */
  LANDLOCK(5, 13),
  /** The process connector no longer needs CAP_NET_ADMIN, commit bfdfdc2f3b79. */
  UNPRIVILEGED_PROCESS_EVENTS(6, 6);

  private final int major;
  private final int minor;

  KernelFeature(int major, int minor) {
    this.major = major;
    this.minor = minor;
  }

  /** Returns whether {@code release} has it. */
  boolean isIn(KernelRelease release) {
    return release.isAtLeast(major, minor);
  }

  /** Returns the number of the last capability that {@code release} knows: capabilities(7). */
  static int lastCapability(KernelRelease release) {
    if (release.isAtLeast(5, 9)) {
      return 40; // CAP_CHECKPOINT_RESTORE
    }
    if (release.isAtLeast(5, 8)) {
      return 39; // CAP_BPF
    }
    if (release.isAtLeast(3, 16)) {
      return 37; // CAP_AUDIT_READ
    }
    return release.isAtLeast(3, 5) ? 36 : 35; // CAP_BLOCK_SUSPEND, CAP_WAKE_ALARM
  }
}
