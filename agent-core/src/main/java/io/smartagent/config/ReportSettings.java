package io.smartagent.config;

import java.time.Duration;

/**
 * What the agent reports to Kubernetes.
 *
 * @param events whether what happens to pods and the node becomes Events
 * @param agentNode whether the node has an AgentNode
 * @param spread within which agents that start together write first
 */
public record ReportSettings(boolean events, boolean agentNode, Duration spread) {

  /** The maximum of {@link #spread}: an hour. */
  static final int MAX_SPREAD_SECONDS = 3600;

  /** What holds where nothing is set. */
  public static final ReportSettings DEFAULTS =
      new ReportSettings(true, true, Duration.ofSeconds(60));

  /**
   * Returns three values that were checked before; the default for one that is empty.
   *
   * @param events {@code true} or {@code false}
   * @param agentNode {@code true} or {@code false}
   * @param spread in seconds
   */
  public static ReportSettings of(String events, String agentNode, String spread) {
    return new ReportSettings(
        Booleans.parse(events).orElse(DEFAULTS.events),
        Booleans.parse(agentNode).orElse(DEFAULTS.agentNode),
        Numbers.parse(spread, MAX_SPREAD_SECONDS).map(Duration::ofSeconds).orElse(DEFAULTS.spread));
  }
}
