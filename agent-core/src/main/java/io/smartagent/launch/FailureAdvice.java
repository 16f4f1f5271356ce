package io.smartagent.launch;

import io.smartagent.config.ExitStatus;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.plan.Step;
import io.smartagent.probe.ContainerFacts;

/** Says what a step that failed means and what can be done about it. */
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
            + remedy(step, e));
  }

  private static ExitStatus status(Step step, ErrnoException e) {
    if (step instanceof Step.Execute || step instanceof Step.RunInstaller) {
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
      case EAGAIN -> "Somebody else has it locked: see flock in lslocks(8) on the host.";
      case ETIMEDOUT -> "It did not end in time and was killed.";
      case ENOENT -> "It, or what it is interpreted by, is not there.";
      case ENOEXEC -> "It is not in a format that this kernel can execute.";
      default -> "The kernel refuses it.";
    };
  }

  private static String remedy(Step step, ErrnoException e) {
    return switch (step) {
      case Step.UnshareMounts s -> mountRemedy();
      case Step.MakePrivate s -> mountRemedy();
      case Step.BindTree s -> mountRemedy();
      case Step.BuildMinimalRoot s -> mountRemedy();
      case Step.ShareDirectory s -> mountRemedy();
      case Step.SealTree s -> mountRemedy();
      case Step.HideEntry s -> mountRemedy();
      case Step.BindProc s -> mountRemedy();
      case Step.MountTmpfs s -> mountRemedy();
      case Step.BindRuntime s -> mountRemedy();
      case Step.BindServiceAccount s -> mountRemedy();
      case Step.VerifySeal s -> mountRemedy();
      case Step.EnterRoot s -> "Add the capability SYS_CHROOT.";
      case Step.CreateRuntimeDirectory s -> directoryRemedy(s.path());
      case Step.CreateRuntimeMountPoint s -> directoryRemedy(s.directory());
      case Step.GiveRuntimeDirectory s -> directoryRemedy(s.path());
      case Step.WriteLaunchRecord s -> directoryRemedy(s.directory());
      case Step.InstallRuntime s -> "Make \"" + s.directory() + "\" writable, with 200 MB free.";
      case Step.Execute s ->
          s.agent()
              ? "Mount the runtime directory without noexec."
              : "Name a program that the host itself can run.";
      case Step.CreateUser s ->
          "Make a user on the host and name it with --user, or say --non-root-mode false.";
      case Step.SealDirectory s -> mountRemedy();
      case Step.SetFileCapabilities s ->
          "Add the capability SETFCAP, or say --non-root-mode false.";
      case Step.RecoverInstallation s -> directoryRemedy(s.directory());
      case Step.FetchInstaller s -> processRemedy(e);
      case Step.RunInstaller s ->
          "Look at what the script has printed above; what was installed before is kept.";
      case Step.ForbidCoreDumps s -> processRemedy(e);
      case Step.CloseDescriptors s -> processRemedy(e);
      case Step.ResetSignals s -> processRemedy(e);
      case Step.SetUmask s -> processRemedy(e);
      case Step.DropBounding s -> processRemedy(e);
      case Step.BecomeUser s ->
          "Add the capabilities SETUID and SETGID, or say --non-root-mode false.";
      case Step.InheritCapabilities s -> processRemedy(e);
      case Step.RaiseAmbient s -> processRemedy(e);
      case Step.LockSecurebits s -> processRemedy(e);
      case Step.LimitCapabilities s -> processRemedy(e);
      case Step.ForbidNewPrivileges s -> processRemedy(e);
      case Step.RestrictWrites s -> processRemedy(e);
      case Step.VerifyIdentity s -> processRemedy(e);
    };
  }

  private static String mountRemedy() {
    return "Set appArmorProfile and seccompProfile to Unconfined, or"
        + " SMARTAGENT_NO_REMOUNT_ROOT=true to keep the mounts of the YAML.";
  }

  private static String directoryRemedy(String path) {
    return "Look at the owner and the mount of \"" + path + "\" on the host.";
  }

  private static String processRemedy(ErrnoException e) {
    return "Run probe in the same container: it names what stands in the way of " + e.call() + ".";
  }
}
