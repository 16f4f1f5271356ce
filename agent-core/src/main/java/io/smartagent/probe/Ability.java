package io.smartagent.probe;

import static io.smartagent.kernel.capability.Capability.CAP_BPF;
import static io.smartagent.kernel.capability.Capability.CAP_NET_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_PERFMON;
import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_CHROOT;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;

/** Something that a container may or may not do. The probe finds out by trying it. */
public enum Ability {
  UNSHARE_MOUNTS(
      "unshare-mounts",
      "a new mount namespace: unshare(CLONE_NEWNS)",
      Access.SYSTEM_CALL,
      "",
      CAP_SYS_ADMIN),
  MOUNT("mount", "mount a tmpfs and remount it: mount(2)", Access.MOUNT, "", CAP_SYS_ADMIN),
  OPEN_TREE(
      "open-tree",
      "copy mount trees: open_tree(2), move_mount(2)",
      Access.SYSTEM_CALL,
      "",
      CAP_SYS_ADMIN),
  MOUNT_SETATTR(
      "mount-setattr",
      "change mounts recursively: mount_setattr(2)",
      Access.SYSTEM_CALL,
      "",
      CAP_SYS_ADMIN),
  PIVOT_ROOT(
      "pivot-root",
      "exchange the root of a mount namespace: pivot_root(2)",
      Access.SYSTEM_CALL,
      "",
      CAP_SYS_ADMIN),
  CHROOT("chroot", "change a process's root: chroot(2)", Access.SYSTEM_CALL, "", CAP_SYS_CHROOT),
  SETNS(
      "setns", "enter another network namespace: setns(2)", Access.SYSTEM_CALL, "", CAP_SYS_ADMIN),
  PTRACE_READ(
      "ptrace-read",
      "read links of other users' processes: /proc/PID/exe",
      Access.FILE,
      "",
      CAP_SYS_PTRACE),
  SYSLOG(
      "syslog",
      "read the kernel log without its device: syslog(2)",
      Access.SYSTEM_CALL,
      "kernel/dmesg_restrict",
      CAP_SYSLOG),
  KMSG(
      "kmsg",
      "read the kernel log's device: /dev/kmsg",
      Access.DEVICE,
      "kernel/dmesg_restrict",
      CAP_SYSLOG),
  BPF_TRACING(
      "bpf-tracing",
      "load a tracing program: bpf(2)",
      Access.TRACING,
      "kernel/unprivileged_bpf_disabled",
      CAP_BPF,
      CAP_PERFMON),
  PERF_EVENTS(
      "perf-events",
      "sample all processes: perf_event_open(2)",
      Access.SAMPLING,
      "kernel/perf_event_paranoid",
      CAP_PERFMON),
  PROCESS_EVENTS(
      "process-events",
      "receive events of processes that start and exit: proc connector, netlink(7)",
      Access.SYSTEM_CALL,
      "",
      CAP_NET_ADMIN),
  LANDLOCK("landlock", "give up writing to files: landlock(7)", Access.SYSTEM_CALL, ""),
  SERVICE_ACCOUNT(
      "service-account",
      "ask Kubernetes' API: the token of the pod's ServiceAccount",
      Access.FILE,
      "");

  /** How the kernel is asked, which decides what can block it. */
  enum Access {
    SYSTEM_CALL,
    /** A system call whose EACCES can be a seccomp filter's even where an LSM confines it. */
    MOUNT,
    /** A seccomp filter does not know one file from another. */
    FILE,
    /** A file that the device cgroup guards too. */
    DEVICE,
    /** A system call that kernel_lockdown(7) restricts, and for which CAP_SYS_ADMIN suffices. */
    TRACING,
    /** The same, and it answers EACCES where its sysctl denies it: perf_event_open(2). */
    SAMPLING
  }

  private final String id;
  private final String meaning;
  private final Access access;
  private final String sysctl;
  private final long capabilities;

  Ability(String id, String meaning, Access access, String sysctl, Capability... capabilities) {
    this.id = id;
    this.meaning = meaning;
    this.access = access;
    this.sysctl = sysctl;
    this.capabilities = CapabilitySet.of(capabilities).bits();
  }

  /** Returns the name in {@code probe}'s output. */
  public String id() {
    return id;
  }

  /** Returns what it is, and the system call or file that it depends on. */
  public String meaning() {
    return meaning;
  }

  Access access() {
    return access;
  }

  /** Returns the sysctl that restricts it, with slashes; empty where none does. */
  String sysctl() {
    return sysctl;
  }

  boolean isLockable() {
    return access == Access.TRACING || access == Access.SAMPLING;
  }

  /**
   * Returns the capabilities that it needs. CAP_BPF and CAP_PERFMON exist since Linux 5.8, and
   * CAP_SYS_ADMIN suffices as before.
   *
   * @param effective the thread's
   */
  CapabilitySet needed(CapabilitySet effective) {
    return isLockable() && effective.contains(CAP_SYS_ADMIN)
        ? CapabilitySet.of(CAP_SYS_ADMIN)
        : new CapabilitySet(capabilities);
  }
}
