package io.smartagent.modules.applicationdiscovery;

import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.smartagent.modules.applicationdiscovery.ProcessTable.Scan;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of {@code application-discovery}: {@code smartagent_applications} by language and
 * product, as {@link SoftwareRules} names them and empty where it does not; {@code
 * smartagent_processes}; {@code smartagent_processes_executable_unreadable}; {@code
 * smartagent_application_discovery_pass_seconds}.
 */
final class DiscoveryMetrics {

  private static final double NANOSECONDS = 1e9;

  private final Gauge applications;
  private final Gauge processes;
  private final Gauge unreadable;
  private final Gauge pass;
  private final Set<Labels> shown = new HashSet<>();

  /** Labels of {@code smartagent_applications}. */
  private record Labels(String language, String product) {}

  DiscoveryMetrics(PrometheusRegistry registry) {
    applications =
        Gauge.builder()
            .name("smartagent_applications")
            .help("Applications on the host")
            .labelNames("language", "product")
            .register(registry);
    processes =
        Gauge.builder()
            .name("smartagent_processes")
            .help("Processes on the host, without the kernel's threads")
            .register(registry);
    unreadable =
        Gauge.builder()
            .name("smartagent_processes_executable_unreadable")
            .help("Processes whose executable this agent may not see")
            .register(registry);
    pass =
        Gauge.builder()
            .name("smartagent_application_discovery_pass_seconds")
            .help("How long the last look at all processes took")
            .register(registry);
  }

  /** Shows what a pass has found. */
  void update(Scan scan, List<HostProcess> found, Duration time) {
    processes.set(scan.processes().size());
    unreadable.set(scan.unreadableExecutables());
    pass.set(time.toNanos() / NANOSECONDS);
    Map<Labels, Integer> counts = new HashMap<>();
    for (HostProcess application : found) {
      Software software = application.software();
      counts.merge(
          new Labels(orEmpty(software.language()), orEmpty(software.product())), 1, Integer::sum);
    }
    // Those that are gone stay at 0: a series that vanishes looks like one that is not scraped.
    shown.addAll(counts.keySet());
    for (Labels labels : shown) {
      applications
          .labelValues(labels.language(), labels.product())
          .set(counts.getOrDefault(labels, 0));
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
