package io.smartagent.probe;

/** Something that a container may or may not do, learnt by trying it. */
public enum Ability {
  UNSHARE_MOUNTS("unshare-mounts", "a mount namespace of its own: unshare(CLONE_NEWNS)"),
  MOUNT("mount", "mount a tmpfs and remount it: mount(2)"),
  OPEN_TREE("open-tree", "copy mount trees: open_tree(2), move_mount(2)"),
  MOUNT_SETATTR("mount-setattr", "change mounts recursively: mount_setattr(2)"),
  PIVOT_ROOT("pivot-root", "exchange the root of a mount namespace: pivot_root(2)"),
  CHROOT("chroot", "change a process's root: chroot(2)"),
  SETNS("setns", "enter another network namespace: setns(2)"),
  PTRACE_READ("ptrace-read", "read links of other users' processes: /proc/PID/exe"),
  SYSLOG("syslog", "read the kernel log without its device: syslog(2)"),
  KMSG("kmsg", "read the kernel log's device: /dev/kmsg"),
  BPF_TRACING("bpf-tracing", "load a tracing program: bpf(2)"),
  PERF_EVENTS("perf-events", "sample all processes: perf_event_open(2)"),
  PROCESS_EVENTS(
      "process-events", "be told of processes that start and end: proc connector, netlink(7)"),
  LANDLOCK("landlock", "give up writing to files: landlock(7)"),
  SERVICE_ACCOUNT("service-account", "ask Kubernetes' API: the token of the pod's ServiceAccount");

  private final String id;
  private final String meaning;

  Ability(String id, String meaning) {
    this.id = id;
    this.meaning = meaning;
  }

  /** Returns the name in {@code probe}'s output. */
  public String id() {
    return id;
  }

  /** Returns what it is, and the system call or file that stands for it. */
  public String meaning() {
    return meaning;
  }
}
