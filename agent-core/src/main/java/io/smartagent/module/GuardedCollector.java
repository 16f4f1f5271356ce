package io.smartagent.module;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A module's metric that is left out of a scrape where asking for it fails. */
final class GuardedCollector implements Collector {

  private static final Logger LOG = LoggerFactory.getLogger(GuardedCollector.class);

  private final Collector collector;

  GuardedCollector(Collector collector) {
    this.collector = collector;
  }

  @Override
  public @Nullable MetricSnapshot collect() {
    try {
      return collector.collect();
    } catch (RuntimeException e) {
      LOG.debug("A metric could not be read.", e);
      return null;
    }
  }

  @Override
  public @Nullable MetricFamilyDescriptor getMetricFamilyDescriptor() {
    return collector.getMetricFamilyDescriptor();
  }
}
