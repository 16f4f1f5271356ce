package io.smartagent.documentation;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.module.Event;
import io.smartagent.module.EventSink;
import io.smartagent.module.HealthState;
import io.smartagent.module.MetricFamily;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.module.ModuleHealth;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleState;
import io.smartagent.module.ModuleStatus;
import io.smartagent.module.ModuleTelemetry;
import io.smartagent.telemetry.AgentMetrics;
import io.smartagent.telemetry.AttestationReport;
import io.smartagent.telemetry.ClusterCounts;
import io.smartagent.telemetry.ConfigurationReport;
import io.smartagent.telemetry.DocumentedEvents;
import io.smartagent.telemetry.EventStream;
import io.smartagent.telemetry.StatusReport;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** TELEMETRY.md: all that the agent reports, from what the modules themselves are held to. */
final class TelemetryDocument {

  private static final String INTRODUCTION =
      """
      # What the agent reports

      Made from the code: `mvn test -pl agent-core -am -Dreadme.update=true` writes it anew, and a test compares.

      Events are lines of JSON on standard output. Every type has all of its attributes always; what is unknown or does not apply is
      `null`. `containerId`, `containerName`, `containerRuntime`, `image`, `podUid`, `podName` and `podNamespace` say whose it is; a process
      of the host has none of them. Metrics are at `/metrics`, in Prometheus' text format. A gauge or counter of something that is gone
      from the host is gone too.

      """;

  private TelemetryDocument() {}

  /** Returns the document, in Markdown. */
  static String text(List<ModuleDefinition> catalog) {
    StringBuilder document = new StringBuilder(INTRODUCTION);
    for (ModuleDefinition module : catalog) {
      ModuleTelemetry telemetry = module.telemetry();
      document.append("## ").append(module.id()).append("\n\n");
      document.append("It ").append(module.summary()).append(".\n\n");
      telemetry.examples().forEach(event -> writeEvent(document, module.id(), event));
      writeMetrics(document, telemetry.metrics());
    }
    document.append("## The agent itself\n\n");
    DocumentedEvents.agents().forEach(event -> writeEvent(document, EventSink.AGENT, event));
    writeMetrics(document, agents());
    return document.toString().stripTrailing() + "\n";
  }

  private static void writeEvent(StringBuilder document, String module, Event event) {
    document.append("### ").append(event.type().name()).append("\n\n");
    document.append(event.type().meaning()).append("\n\n");
    document.append("```json\n").append(DocumentedEvents.line(module, event));
    document.append("\n```\n\n");
  }

  private static void writeMetrics(StringBuilder document, List<MetricFamily> metrics) {
    if (metrics.isEmpty()) {
      return;
    }
    document.append("| metric | type | labels | meaning |\n| --- | --- | --- | --- |\n");
    for (MetricFamily metric : metrics) {
      document
          .append("| `")
          .append(metric.name())
          .append("` | ")
          .append(metric.kind().id())
          .append(" | ")
          .append(
              metric.labels().stream()
                  .map(label -> "`" + label + "`")
                  .collect(Collectors.joining(", ")))
          .append(" | ")
          .append(metric.help().replace("|", "\\|"))
          .append(metric.buckets().isEmpty() ? "" : "; buckets " + metric.buckets())
          .append(" |\n");
    }
    document.append('\n');
  }

  /** The agent's own are read off a registry, where it has put them. */
  private static List<MetricFamily> agents() {
    PrometheusRegistry registry = new PrometheusRegistry();
    AgentMetrics.register(
        registry, TelemetryDocument::report, new EventStream(OutputStream.nullOutputStream()));
    AgentMetrics.registerDrift(registry, () -> 0);
    AgentMetrics.registerCluster(
        registry, () -> new ClusterCounts(0, 0, Map.of("rate", 0L), Map.of("events", 0L)));
    return registry.scrape().stream()
        .map(TelemetryDocument::family)
        .sorted(Comparator.comparing(MetricFamily::name))
        .toList();
  }

  private static MetricFamily family(MetricSnapshot snapshot) {
    String name = snapshot.getMetadata().getPrometheusName();
    String help = String.valueOf(snapshot.getMetadata().getHelp());
    String[] labels =
        snapshot.getDataPoints().stream()
            .map(DataPointSnapshot::getLabels)
            .flatMap(all -> all.stream().map(Label::getName))
            .distinct()
            .toArray(String[]::new);
    return snapshot instanceof CounterSnapshot
        ? MetricFamily.counter(name + "_total", help, labels)
        : MetricFamily.gauge(name, help, labels);
  }

  private static StatusReport report() {
    ModulePlan plan =
        new ModulePlan(
            "host-events", ModuleState.ENABLED, "kmsg", CapabilitySet.NONE, null, null, null, null);
    return new StatusReport(
        "1",
        "",
        Instant.EPOCH,
        "read-only",
        "remount",
        new StatusReport.User("nobody", 65534, 65534, List.of(), false),
        CapabilitySet.NONE,
        CapabilitySet.NONE,
        List.of(new ModuleStatus(plan, new ModuleHealth(HealthState.HEALTHY, null, null, null, 0))),
        new AttestationReport(List.of()),
        List.of(),
        true,
        ConfigurationReport.UNKNOWN);
  }
}
