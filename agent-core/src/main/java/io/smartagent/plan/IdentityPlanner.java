package io.smartagent.plan;

import static io.smartagent.kernel.capability.Capability.CAP_SETGID;
import static io.smartagent.kernel.capability.Capability.CAP_SETPCAP;
import static io.smartagent.kernel.capability.Capability.CAP_SETUID;

import io.smartagent.config.Settings;
import io.smartagent.probe.ContainerFacts;
import java.util.List;

/**
 * Decides how the launching thread becomes the agent's: its limits, user and capabilities. Pure.
 */
final class IdentityPlanner {

  private static final int UMASK = 022;

  private final Settings settings;
  private final ContainerFacts container;

  IdentityPlanner(Settings settings, ContainerFacts container) {
    this.settings = settings;
    this.container = container;
  }

  void addHygiene(List<Step> steps) {
    steps.add(new ProcessStep.ForbidCoreDumps("A core would hold what the agent's memory holds."));
    steps.add(
        new ProcessStep.CloseDescriptors(
            "A descriptor of a directory would lead out of the new root (CVE-2024-21626)."));
    steps.add(
        new ProcessStep.ResetSignals(
            "A JVM blocks SIGQUIT, and the mask would be the new program's."));
    steps.add(new ProcessStep.SetUmask(UMASK, "New files are writable for their owner only."));
  }

  /**
   * @param byFile whether the program's file capabilities carry what is kept over the execve
   */
  void addDrop(List<Step> steps, UserDecision user, CapabilityDecision decision, boolean byFile) {
    boolean setpcap = container.has(CAP_SETPCAP);
    if (setpcap) {
      steps.add(
          new PrivilegeStep.DropBounding(
              container.capabilities().bounding().minus(decision.kept()),
              "What is not in it can never be had again."));
    }
    boolean changeGroups = container.has(CAP_SETGID);
    boolean changeUser = container.has(CAP_SETUID);
    steps.add(new PrivilegeStep.BecomeUser(user.user(), changeGroups, changeUser, user.reason()));
    steps.add(
        new HostStep.WriteLaunchRecord(
            settings.runtimeDirectory(),
            "The agent reads there what was decided; so does whoever asks why."));
    steps.add(
        new PrivilegeStep.InheritCapabilities(
            decision.kept(), "Only what is inheritable can become ambient: capabilities(7)."));
    if (container.ambientSupported() && !container.securebits().forbidsAmbientRaise()) {
      steps.add(
          new PrivilegeStep.RaiseAmbient(
              decision.kept(), "Ambient capabilities survive the execve, even no_new_privs."));
    }
    // A kernel without ambient capabilities refuses the flag that forbids them, and root needs its
    // uid there to keep anything.
    if (setpcap && container.ambientSupported()) {
      steps.add(
          new PrivilegeStep.LockSecurebits(
              "Uid 0 shall mean nothing any more, and that for good."));
    }
    steps.add(
        new PrivilegeStep.LimitCapabilities(
            decision.kept(), "No module needs any other capability."));
    if (!byFile) {
      steps.add(
          new PrivilegeStep.ForbidNewPrivileges(
              "No setuid program of the host shall give back what was dropped."));
    }
  }

  void addVerification(
      List<Step> steps, UserDecision user, CapabilityDecision decision, boolean byFile) {
    steps.add(
        new PrivilegeStep.VerifyIdentity(
            user.user(),
            container.has(CAP_SETGID),
            decision.kept(),
            decision.bounding(),
            container.ambientSupported() && !container.securebits().forbidsAmbientRaise(),
            new PrivilegeLocks(container.has(CAP_SETPCAP) && container.ambientSupported(), !byFile),
            "The kernel is asked once more before anything else runs."));
  }
}
