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
    steps.add(new Step.ForbidCoreDumps("A core would hold what the agent's memory holds."));
    steps.add(
        new Step.CloseDescriptors(
            "A descriptor of a directory would lead out of the new root (CVE-2024-21626)."));
    steps.add(
        new Step.ResetSignals("A JVM blocks SIGQUIT, and the mask would be the new program's."));
    steps.add(new Step.SetUmask(UMASK, "New files are writable for their owner only."));
  }

  /**
   * @param byFile whether the program's file capabilities carry what is kept over the execve
   */
  void addDrop(List<Step> steps, UserDecision user, CapabilityDecision decision, boolean byFile) {
    boolean setpcap = container.has(CAP_SETPCAP);
    if (setpcap) {
      steps.add(
          new Step.DropBounding(
              container.capabilities().bounding().minus(decision.kept()),
              "What is not in it can never be had again."));
    }
    boolean changeGroups = container.has(CAP_SETGID);
    boolean changeUser = container.has(CAP_SETUID);
    steps.add(new Step.BecomeUser(user.user(), changeGroups, changeUser, user.reason()));
    steps.add(
        new Step.WriteLaunchRecord(
            settings.runtimeDirectory(),
            "The agent reads there what was decided; so does whoever asks why."));
    steps.add(
        new Step.InheritCapabilities(
            decision.kept(), "Only what is inheritable can become ambient: capabilities(7)."));
    if (container.ambientSupported() && !container.securebits().forbidsAmbientRaise()) {
      steps.add(
          new Step.RaiseAmbient(
              decision.kept(), "Ambient capabilities survive the execve, even no_new_privs."));
    }
    // A kernel without ambient capabilities refuses the flag that forbids them, and root needs its
    // uid there to keep anything.
    if (setpcap && container.ambientSupported()) {
      steps.add(new Step.LockSecurebits("Uid 0 shall mean nothing any more, and that for good."));
    }
    steps.add(new Step.LimitCapabilities(decision.kept(), "No module needs any other capability."));
    if (!byFile) {
      steps.add(
          new Step.ForbidNewPrivileges(
              "No setuid program of the host shall give back what was dropped."));
    }
  }

  void addVerification(List<Step> steps, UserDecision user, CapabilityDecision decision) {
    steps.add(
        new Step.VerifyIdentity(
            user.user(),
            container.has(CAP_SETGID),
            decision.kept(),
            decision.bounding(),
            "The kernel is asked once more before anything else runs."));
  }
}
