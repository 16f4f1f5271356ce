package io.smartagent.module;

import java.util.List;
import java.util.Locale;

/**
 * A metric as it is documented and exposed.
 *
 * @param name as Prometheus shows it: a counter's ends with {@code _total}, and the unit comes last
 *     before that
 * @param kind whether it only grows
 * @param help what it counts, and in which unit
 * @param labels in their order
 * @param buckets the upper bounds of a histogram's buckets, ascending; empty for other kinds
 */
public record MetricFamily(
    String name, Kind kind, String help, List<String> labels, List<Double> buckets) {

  /** What a metric's values do. */
  public enum Kind {
    /** They grow, and start at zero again. */
    COUNTER,
    /** They go up and down. */
    GAUGE,
    /** They are counted by size. */
    HISTOGRAM;

    /** Returns the name in Prometheus' text format. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Copies the lists. */
  public MetricFamily {
    labels = List.copyOf(labels);
    buckets = List.copyOf(buckets);
  }

  /** Returns a metric that only grows; its name ends with {@code _total}. */
  public static MetricFamily counter(String name, String help, String... labels) {
    return new MetricFamily(name, Kind.COUNTER, help, List.of(labels), List.of());
  }

  /** Returns a metric that goes up and down. */
  public static MetricFamily gauge(String name, String help, String... labels) {
    return new MetricFamily(name, Kind.GAUGE, help, List.of(labels), List.of());
  }

  /**
   * Returns a metric whose values are counted by size.
   *
   * @param name ends with the unit
   * @param unit a base unit: {@code seconds}, {@code bytes}, {@code ratio}
   * @param buckets their upper bounds in that unit, ascending, without +Inf
   */
  public static MetricFamily histogram(
      String name, String unit, String help, List<Double> buckets, String... labels) {
    if (!name.endsWith("_" + unit) || buckets.isEmpty()) {
      throw new IllegalArgumentException(name + " needs its unit as suffix, and buckets");
    }
    return new MetricFamily(name, Kind.HISTOGRAM, help, List.of(labels), buckets);
  }
}
