package io.smartagent.plan;

import io.smartagent.kernel.capability.CapabilitySet;
import java.util.Optional;

/**
 * What becomes of the container's capabilities.
 *
 * @param kept what the agent has
 * @param dropped what the container has and the agent does not
 * @param surplus what neither the launch nor an enabled module needs: the YAML may as well not add
 *     it
 * @param bounding the agent's bounding set
 * @param droppedFromBounding what is taken out of the container's bounding set; empty without
 *     CAP_SETPCAP
 */
public record CapabilityDecision(
    CapabilitySet kept,
    CapabilitySet dropped,
    CapabilitySet surplus,
    CapabilitySet bounding,
    Optional<CapabilitySet> droppedFromBounding) {

  /** Nothing is kept, because nothing is launched. */
  public static final CapabilityDecision NONE =
      new CapabilityDecision(
          CapabilitySet.NONE,
          CapabilitySet.NONE,
          CapabilitySet.NONE,
          CapabilitySet.NONE,
          Optional.empty());
}
