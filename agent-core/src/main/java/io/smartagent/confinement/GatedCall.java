package io.smartagent.confinement;

/** The system calls of launch and probe that some default seccomp profile denies. */
public enum GatedCall {
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
