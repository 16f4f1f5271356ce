package io.smartagent.module;

import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Metrics that are found out anew, all together, in each pass of a module: what a scrape shows is
 * one pass, and what is gone from the host is gone from here.
 */
public final class MetricTable implements MultiCollector {

  private final List<MetricFamily> families;
  private volatile MetricSnapshots shown = MetricSnapshots.of();

  /**
   * @param families that a pass may have values of
   */
  public MetricTable(List<MetricFamily> families) {
    this.families = List.copyOf(families);
  }

  /** Returns an empty pass, which is not shown before {@link Pass#show}. */
  public Pass begin() {
    return new Pass();
  }

  @Override
  public MetricSnapshots collect() {
    return shown;
  }

  @Override
  public List<MetricFamilyDescriptor> getMetricFamilyDescriptors() {
    return families.stream().map(MetricTable::descriptor).toList();
  }

  private static MetricFamilyDescriptor descriptor(MetricFamily family) {
    MetricMetadata metadata = new MetricMetadata(baseName(family), family.help());
    return switch (family.kind()) {
      case COUNTER -> MetricFamilyDescriptor.of(MetricType.COUNTER, metadata, family.labels());
      case GAUGE -> MetricFamilyDescriptor.of(MetricType.GAUGE, metadata, family.labels());
      case HISTOGRAM -> throw noTable(family);
    };
  }

  private static IllegalArgumentException noTable(MetricFamily family) {
    return new IllegalArgumentException(family.name() + " is a histogram, which has no table");
  }

  /** The library adds the ending again. */
  private static String baseName(MetricFamily family) {
    String name = family.name();
    return switch (family.kind()) {
      case COUNTER -> name.substring(0, name.length() - "_total".length());
      case GAUGE, HISTOGRAM -> name;
    };
  }

  /** The values of one pass. */
  public final class Pass {

    private final Map<MetricFamily, List<Value>> values = new LinkedHashMap<>();

    private record Value(Labels labels, double number) {}

    private Pass() {
      families.forEach(family -> values.put(family, new ArrayList<>()));
    }

    /**
     * Adds a value.
     *
     * @param labelValues in the order of the family's labels; no two values of a family may have
     *     the same ones
     * @throws IllegalArgumentException where the table has no such family or a label is missing
     */
    public Pass add(MetricFamily family, double number, String... labelValues) {
      return add(family, number, Labels.of(family.labels().toArray(String[]::new), labelValues));
    }

    /**
     * Adds a value with labels that many values share: made once, they cost neither time nor memory
     * again.
     *
     * @param labels those of the family, in any order; no two values of a family may have the same
     *     ones
     * @throws IllegalArgumentException where the table has no such family or a label is missing
     */
    public Pass add(MetricFamily family, double number, Labels labels) {
      List<Value> column = values.get(family);
      if (column == null) {
        throw new IllegalArgumentException("the table has no metric " + family.name());
      }
      if (labels.size() != family.labels().size()) {
        throw new IllegalArgumentException(family.name() + " has other labels than " + labels);
      }
      column.add(new Value(labels, number));
      return this;
    }

    /** Makes this what a scrape shows. A family without a value is not shown. */
    public void show() {
      List<MetricSnapshot> snapshots = new ArrayList<>();
      values.forEach((family, column) -> {
        if (!column.isEmpty()) {
          snapshots.add(snapshot(family, column));
        }
      });
      shown = new MetricSnapshots(snapshots);
    }

    private static MetricSnapshot snapshot(MetricFamily family, List<Value> column) {
      MetricMetadata metadata = new MetricMetadata(baseName(family), family.help());
      return switch (family.kind()) {
        case COUNTER ->
            new CounterSnapshot(
                metadata,
                column.stream()
                    .map(value ->
                        new CounterDataPointSnapshot(value.number(), value.labels(), null, 0))
                    .toList());
        case GAUGE ->
            new GaugeSnapshot(
                metadata,
                column.stream()
                    .map(value -> new GaugeDataPointSnapshot(value.number(), value.labels(), null))
                    .toList());
        case HISTOGRAM -> throw noTable(family);
      };
    }
  }
}
