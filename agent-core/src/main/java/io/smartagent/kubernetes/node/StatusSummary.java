package io.smartagent.kubernetes.node;

import io.smartagent.kubernetes.client.ClusterClient;
import io.smartagent.kubernetes.node.AgentNodeStatus.Attestation;
import io.smartagent.kubernetes.node.AgentNodeStatus.Check;
import io.smartagent.kubernetes.node.AgentNodeStatus.Module;
import io.smartagent.kubernetes.node.AgentNodeStatus.Ready;
import io.smartagent.kubernetes.node.AgentNodeStatus.Truth;
import io.smartagent.kubernetes.node.AgentNodeStatus.User;
import io.smartagent.module.HealthState;
import io.smartagent.module.ModuleHealth;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleStatus;
import io.smartagent.telemetry.AttestationReport;
import io.smartagent.telemetry.ConfigurationReport;
import io.smartagent.telemetry.StatusReport;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes an {@link AgentNodeStatus} of the agent's own report. Values that change all the time are
 * excluded: each change is a request of every node.
 */
final class StatusSummary {

  /** The module that asks the server that an AgentNode is kept by. */
  private static final String OF_API_SERVER = "kubernetes-attributes";

  private StatusSummary() {}

  /**
   * Returns what to report.
   *
   * @param before what was reported last; null if nothing was
   * @param now for what has changed since
   */
  static AgentNodeStatus of(StatusReport report, @Nullable AgentNodeStatus before, Instant now) {
    StatusReport.User user = report.user();
    AgentNodeStatus status =
        new AgentNodeStatus(
            report.version(),
            report.mode(),
            report.seal(),
            new User(
                user.name(),
                Integer.toUnsignedLong(user.uid()),
                Integer.toUnsignedLong(user.gid()),
                user.root()),
            report.kept().names(),
            attestation(report.attestation()),
            report.modules().stream()
                .map(module -> module(module, before))
                .sorted(Comparator.comparing(Module::id))
                .toList(),
            warnings(report),
            ready(report, before, now));
    return status.bounded(StatusSummary::size);
  }

  private static int size(AgentNodeStatus status) {
    return ClusterClient.json(AgentNode.of("", status)).getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * Problems of settings come first, because only the first ones are reported. That the API server
   * does not return them is not reported to the API server.
   */
  private static List<String> warnings(StatusReport report) {
    ConfigurationReport configuration = report.configuration();
    if (configuration.state() != ConfigurationReport.State.REFUSED) {
      return report.warnings();
    }
    List<String> warnings = new ArrayList<>();
    String version = configuration.version();
    warnings.add(
        "Configuration"
            + (version == null ? "" : " " + version)
            + " is refused"
            + configuration.problems().stream()
                .findFirst()
                .map(problem -> ": " + problem)
                .orElse("."));
    warnings.addAll(report.warnings());
    return warnings;
  }

  /** Returns what to report of an agent that shuts down. */
  static AgentNodeStatus ended(AgentNodeStatus before, Instant now) {
    return before.with(since(Truth.UNKNOWN, "AgentEnded", "The agent was shut down.", before, now));
  }

  private static Attestation attestation(@Nullable AttestationReport report) {
    return report == null
        ? new Attestation(false, List.of())
        : new Attestation(
            report.passed(),
            report.failures().stream()
                .map(check -> new Check(check.name(), check.detail()))
                .toList());
  }

  private static Module module(ModuleStatus status, @Nullable AgentNodeStatus before) {
    Module now = module(status);
    if (before == null || !isOutage(now)) {
      return now;
    }
    return before.modules().stream()
        .filter(last -> last.id().equals(now.id()))
        .findFirst()
        .map(last -> now.with(last.health(), last.lastError()))
        .orElse(now);
  }

  /**
   * Returns whether a module only waits for the API server, as the same one of every node does: all
   * of them would report that at once when it is back. What a role forbids lasts until it is read.
   */
  private static boolean isOutage(Module module) {
    String error = module.lastError();
    return module.id().equals(OF_API_SERVER)
        && error != null
        && error.contains("API server at ")
        && !error.contains("403 Forbidden");
  }

  private static Module module(ModuleStatus status) {
    ModulePlan plan = status.plan();
    ModuleHealth health = status.health();
    return new Module(
        plan.id(),
        plan.state().id(),
        plan.source(),
        plan.missing(),
        plan.blockedBy() == null ? null : plan.blockedBy().id(),
        plan.effect(),
        plan.remedy(),
        health.state().id(),
        health.state() == HealthState.HEALTHY ? null : health.lastError());
  }

  private static Ready ready(StatusReport report, @Nullable AgentNodeStatus before, Instant now) {
    String blocker = report.notReadyBecause();
    if (blocker.isEmpty()) {
      return since(Truth.TRUE, "Running", "Every module that can run does.", before, now);
    }
    AttestationReport attestation = report.attestation();
    boolean failed = attestation != null && !attestation.passed();
    return since(Truth.FALSE, failed ? "AttestationFailed" : "Starting", blocker, before, now);
  }

  /** The time is that of the last change of the status, not of its reason: Kubernetes' rule. */
  private static Ready since(
      Truth truth, String reason, String message, @Nullable AgentNodeStatus before, Instant now) {
    Instant since =
        before != null && before.ready().status() == truth
            ? before.ready().since()
            : now.truncatedTo(ChronoUnit.SECONDS);
    return new Ready(truth, reason, message, since);
  }
}
