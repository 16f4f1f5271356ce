package io.smartagent.module;

import java.util.List;

/**
 * All that a module may report: the documentation is made from it, and the tests hold the module to
 * it.
 *
 * @param examples an event of each type that it emits, with all attributes
 * @param metrics that it registers
 */
public record ModuleTelemetry(List<Event> examples, List<MetricFamily> metrics) {

  /** Copies the lists. */
  public ModuleTelemetry {
    examples = List.copyOf(examples);
    metrics = List.copyOf(metrics);
  }
}
