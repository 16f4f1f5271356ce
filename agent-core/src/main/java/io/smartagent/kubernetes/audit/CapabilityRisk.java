package io.smartagent.kubernetes.audit;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;

/**
 * What a capability is good for beyond its container: capabilities(7) and the sources named. One
 * that is listed twice is worse under a condition of the pod.
 */
enum CapabilityRisk {
  SYS_ADMIN(
      Capability.CAP_SYS_ADMIN,
      Level.EQUIVALENT,
      Condition.ALWAYS,
      "It mounts: cgroup v1's release_agent runs a program as root of the host (CVE-2022-0492)."),
  SYS_MODULE(
      Capability.CAP_SYS_MODULE,
      Level.EQUIVALENT,
      Condition.ALWAYS,
      "It loads modules into the host's kernel."),
  SYS_RAWIO(
      Capability.CAP_SYS_RAWIO,
      Level.EQUIVALENT,
      Condition.ALWAYS,
      "It reaches I/O ports (iopl) and, where their devices are, physical memory and disks."),
  SYS_BOOT(
      Capability.CAP_SYS_BOOT,
      Level.EQUIVALENT,
      Condition.ALWAYS,
      "It replaces the running kernel (kexec_load), where seccomp and lockdown allow it."),
  DAC_READ_SEARCH(
      Capability.CAP_DAC_READ_SEARCH,
      Level.EQUIVALENT,
      Condition.ALWAYS,
      "It opens any file of a mounted file system by handle (open_by_handle_at), the host's"
          + " /etc/shadow among them."),
  SYS_PTRACE_OF_HOST(
      Capability.CAP_SYS_PTRACE,
      Level.EQUIVALENT,
      Condition.HOST_PID,
      "With hostPID it puts code into root's processes on the host."),
  SYS_PTRACE(
      Capability.CAP_SYS_PTRACE,
      Level.WEAKENED,
      Condition.ALWAYS,
      "It reads the memory of every process that it sees: all of the pod with"
          + " shareProcessNamespace."),
  BPF(
      Capability.CAP_BPF,
      Level.WEAKENED,
      Condition.ALWAYS,
      "It loads BPF programs and reads the BPF maps of others; with PERFMON also kernel memory."),
  PERFMON(
      Capability.CAP_PERFMON,
      Level.WEAKENED,
      Condition.ALWAYS,
      "It observes every process of the node; with BPF it reads kernel memory."),
  NET_ADMIN_OF_HOST(
      Capability.CAP_NET_ADMIN,
      Level.WEAKENED,
      Condition.HOST_NETWORK,
      "With hostNetwork it changes addresses, routes and firewall of the node."),
  NET_RAW_OF_HOST(
      Capability.CAP_NET_RAW,
      Level.WEAKENED,
      Condition.HOST_NETWORK,
      "With hostNetwork it listens to all traffic of the node."),
  SYSLOG(
      Capability.CAP_SYSLOG,
      Level.WEAKENED,
      Condition.ALWAYS,
      "It reads the kernel's log and its addresses."),
  SYS_TIME(Capability.CAP_SYS_TIME, Level.WEAKENED, Condition.ALWAYS, "It sets the node's clock."),
  MAC_ADMIN(
      Capability.CAP_MAC_ADMIN,
      Level.WEAKENED,
      Condition.ALWAYS,
      "It changes the node's AppArmor or Smack policy."),
  MAC_OVERRIDE(
      Capability.CAP_MAC_OVERRIDE,
      Level.WEAKENED,
      Condition.ALWAYS,
      "It passes by the node's Smack policy."),
  AUDIT_CONTROL(
      Capability.CAP_AUDIT_CONTROL,
      Level.WEAKENED,
      Condition.ALWAYS,
      "It switches the node's audit off."),
  CHECKPOINT_RESTORE(
      Capability.CAP_CHECKPOINT_RESTORE,
      Level.WEAKENED,
      Condition.ALWAYS,
      "It reads the memory maps of other processes and chooses the ids of new ones."),
  LINUX_IMMUTABLE(
      Capability.CAP_LINUX_IMMUTABLE,
      Level.WEAKENED,
      Condition.ALWAYS,
      "On file systems of the host it makes files that root cannot delete.");

  /** What of the pod makes it so. */
  enum Condition {
    ALWAYS,
    HOST_PID,
    HOST_NETWORK
  }

  private final Capability capability;
  private final Level level;
  private final Condition condition;
  private final String reason;

  CapabilityRisk(Capability capability, Level level, Condition condition, String reason) {
    this.capability = capability;
    this.level = level;
    this.condition = condition;
    this.reason = reason;
  }

  /** Returns the capability. */
  Capability capability() {
    return capability;
  }

  /** Returns how bad it is. */
  Level level() {
    return level;
  }

  /** Returns why, as a sentence. */
  String reason() {
    return reason;
  }

  /** Returns whether a container with these capabilities has this risk in {@code pod}. */
  boolean appliesTo(CapabilitySet added, Pod pod) {
    boolean inThisPod =
        switch (condition) {
          case ALWAYS -> this != SYS_PTRACE || !pod.hostPid();
          case HOST_PID -> pod.hostPid();
          case HOST_NETWORK -> pod.hostNetwork();
        };
    return added.contains(capability) && inThisPod;
  }
}
