package io.smartagent.module;

import java.util.List;

/**
 * A metric as it is documented and exposed.
 *
 * @param name as Prometheus shows it: a counter's ends with {@code _total}, and the unit comes last
 *     before that
 * @param kind whether it only grows
 * @param help what it counts, and in which unit
 * @param labels in their order
 */
public record MetricFamily(String name, Kind kind, String help, List<String> labels) {

  /** What a metric's values do. */
  public enum Kind {
    /** They grow, and start at zero again. */
    COUNTER,
    /** They go up and down. */
    GAUGE
  }

  /** Copies the labels. */
  public MetricFamily {
    labels = List.copyOf(labels);
  }

  /** Returns a metric that only grows; its name ends with {@code _total}. */
  public static MetricFamily counter(String name, String help, String... labels) {
    return new MetricFamily(name, Kind.COUNTER, help, List.of(labels));
  }

  /** Returns a metric that goes up and down. */
  public static MetricFamily gauge(String name, String help, String... labels) {
    return new MetricFamily(name, Kind.GAUGE, help, List.of(labels));
  }
}
