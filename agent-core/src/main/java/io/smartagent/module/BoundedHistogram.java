package io.smartagent.module;

import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A histogram with a maximum of series. Values of further label values are counted together, with
 * every label {@link #OTHER}. Thread-safe.
 */
public final class BoundedHistogram {

  /** The value of the labels of what exceeds the maximum. */
  public static final String OTHER = "other";

  private final Histogram histogram;
  private final int maximum;
  private final String[] others;
  private final Set<List<String>> known = new HashSet<>();

  private BoundedHistogram(Histogram histogram, int maximum, String[] others) {
    this.histogram = histogram;
    this.maximum = maximum;
    this.others = others;
  }

  /**
   * Registers a histogram.
   *
   * @param family made by {@link MetricFamily#histogram}
   * @param maximum of series, without the one for others
   */
  public static BoundedHistogram register(
      MetricFamily family, PrometheusRegistry registry, int maximum) {
    Histogram histogram =
        Histogram.builder()
            .name(family.name())
            .help(family.help())
            .labelNames(family.labels().toArray(String[]::new))
            .classicOnly()
            .classicUpperBounds(
                family.buckets().stream().mapToDouble(Double::doubleValue).toArray())
            .register(registry);
    String[] others = new String[family.labels().size()];
    Arrays.fill(others, OTHER);
    return new BoundedHistogram(histogram, maximum, others);
  }

  /**
   * Counts a value.
   *
   * @param labelValues in the order of the family's labels
   */
  public synchronized void observe(double value, String... labelValues) {
    List<String> series = List.of(labelValues);
    boolean own = known.contains(series) || (known.size() < maximum && known.add(series));
    histogram.labelValues(own ? labelValues : others).observe(value);
  }

  /** Removes the series of what is gone. */
  public synchronized void remove(String... labelValues) {
    if (known.remove(List.of(labelValues))) {
      histogram.remove(labelValues);
    }
  }
}
