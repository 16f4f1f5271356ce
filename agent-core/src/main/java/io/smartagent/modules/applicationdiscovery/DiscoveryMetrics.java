package io.smartagent.modules.applicationdiscovery;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.smartagent.module.MetricFamily;
import io.smartagent.module.MetricTable;
import io.smartagent.modules.applicationdiscovery.ProcessTable.Scan;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of {@code application-discovery}. Labels have the values of {@link SoftwareCatalog}
 * and {@link Language} only, so there are as many series as rules at most.
 */
final class DiscoveryMetrics {

  static final MetricFamily APPLICATIONS =
      MetricFamily.gauge(
          "smartagent_applications", "Applications on the host", "language", "product");

  static final MetricFamily PROCESSES =
      MetricFamily.gauge(
          "smartagent_processes", "Processes on the host, without the kernel's threads");

  static final MetricFamily UNREADABLE =
      MetricFamily.gauge(
          "smartagent_processes_executable_unreadable",
          "Processes whose executable this agent may not see");

  static final MetricFamily LEFT_OUT =
      MetricFamily.gauge(
          "smartagent_processes_truncated",
          "Processes that were not looked at, because there are more than 20,000");

  static final MetricFamily PORTS =
      MetricFamily.gauge(
          "smartagent_application_ports", "Ports that applications were found to listen on");

  static final MetricFamily PORTS_LEFT_OUT =
      MetricFamily.gauge(
          "smartagent_application_ports_truncated",
          "Ports that are not reported, because an application has more than 64");

  static final MetricFamily SOCKETS_TRUNCATED =
      MetricFamily.gauge(
          "smartagent_application_sockets_truncated",
          "1 where a network namespace has more than 4,096 sockets that wait, else 0");

  static final MetricFamily PASS =
      MetricFamily.gauge(
          "smartagent_application_discovery_pass_seconds",
          "How long the last look at all processes took");

  static final MetricFamily STARTS =
      MetricFamily.counter("smartagent_application_starts_total", "Applications that started");

  static final MetricFamily ENDS =
      MetricFamily.counter("smartagent_application_ends_total", "Applications that ended");

  static final MetricFamily MISSED =
      MetricFamily.counter(
          "smartagent_process_executions_missed_total",
          "Programs that had ended before they could be looked at, or were too many");

  static final MetricFamily OVERRUNS =
      MetricFamily.counter(
          "smartagent_process_events_overruns_total",
          "How often the kernel reported more of processes than could be followed");

  /** All of them. */
  static final List<MetricFamily> FAMILIES =
      List.of(
          APPLICATIONS,
          PROCESSES,
          UNREADABLE,
          LEFT_OUT,
          PORTS,
          PORTS_LEFT_OUT,
          SOCKETS_TRUNCATED,
          PASS,
          STARTS,
          ENDS,
          MISSED,
          OVERRUNS);

  private static final double NANOSECONDS = 1e9;

  private final MetricTable table = new MetricTable(FAMILIES);
  private final Set<Labels> shown = new HashSet<>();
  private final Map<MetricFamily, Double> single = new HashMap<>();
  private Map<Labels, Integer> applications = Map.of();
  private List<Long> counters = List.of();

  /** Labels of {@link #APPLICATIONS}. */
  private record Labels(String language, String product) {}

  DiscoveryMetrics(PrometheusRegistry registry) {
    registry.register(table);
  }

  /** Shows what a pass has found. */
  void pass(Scan scan, Collection<Application> found, boolean socketsTruncated, Duration time) {
    Map<Labels, Integer> counts = new HashMap<>();
    int ports = 0;
    int portsLeftOut = 0;
    for (Application application : found) {
      Software software = application.details().software();
      Language language = software.language();
      counts.merge(
          new Labels(language == null ? "" : language.id(), orEmpty(software.product())),
          1,
          Integer::sum);
      ports += application.ports().list().size();
      portsLeftOut += application.ports().leftOut();
    }
    applications = counts;
    // Those that are gone stay at 0: a series that vanishes looks like one that is not scraped.
    shown.addAll(counts.keySet());
    single.put(PROCESSES, (double) scan.processes().size());
    single.put(UNREADABLE, (double) scan.unreadableExecutables());
    single.put(LEFT_OUT, (double) scan.leftOut());
    single.put(PORTS, (double) ports);
    single.put(PORTS_LEFT_OUT, (double) portsLeftOut);
    single.put(SOCKETS_TRUNCATED, socketsTruncated ? 1.0 : 0.0);
    single.put(PASS, time.toNanos() / NANOSECONDS);
    counters = List.of();
  }

  /** Shows what has been counted, and with it the last pass. */
  void count(RunningApplications running, long missed, long overruns) {
    List<Long> now = List.of(running.starts(), running.ends(), missed, overruns);
    if (now.equals(counters)) {
      return;
    }
    counters = now;
    MetricTable.Pass pass = table.begin();
    for (Labels labels : shown) {
      pass.add(
          APPLICATIONS, applications.getOrDefault(labels, 0), labels.language(), labels.product());
    }
    single.forEach((family, value) -> pass.add(family, value));
    pass.add(STARTS, (double) running.starts());
    pass.add(ENDS, (double) running.ends());
    pass.add(MISSED, (double) missed);
    pass.add(OVERRUNS, (double) overruns);
    pass.show();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
