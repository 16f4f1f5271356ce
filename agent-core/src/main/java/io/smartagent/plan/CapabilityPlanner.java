package io.smartagent.plan;

import static io.smartagent.kernel.capability.Capability.CAP_CHOWN;
import static io.smartagent.kernel.capability.Capability.CAP_SETFCAP;
import static io.smartagent.kernel.capability.Capability.CAP_SETPCAP;

import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.config.Settings;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.module.ModulePlan;
import io.smartagent.needs.LaunchNeed;
import io.smartagent.probe.ContainerFacts;
import java.util.List;
import java.util.Optional;

/** Decides what becomes of the container's capabilities. Pure. */
final class CapabilityPlanner {

  private final Settings settings;
  private final ContainerFacts container;
  private final Target target;
  private final Findings findings;

  CapabilityPlanner(Settings settings, ContainerFacts container, Target target, Findings findings) {
    this.settings = settings;
    this.container = container;
    this.target = target;
    this.findings = findings;
  }

  /**
   * The command of run may be given others than the modules need; the agent has no use for more.
   */
  CapabilitySet kept(List<ModulePlan> modules) {
    boolean asked =
        !(target instanceof Target.BuiltInAgent) && !settings.selections().capabilities().auto();
    if (target instanceof Target.BuiltInAgent && !settings.selections().capabilities().auto()) {
      findings.warning(
          settings.sourceOf(Option.CAPABILITIES)
              + " applies to the command of run: the built-in agent keeps what its modules need.");
    }
    if (!asked) {
      CapabilitySet needed = CapabilitySet.NONE;
      for (ModulePlan module : modules) {
        needed = needed.union(module.capabilities());
      }
      return needed;
    }
    CapabilitySet wanted =
        CapabilitySet.of(
            settings.selections().capabilities().names().stream()
                .map(Capability::parse)
                .flatMap(Optional::stream)
                .toList());
    CapabilitySet missing = wanted.minus(container.keepable());
    if (!missing.isEmpty()) {
      findings.problem(
          Problem.notPermitted(
              settings.sourceOf(Option.CAPABILITIES)
                  + " names "
                  + String.join(", ", missing.names())
                  + ", which the container does not have.",
              "Take them out, or change the container spec:\n"
                  + Remedies.addCapabilities(missing)));
    }
    return wanted;
  }

  /**
   * Returns what becomes of them.
   *
   * @param changeOwner whether the data directory gets another owner
   * @param makesAccounts whether an account is made on hosts that have none
   */
  CapabilityDecision decide(
      CapabilitySet kept,
      VirtualRoot root,
      UserDecision user,
      boolean changeOwner,
      boolean makesAccounts) {
    CapabilitySet had = container.capabilities().permitted();
    CapabilitySet used = kept.with(CAP_SETPCAP);
    if (root.remount()) {
      used = used.union(LaunchNeed.SEAL.capabilities());
    }
    if (root.entry() != RootEntry.PIVOT_ROOT) {
      used = used.union(LaunchNeed.ENTER.capabilities());
    }
    if (!user.isRoot() || makesAccounts) {
      // On the next node the data directory may be new, and root's.
      used = used.union(LaunchNeed.BECOME_USER.capabilities());
    }
    if (makesAccounts) {
      // This host may have the account already, and the next one not yet.
      used = used.union(LaunchNeed.MAKE_USER.capabilities());
    }
    if (changeOwner) {
      used = used.with(CAP_CHOWN);
    }
    if (!container.ambientSupported()) {
      used = used.with(CAP_SETFCAP);
    }
    if (target instanceof Target.InstalledAgent) {
      used = used.union(LaunchNeed.INSTALL.capabilities());
    }
    CapabilitySet bounding = container.capabilities().bounding();
    boolean dropsBounding = container.has(CAP_SETPCAP);
    return new CapabilityDecision(
        kept,
        had.minus(kept),
        had.minus(used),
        dropsBounding ? bounding.intersect(kept) : bounding,
        dropsBounding ? Optional.of(bounding.minus(kept)) : Optional.empty());
  }
}
