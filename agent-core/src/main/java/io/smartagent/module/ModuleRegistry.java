package io.smartagent.module;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A module's view of the agent's registry. It remembers what the module registered, to take it out
 * again when the module ends; a name that is taken already fails in the module that wants it.
 */
final class ModuleRegistry extends PrometheusRegistry {

  private final PrometheusRegistry shared;
  private final Map<Collector, Collector> guards = new HashMap<>();
  private final Set<MultiCollector> multiCollectors = new HashSet<>();

  /**
   * @param shared registry, which the metrics really go to
   */
  ModuleRegistry(PrometheusRegistry shared) {
    this.shared = shared;
  }

  @Override
  public synchronized void register(Collector collector) {
    Collector guard = new GuardedCollector(collector);
    shared.register(guard);
    guards.put(collector, guard);
  }

  @Override
  public synchronized void register(MultiCollector collector) {
    shared.register(collector);
    multiCollectors.add(collector);
  }

  @Override
  public synchronized void unregister(Collector collector) {
    Collector guard = guards.remove(collector);
    if (guard != null) {
      shared.unregister(guard);
    }
  }

  @Override
  public synchronized void unregister(MultiCollector collector) {
    if (multiCollectors.remove(collector)) {
      shared.unregister(collector);
    }
  }

  @Override
  public synchronized void clear() {
    guards.values().forEach(shared::unregister);
    guards.clear();
    multiCollectors.forEach(shared::unregister);
    multiCollectors.clear();
  }
}
