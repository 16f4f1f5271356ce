package io.smartagent.simulation;

/** System calls of the probe that the default seccomp profiles of container engines filter. */
enum FilteredCall {
  UNSHARE,
  MOUNT,
  OPEN_TREE,
  MOUNT_SETATTR,
  PIVOT_ROOT,
  CHROOT,
  SETNS,
  SYSLOG,
  BPF,
  PERF_EVENT_OPEN
}
