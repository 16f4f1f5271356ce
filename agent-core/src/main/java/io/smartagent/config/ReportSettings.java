package io.smartagent.config;

import java.time.Duration;

/**
 * What the agent tells Kubernetes.
 *
 * @param events whether what happens to pods and the node becomes Events
 * @param agentNode whether the node has an AgentNode
 * @param spread within which agents that start together write first
 */
public record ReportSettings(boolean events, boolean agentNode, Duration spread) {

  /** The longest {@link #spread}, in seconds: an hour. */
  static final int LONGEST_SPREAD = 3600;

  /** What holds where nothing is set. */
  public static final ReportSettings STANDARD =
      new ReportSettings(true, true, Duration.ofSeconds(60));

  /**
   * Returns what three values say that were checked before; the standard for one that is empty.
   *
   * @param events {@code true} or {@code false}
   * @param agentNode {@code true} or {@code false}
   * @param spread in seconds
   */
  public static ReportSettings of(String events, String agentNode, String spread) {
    return new ReportSettings(
        !events.equalsIgnoreCase("false"),
        !agentNode.equalsIgnoreCase("false"),
        Numbers.parse(spread, LONGEST_SPREAD).map(Duration::ofSeconds).orElse(STANDARD.spread));
  }
}
