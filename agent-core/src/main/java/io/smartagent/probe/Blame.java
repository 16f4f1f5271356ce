package io.smartagent.probe;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.kernel.security.SeccompMode;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Tells from a failed call and the state of the thread what stood between. The kernel checks
 * seccomp before the call, the call's own capability before an LSM, and an LSM answers EACCES where
 * a missing capability is EPERM.
 *
 * @param capabilities of the thread
 * @param seccomp whether its calls are filtered
 * @param lsmLabel of the thread
 * @param lockdown the kernel's mode, where it can be read
 * @param sysctl reads a sysctl's number
 * @param filterAnswersMount whether a seccomp filter is what answers mount(2) with an error
 */
record Blame(
    ThreadCapabilities capabilities,
    SeccompMode seccomp,
    Optional<String> lsmLabel,
    Optional<String> lockdown,
    Function<String, Optional<Long>> sysctl,
    Predicate<Errno> filterAnswersMount) {

  /**
   * Returns the fact that an ability is blocked.
   *
   * @param needed the capabilities that the call needs
   */
  AbilityFact forFailure(Ability ability, ErrnoException e, CapabilitySet needed) {
    CapabilitySet missing = needed.minus(capabilities.effective());
    if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENXIO) {
      return AbilityFact.blocked(
          ability, Blocker.MOUNT, e.getMessage() + ": not mounted into this container.");
    }
    if (e.errno() == Errno.ENOSYS) {
      return seccomp == SeccompMode.FILTER
          ? AbilityFact.blocked(
              ability,
              Blocker.SECCOMP,
              e.getMessage() + ": hidden by the seccomp filter, or older than this call.")
          : AbilityFact.blocked(ability, Blocker.KERNEL, e.getMessage() + ": the kernel has none.");
    }
    if (!missing.isEmpty() && (e.errno() == Errno.EPERM || e.errno() == Errno.EACCES)) {
      return missingCapability(ability, e, missing);
    }
    return switch (e.errno()) {
      case EPERM -> forbidden(ability, e);
      case EACCES -> denied(ability, e);
      case ECONNREFUSED ->
          AbilityFact.blocked(
              ability,
              Blocker.KERNEL,
              e.getMessage() + ": only in the host's network namespace. Set hostNetwork: true.");
      case ENODATA ->
          AbilityFact.blocked(
              ability,
              Blocker.KERNEL,
              e.getMessage() + ": only in the host's pid and user namespaces. Set hostPID: true.");
      case EOPNOTSUPP ->
          AbilityFact.blocked(
              ability,
              Blocker.KERNEL,
              e.getMessage() + ": built into the kernel, but not enabled at boot (lsm=).");
      default ->
          AbilityFact.blocked(ability, Blocker.KERNEL, e.getMessage() + ": refused by the kernel.");
    };
  }

  private AbilityFact missingCapability(Ability ability, ErrnoException e, CapabilitySet missing) {
    boolean bounded = !capabilities.bounding().containsAll(missing);
    String what = String.join(", ", missing.names());
    String detail =
        bounded
            ? e.getMessage() + ": the container was not given " + what + "."
            : e.getMessage()
                + ": "
                + what
                + " is in the bounding set but not effective; the container's user is not root.";
    return AbilityFact.blocked(
        ability, bounded ? Blocker.BOUNDING : Blocker.CAPABILITY, detail + relevantSysctl(ability));
  }

  private String relevantSysctl(Ability ability) {
    return switch (ability) {
      case SYSLOG, KMSG -> shown("kernel/dmesg_restrict");
      case PERF_EVENTS -> shown("kernel/perf_event_paranoid");
      case BPF_TRACING -> shown("kernel/unprivileged_bpf_disabled");
      case UNSHARE_MOUNTS,
          MOUNT,
          OPEN_TREE,
          MOUNT_SETATTR,
          PIVOT_ROOT,
          CHROOT,
          SETNS,
          PTRACE_READ,
          PROCESS_EVENTS,
          LANDLOCK,
          SERVICE_ACCOUNT ->
          "";
    };
  }

  private String shown(String name) {
    return sysctl
        .apply(name)
        .map(value -> " " + name.replace('/', '.') + " is " + value + ".")
        .orElse("");
  }

  private AbilityFact forbidden(Ability ability, ErrnoException e) {
    if (ability == Ability.KMSG) {
      return AbilityFact.blocked(
          ability,
          Blocker.DEVICE_CGROUP,
          e.getMessage() + ": the container's device cgroup denies the device.");
    }
    if (seccomp == SeccompMode.FILTER) {
      return AbilityFact.blocked(
          ability, Blocker.SECCOMP, e.getMessage() + ": the seccomp filter denies it.");
    }
    if (isLockable(ability) && lockdown.filter(mode -> !mode.equals("none")).isPresent()) {
      return AbilityFact.blocked(
          ability,
          Blocker.LOCKDOWN,
          e.getMessage() + ": the kernel is locked down (" + lockdown.get() + ").");
    }
    return AbilityFact.blocked(
        ability,
        lsmLabel.isPresent() ? Blocker.LSM : Blocker.KERNEL,
        e.getMessage()
            + lsmLabel
                .map(label -> ": denied by the LSM that labels this process \"" + label + "\".")
                .orElse(": refused by the kernel."));
  }

  /** What kernel_lockdown(7) restricts; it has nothing to say about mounts and namespaces. */
  private static boolean isLockable(Ability ability) {
    return switch (ability) {
      case BPF_TRACING, PERF_EVENTS -> true;
      case UNSHARE_MOUNTS,
          MOUNT,
          OPEN_TREE,
          MOUNT_SETATTR,
          PIVOT_ROOT,
          CHROOT,
          SETNS,
          PTRACE_READ,
          SYSLOG,
          KMSG,
          PROCESS_EVENTS,
          LANDLOCK,
          SERVICE_ACCOUNT ->
          false;
    };
  }

  private AbilityFact denied(Ability ability, ErrnoException e) {
    if (ability == Ability.PERF_EVENTS) {
      return AbilityFact.blocked(
          ability, Blocker.SYSCTL, e.getMessage() + ":" + shown("kernel/perf_event_paranoid"));
    }
    if (filtered(ability, e)) {
      return AbilityFact.blocked(
          ability, Blocker.SECCOMP, e.getMessage() + ": the seccomp filter denies it.");
    }
    return AbilityFact.blocked(
        ability,
        Blocker.LSM,
        e.getMessage()
            + lsmLabel
                .map(label -> ": denied by the LSM that labels this process \"" + label + "\".")
                .orElse(": denied by a Linux Security Module."));
  }

  /** Reading a file or a link is no system call that a filter could tell from another. */
  private boolean filtered(Ability ability, ErrnoException e) {
    return switch (ability) {
      case MOUNT -> filterAnswersMount.test(e.errno());
      case PTRACE_READ, KMSG, SERVICE_ACCOUNT -> false;
      case UNSHARE_MOUNTS,
          OPEN_TREE,
          MOUNT_SETATTR,
          PIVOT_ROOT,
          CHROOT,
          SETNS,
          SYSLOG,
          BPF_TRACING,
          PERF_EVENTS,
          PROCESS_EVENTS,
          LANDLOCK ->
          lsmLabel.isEmpty() && seccomp == SeccompMode.FILTER;
    };
  }
}
