package io.smartagent.plan;

import static io.smartagent.kernel.capability.Capability.CAP_SETGID;
import static io.smartagent.kernel.capability.Capability.CAP_SETPCAP;
import static io.smartagent.kernel.capability.Capability.CAP_SETUID;

import io.smartagent.probe.ContainerFacts;

/** Decides what this container can change of the launching thread's user and capabilities. Pure. */
final class IdentityPlanner {

  private final ContainerFacts container;

  IdentityPlanner(ContainerFacts container) {
    this.container = container;
  }

  /**
   * Returns what the launching thread becomes.
   *
   * @param byFile whether the program's file capabilities carry what is kept over the execve
   */
  IdentityDecision decide(UserDecision user, CapabilityDecision capabilities, boolean byFile) {
    return new IdentityDecision(
        user,
        container.has(CAP_SETGID),
        container.has(CAP_SETUID),
        capabilities,
        byFile ? CapabilityCarrier.FILE : carrier(),
        // A kernel without ambient capabilities refuses the flag that forbids them, and root needs
        // its uid there to keep anything. no_new_privs makes file capabilities void.
        new PrivilegeLocks(container.has(CAP_SETPCAP) && container.ambientSupported(), !byFile));
  }

  private CapabilityCarrier carrier() {
    return container.ambientSupported() && !container.securebits().forbidsAmbientRaise()
        ? CapabilityCarrier.AMBIENT
        : CapabilityCarrier.USER;
  }
}
