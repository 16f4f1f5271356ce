package io.smartagent.module;

import java.util.List;

/**
 * All that a module may tell: the documentation is made from it, and the tests hold the module to
 * it.
 *
 * @param events that it emits
 * @param metrics that it registers
 */
public record ModuleTelemetry(List<EventType> events, List<MetricFamily> metrics) {

  /** Copies the lists. */
  public ModuleTelemetry {
    events = List.copyOf(events);
    metrics = List.copyOf(metrics);
  }
}
