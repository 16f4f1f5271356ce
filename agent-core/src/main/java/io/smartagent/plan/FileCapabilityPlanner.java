package io.smartagent.plan;

import static io.smartagent.kernel.capability.Capability.CAP_SETFCAP;

import io.smartagent.confinement.SecurityContext;
import io.smartagent.host.HostUser;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.probe.ContainerFacts;
import java.util.Optional;

/**
 * Decides whether the agent's own program carries the capabilities over the execve, where the
 * kernel has no ambient ones (Linux 4.3). The file has them inheritable, never permitted: only who
 * has them inheritable already gets them, so no other user of the host gains anything by running
 * it: capabilities(7), "Transformation of capabilities during execve()". Pure.
 */
final class FileCapabilityPlanner {

  private static final String NO_AMBIENT =
      "This kernel has no ambient capabilities (Linux 4.3), and ";

  private final ContainerFacts container;
  private final Target target;
  private final Findings findings;

  FileCapabilityPlanner(ContainerFacts container, Target target, Findings findings) {
    this.container = container;
    this.target = target;
    this.findings = findings;
  }

  /**
   * Returns whether {@code user} can keep capabilities in no other way. Who keeps none needs none.
   */
  boolean areNeeded(HostUser user, CapabilitySet kept) {
    return !container.ambientSupported() && user.uid() != 0 && !kept.isEmpty();
  }

  /** Returns why they cannot be used; empty where they can. */
  Optional<UserBlocker> blocker() {
    if (!(target instanceof Target.BuiltInAgent)) {
      return Optional.of(
          new UserBlocker(
              NO_AMBIENT + "a program of the host is not given file capabilities",
              "Pass --capabilities none or --non-root-mode false, or use a newer kernel."));
    }
    if (container.noNewPrivileges()) {
      return Optional.of(
          new UserBlocker(
              NO_AMBIENT + "no_new_privs makes file capabilities void",
              "Add to the container spec:\n" + SecurityContext.allowingEscalation().yaml()));
    }
    if (!container.has(CAP_SETFCAP)) {
      return Optional.of(
          new UserBlocker(
              NO_AMBIENT + "the container lacks CAP_SETFCAP for file capabilities",
              "Add to the container spec:\n"
                  + Remedies.addCapabilities(CapabilitySet.of(CAP_SETFCAP))));
    }
    return Optional.empty();
  }

  /** Warns of what they cost. */
  void warn(IdentityDecision identity) {
    if (identity.carrier() == CapabilityCarrier.FILE) {
      findings.warning(
          "This kernel has no ambient capabilities, so the agent's program file carries them, and"
              + " no_new_privs is not set: it would make them void.");
    }
  }
}
