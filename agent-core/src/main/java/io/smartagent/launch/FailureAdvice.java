package io.smartagent.launch;

import io.smartagent.config.ExitStatus;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.plan.Step;
import io.smartagent.probe.ContainerFacts;

/** Reports what the failure of a step means and what can be done about it. */
final class FailureAdvice {

  private FailureAdvice() {}

  static LaunchFailure forStep(Step step, ErrnoException e, ContainerFacts container) {
    return new LaunchFailure(
        status(step, e),
        e.getMessage()
            + ". "
            + cause(e, container)
            + " This was step "
            + step.action()
            + " ("
            + step.subject()
            + "). "
            + step.remedy(e.call()));
  }

  private static ExitStatus status(Step step, ErrnoException e) {
    if (step.runsAnotherProgram()) {
      return ExitStatus.UNAVAILABLE;
    }
    return switch (e.errno()) {
      case EPERM, EACCES, EROFS -> ExitStatus.NOT_PERMITTED;
      case ENOSPC, EDQUOT, ENOMEM -> ExitStatus.UNAVAILABLE;
      default -> ExitStatus.INTERNAL;
    };
  }

  private static String cause(ErrnoException e, ContainerFacts container) {
    return switch (e.errno()) {
      case EPERM ->
          "A seccomp filter or a missing capability forbids it (seccomp is "
              + container.seccomp().name().toLowerCase(java.util.Locale.ROOT)
              + ").";
      case EACCES ->
          container
              .lsmLabel()
              .map(label ->
                  "The LSM that labels this process \"" + label + "\" forbids it, or a mode.")
              .orElse("A Linux Security Module, a seccomp filter or a file's mode forbids it.");
      case EROFS -> "Its mount is read-only.";
      case ENOSPC, EDQUOT -> "The file system is full.";
      case EAGAIN -> "Another process holds its lock: see FLOCK in lslocks(8) on the host.";
      case ETIMEDOUT -> "It did not end in time and was killed.";
      case ENOENT -> "It, or what it is interpreted by, is not there.";
      case ENOEXEC -> "It is not in a format that this kernel can execute.";
      default -> "The kernel refuses it.";
    };
  }
}
