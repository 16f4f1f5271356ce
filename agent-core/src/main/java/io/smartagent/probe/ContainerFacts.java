package io.smartagent.probe;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.Securebits;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.kernel.security.SeccompMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What this container may really do.
 *
 * @param kernelRelease as uname -r prints it
 * @param machine as uname -m prints it
 * @param uid the effective user
 * @param capabilities the five sets
 * @param ambientSupported whether the kernel has ambient capabilities
 * @param securebits of the thread
 * @param noNewPrivileges whether no execve can give anything
 * @param seccomp whether system calls are filtered
 * @param lsmLabel of the process; empty without one
 * @param initialUserNamespace whether ids and capabilities are the host's own
 * @param abilities one fact for each, in the order of {@link Ability}
 * @param cluster what it has to reach Kubernetes with
 */
public record ContainerFacts(
    String kernelRelease,
    String machine,
    int uid,
    ThreadCapabilities capabilities,
    boolean ambientSupported,
    Securebits securebits,
    boolean noNewPrivileges,
    SeccompMode seccomp,
    Optional<String> lsmLabel,
    boolean initialUserNamespace,
    List<AbilityFact> abilities,
    ClusterFacts cluster) {

  /** Copies the list. */
  public ContainerFacts {
    abilities = List.copyOf(abilities);
  }

  /** Returns these facts with another one in the place of the one about the same ability. */
  public ContainerFacts with(AbilityFact other) {
    List<AbilityFact> changed = new ArrayList<>();
    for (AbilityFact fact : abilities) {
      changed.add(fact.ability() == other.ability() ? other : fact);
    }
    return new ContainerFacts(
        kernelRelease,
        machine,
        uid,
        capabilities,
        ambientSupported,
        securebits,
        noNewPrivileges,
        seccomp,
        lsmLabel,
        initialUserNamespace,
        changed,
        cluster);
  }

  /** Returns the fact about {@code ability}. */
  public AbilityFact fact(Ability ability) {
    for (AbilityFact fact : abilities) {
      if (fact.ability() == ability) {
        return fact;
      }
    }
    throw new IllegalArgumentException("not probed: " + ability.id());
  }

  /** Returns whether the container has {@code ability}. */
  public boolean can(Ability ability) {
    return fact(ability).available();
  }

  /** Returns whether {@code capability} is effective. */
  public boolean has(Capability capability) {
    return capabilities.effective().contains(capability);
  }

  /**
   * Returns the capabilities that an execve can be made to keep: those that are permitted and not
   * outside the bounding set, which an ambient capability has to be inheritable from.
   */
  public CapabilitySet keepable() {
    return capabilities.permitted().intersect(capabilities.bounding());
  }
}
