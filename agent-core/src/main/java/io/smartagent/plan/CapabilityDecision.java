package io.smartagent.plan;

import io.smartagent.kernel.capability.CapabilitySet;

/**
 * What becomes of the container's capabilities.
 *
 * @param kept what the agent has
 * @param dropped what the container had and the agent has not
 * @param surplus what neither the launch nor an enabled module needs: the YAML may as well not add
 *     it
 * @param bounding the agent's bounding set
 */
public record CapabilityDecision(
    CapabilitySet kept, CapabilitySet dropped, CapabilitySet surplus, CapabilitySet bounding) {

  /** Nothing is kept, because nothing is launched. */
  public static final CapabilityDecision NONE =
      new CapabilityDecision(
          CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE);
}
