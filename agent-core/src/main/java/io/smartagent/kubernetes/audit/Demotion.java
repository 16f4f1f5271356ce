package io.smartagent.kubernetes.audit;

import io.smartagent.kernel.capability.CapabilitySet;
import java.util.List;

/**
 * What a privileged container could become.
 *
 * @param blockers that keep it from becoming anything else, empty where there are none
 * @param exact whether the securityContext is known to be the least, not only where to start
 * @param capabilities to add to an empty set
 * @param reasons why those, and what else to mind, as sentences
 * @param securityContext of the container, lines of YAML; empty where there are blockers
 * @param nextStep what to do now, as sentences
 */
public record Demotion(
    List<FoundBlocker> blockers,
    boolean exact,
    CapabilitySet capabilities,
    List<String> reasons,
    List<String> securityContext,
    String nextStep) {

  /** Copies the lists. */
  public Demotion {
    blockers = List.copyOf(blockers);
    reasons = List.copyOf(reasons);
    securityContext = List.copyOf(securityContext);
  }

  /** Returns whether nothing in the manifest is against it. */
  public boolean isPossible() {
    return blockers.isEmpty();
  }
}
