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
 * Finds what blocks an ability from the error of its call and the state of the thread. The kernel
 * checks seccomp before the call, the call's own capability before an LSM, and an LSM answers
 * EACCES where a missing capability is EPERM.
 *
 * @param capabilities of the thread
 * @param seccomp whether its calls are filtered
 * @param lsmLabel of the thread
 * @param lockdown the kernel's mode, where it can be read
 * @param sysctl reads a sysctl's number
 * @param filterAnswersMount whether a seccomp filter is what answers mount(2) with an error
 */
public record DenialClassifier(
    ThreadCapabilities capabilities,
    SeccompMode seccomp,
    Optional<String> lsmLabel,
    Optional<String> lockdown,
    Function<String, Optional<Long>> sysctl,
    Predicate<Errno> filterAnswersMount) {

  private static final String FILTERED = "the seccomp filter denies it.";

  /** Returns the fact that {@code failure} blocks an ability. */
  public AbilityFact classify(Ability ability, ErrnoException failure) {
    CapabilitySet missing =
        ability.needed(capabilities.effective()).minus(capabilities.effective());
    Errno errno = failure.errno();
    if (errno == Errno.ENOENT || errno == Errno.ENXIO) {
      return blocked(ability, Blocker.MOUNT, failure, "not mounted into this container.");
    }
    if (errno == Errno.ENOSYS) {
      return seccomp == SeccompMode.FILTER
          ? blocked(
              ability,
              Blocker.SECCOMP,
              failure,
              "hidden by the seccomp filter, or older than this call.")
          : blocked(ability, Blocker.KERNEL, failure, "the kernel has none.");
    }
    if (!missing.isEmpty() && (errno == Errno.EPERM || errno == Errno.EACCES)) {
      return missingCapability(ability, failure, missing);
    }
    return switch (errno) {
      case EPERM -> notPermitted(ability, failure);
      case EACCES -> accessDenied(ability, failure);
      case ECONNREFUSED ->
          blocked(
              ability,
              Blocker.KERNEL,
              failure,
              "only in the host's network namespace. Set hostNetwork: true.");
      case ENODATA ->
          blocked(
              ability,
              Blocker.KERNEL,
              failure,
              "only in the host's pid and user namespaces. Set hostPID: true.");
      case EOPNOTSUPP ->
          blocked(
              ability,
              Blocker.KERNEL,
              failure,
              "built into the kernel, but not enabled at boot (lsm=).");
      default -> blocked(ability, Blocker.KERNEL, failure, "refused by the kernel.");
    };
  }

  private static AbilityFact blocked(
      Ability ability, Blocker blocker, ErrnoException failure, String why) {
    return AbilityFact.blocked(ability, blocker, failure.getMessage() + ": " + why);
  }

  private AbilityFact missingCapability(
      Ability ability, ErrnoException failure, CapabilitySet missing) {
    boolean bounded = !capabilities.bounding().containsAll(missing);
    String names = String.join(", ", missing.names());
    String why =
        bounded
            ? "the container was not given " + names + "."
            : names
                + " is in the bounding set but not effective; the container's user is not root.";
    String sysctlState = sysctlState(ability);
    return blocked(
        ability,
        bounded ? Blocker.BOUNDING : Blocker.CAPABILITY,
        failure,
        sysctlState.isEmpty() ? why : why + " " + sysctlState);
  }

  /** Returns what the sysctl that restricts the ability is set to; empty where it is unknown. */
  private String sysctlState(Ability ability) {
    String name = ability.sysctl();
    Optional<Long> value = name.isEmpty() ? Optional.empty() : sysctl.apply(name);
    return value.isEmpty() ? "" : name.replace('/', '.') + " is " + value.get() + ".";
  }

  private AbilityFact notPermitted(Ability ability, ErrnoException failure) {
    if (ability.access() == Ability.Access.DEVICE) {
      return blocked(
          ability,
          Blocker.DEVICE_CGROUP,
          failure,
          "the container's device cgroup denies the device.");
    }
    if (seccomp == SeccompMode.FILTER) {
      return blocked(ability, Blocker.SECCOMP, failure, FILTERED);
    }
    String mode = lockdown.orElse("none");
    if (ability.isLockable() && !mode.equals("none")) {
      return blocked(
          ability, Blocker.LOCKDOWN, failure, "the kernel is locked down (" + mode + ").");
    }
    return lsmLabel.isPresent()
        ? blocked(ability, Blocker.LSM, failure, deniedByLsm())
        : blocked(ability, Blocker.KERNEL, failure, "refused by the kernel.");
  }

  private AbilityFact accessDenied(Ability ability, ErrnoException failure) {
    if (ability.access() == Ability.Access.SAMPLING) {
      String state = sysctlState(ability);
      return blocked(
          ability, Blocker.SYSCTL, failure, state.isEmpty() ? "a sysctl denies it." : state);
    }
    return isFiltered(ability, failure)
        ? blocked(ability, Blocker.SECCOMP, failure, FILTERED)
        : blocked(ability, Blocker.LSM, failure, deniedByLsm());
  }

  private String deniedByLsm() {
    return lsmLabel.isPresent()
        ? "denied by the LSM that labels this process \"" + lsmLabel.get() + "\"."
        : "denied by a Linux Security Module.";
  }

  private boolean isFiltered(Ability ability, ErrnoException failure) {
    Ability.Access access = ability.access();
    if (access == Ability.Access.MOUNT) {
      return filterAnswersMount.test(failure.errno());
    }
    boolean file = access == Ability.Access.FILE || access == Ability.Access.DEVICE;
    return !file && lsmLabel.isEmpty() && seccomp == SeccompMode.FILTER;
  }
}
