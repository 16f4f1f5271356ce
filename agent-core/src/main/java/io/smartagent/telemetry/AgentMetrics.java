package io.smartagent.telemetry;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import io.smartagent.module.HealthState;
import io.smartagent.module.ModuleState;
import io.smartagent.module.ModuleStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** The agent's own metrics, each read when it is asked for. */
public final class AgentMetrics {

  private AgentMetrics() {}

  /**
   * Registers the metrics.
   *
   * @param report what the agent reports about itself now
   */
  public static void register(
      PrometheusRegistry registry, Supplier<StatusReport> report, EventStream events) {
    registerProcess(registry, report);
    registerModules(registry, report);
    registerAttestation(registry, report);
    registerConfiguration(registry, report);
    registerEvents(
        registry,
        report,
        "smartagent_events_emitted",
        "Events written to stdout.",
        events::emitted);
    registerEvents(
        registry,
        report,
        "smartagent_events_lost",
        "Events that were not written, because stdout was not read in time.",
        events::lost);
  }

  /**
   * Registers what the guard of the seal counts.
   *
   * @param openMounts how many mounts can be written that must not be
   */
  public static void registerDrift(PrometheusRegistry registry, IntSupplier openMounts) {
    gauge(
            "smartagent_seal_drift_mounts",
            "Mounts of the virtual root that must be read-only and have become writable.")
        .callback(callback -> callback.call(openMounts.getAsInt()))
        .register(registry);
  }

  /**
   * Registers what is reported to Kubernetes.
   *
   * @param counts what was reported so far
   */
  public static void registerCluster(PrometheusRegistry registry, Supplier<ClusterCounts> counts) {
    CounterWithCallback.builder()
        .name("smartagent_agent_node_writes")
        .help("How often the node's AgentNode was written.")
        .callback(callback -> callback.call((double) counts.get().agentNodeWrites()))
        .register(registry);
    CounterWithCallback.builder()
        .name("smartagent_kubernetes_events_written")
        .help("How often a Kubernetes Event was created or changed.")
        .callback(callback -> callback.call((double) counts.get().eventsWritten()))
        .register(registry);
    CounterWithCallback.builder()
        .name("smartagent_kubernetes_events_dropped")
        .help(
            "Events that were not reported to Kubernetes, by reason: queue (too many different"
                + " ones at once), rate (too many of one pod or node), age (the API server was not"
                + " available in time), refused (the pod's namespace is gone).")
        .labelNames("reason")
        .callback(callback ->
            counts
                .get()
                .eventsDropped()
                .forEach((reason, count) -> callback.call((double) count, reason)))
        .register(registry);
    CounterWithCallback.builder()
        .name("smartagent_kubernetes_requests_failed")
        .help("Requests that the API server did not do, by what they were for.")
        .labelNames("feature")
        .callback(callback ->
            counts
                .get()
                .requestsFailed()
                .forEach((feature, count) -> callback.call((double) count, feature)))
        .register(registry);
  }

  private static void registerProcess(PrometheusRegistry registry, Supplier<StatusReport> report) {
    StatusReport now = report.get();
    Info.builder()
        .name("smartagent_build_info")
        .help("The program's version and the Java runtime it runs on.")
        .labelNames("version", "java_version")
        .register(registry)
        .setLabelValues(now.version(), Runtime.version().toString());
    Instant started = now.startedAt();
    gauge("smartagent_start_time_seconds", "When the agent started, in Unix time.")
        .unit(Unit.SECONDS)
        .callback(callback -> callback.call(started.toEpochMilli() / 1000.0))
        .register(registry);
    gauge("smartagent_uptime_seconds", "How long the agent has been running.")
        .unit(Unit.SECONDS)
        .callback(
            callback -> callback.call(Duration.between(started, Instant.now()).toMillis() / 1000.0))
        .register(registry);
  }

  private static void registerModules(PrometheusRegistry registry, Supplier<StatusReport> report) {
    gauge("smartagent_module_state", "What was decided about a module: 1 for its state.")
        .labelNames("module", "state")
        .callback(callback -> {
          for (ModuleStatus module : report.get().modules()) {
            for (ModuleState state : ModuleState.values()) {
              double value = module.plan().state() == state ? 1 : 0;
              callback.call(value, module.plan().id(), state.id());
            }
          }
        })
        .register(registry);
    gauge("smartagent_module_health", "How a module is doing: 1 for its state.")
        .labelNames("module", "state")
        .callback(callback -> {
          for (ModuleStatus module : report.get().modules()) {
            for (HealthState state : HealthState.values()) {
              double value = module.health().state() == state ? 1 : 0;
              callback.call(value, module.plan().id(), state.id());
            }
          }
        })
        .register(registry);
    CounterWithCallback.builder()
        .name("smartagent_module_restarts")
        .help("How often a module was started again after it failed.")
        .labelNames("module")
        .callback(callback -> {
          for (ModuleStatus module : report.get().modules()) {
            callback.call((double) module.health().restarts(), module.plan().id());
          }
        })
        .register(registry);
  }

  private static void registerAttestation(
      PrometheusRegistry registry, Supplier<StatusReport> report) {
    gauge(
            "smartagent_attestation_passed",
            "Whether everything that must be impossible proved to be.")
        .callback(callback -> {
          AttestationReport attestation = report.get().attestation();
          callback.call(attestation != null && attestation.passed() ? 1 : 0);
        })
        .register(registry);
    gauge("smartagent_attestation_check_passed", "Whether one check of the attestation passed.")
        .labelNames("check")
        .callback(callback -> {
          AttestationReport attestation = report.get().attestation();
          if (attestation != null) {
            for (AttestationReport.Check check : attestation.checks()) {
              callback.call(check.passed() ? 1 : 0, check.name());
            }
          }
        })
        .register(registry);
  }

  private static void registerConfiguration(
      PrometheusRegistry registry, Supplier<StatusReport> report) {
    gauge(
            "smartagent_configuration_valid",
            "Whether the configuration that was seen last holds: 0 where it was refused or cannot"
                + " be read.")
        .callback(callback -> callback.call(report.get().configuration().isValid() ? 1 : 0))
        .register(registry);
    CounterWithCallback.builder()
        .name("smartagent_configuration_changes")
        .help("Versions of the configuration, by what became of them: applied or refused.")
        .labelNames("result")
        .callback(callback -> {
          ConfigurationReport configuration = report.get().configuration();
          callback.call((double) configuration.applied(), "applied");
          callback.call((double) configuration.refused(), "refused");
        })
        .register(registry);
  }

  /**
   * A module that has reported nothing yet is there too: what is not there cannot be seen to grow.
   */
  private static void registerEvents(
      PrometheusRegistry registry,
      Supplier<StatusReport> report,
      String name,
      String help,
      Supplier<Map<String, Long>> counts) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("module")
        .callback(callback -> {
          Map<String, Long> now = counts.get();
          for (ModuleStatus module : report.get().modules()) {
            String id = module.plan().id();
            callback.call((double) now.getOrDefault(id, 0L), id);
          }
        })
        .register(registry);
  }

  private static GaugeWithCallback.Builder gauge(String name, String help) {
    return GaugeWithCallback.builder().name(name).help(help);
  }
}
