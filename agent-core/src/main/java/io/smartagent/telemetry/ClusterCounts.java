package io.smartagent.telemetry;

import java.util.Map;

/**
 * What the agent has reported to Kubernetes since it started.
 *
 * @param agentNodeWrites how often the AgentNode was written
 * @param eventsWritten how often an Event was created or changed
 * @param eventsDropped what was not reported as an Event, by reason
 * @param requestsFailed requests that the API server did not do, by feature
 */
public record ClusterCounts(
    long agentNodeWrites,
    long eventsWritten,
    Map<String, Long> eventsDropped,
    Map<String, Long> requestsFailed) {

  /** Copies the maps. */
  public ClusterCounts {
    eventsDropped = Map.copyOf(eventsDropped);
    requestsFailed = Map.copyOf(requestsFailed);
  }
}
