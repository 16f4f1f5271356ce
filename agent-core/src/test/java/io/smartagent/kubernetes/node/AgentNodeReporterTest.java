package io.smartagent.kubernetes.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kubernetes.client.ApiCondition;
import io.smartagent.kubernetes.client.ApiFailure;
import io.smartagent.kubernetes.client.ApiFailure.Kind;
import io.smartagent.kubernetes.client.ApiRequestException;
import io.smartagent.kubernetes.node.AgentNodeStatus.Truth;
import io.smartagent.module.HealthState;
import io.smartagent.module.ModuleHealth;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleState;
import io.smartagent.module.ModuleStatus;
import io.smartagent.telemetry.AttestationReport;
import io.smartagent.telemetry.ConfigurationReport;
import io.smartagent.telemetry.StatusReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AgentNodeReporterTest {

  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  private final Server server = new Server();
  private final ApiCondition condition = new ApiCondition("It is not kept", "It is kept again.");
  private final List<ModuleStatus> modules =
      new ArrayList<>(List.of(module("host-events", HealthState.HEALTHY, null)));
  private @Nullable AttestationReport attestation = new AttestationReport(List.of());
  private ConfigurationReport configuration = ConfigurationReport.UNKNOWN;
  private boolean allStarted = true;
  private long now = 1_000_000_000_000L;

  private final AgentNodeReporter reporter =
      new AgentNodeReporter(
          server,
          this::report,
          condition,
          () -> START.plusNanos(now - 1_000_000_000_000L),
          () -> now,
          new Random(1));

  /** The API server, as far as it knows AgentNodes. */
  private static final class Server implements AgentNodes {

    private final List<String> requests = new ArrayList<>();
    private boolean exists;
    private @Nullable AgentNodeStatus status;
    private @Nullable ApiRequestException refusal;

    @Override
    public @Nullable AgentNodeStatus read() throws ApiRequestException {
      answer("read");
      if (!exists) {
        throw missing();
      }
      return status;
    }

    @Override
    public void create() throws ApiRequestException {
      answer("create");
      exists = true;
    }

    @Override
    public void write(AgentNodeStatus now) throws ApiRequestException {
      answer("write");
      if (!exists) {
        throw missing();
      }
      status = now;
    }

    private void answer(String request) throws ApiRequestException {
      requests.add(request);
      if (refusal != null) {
        throw refusal;
      }
    }

    private long writes() {
      return requests.stream().filter("write"::equals).count();
    }
  }

  private static ApiRequestException failure(
      Kind kind, int code, @Nullable Duration retryAfter, String answer) {
    return new ApiRequestException(
        new ApiFailure(kind, "It is so.", "Do that."),
        code,
        retryAfter,
        Serialization.unmarshal(answer, Status.class),
        new IllegalStateException());
  }

  private static ApiRequestException missing() {
    return failure(Kind.NOT_FOUND, 404, null, "{\"details\":{\"name\":\"node-1\"}}");
  }

  private static ModuleStatus module(String id, HealthState health, @Nullable String error) {
    return new ModuleStatus(
        new ModulePlan(
            id, ModuleState.ENABLED, "syslog", CapabilitySet.NONE, null, null, null, null),
        new ModuleHealth(health, error, "7 lines", START, 0));
  }

  private StatusReport report() {
    return new StatusReport(
        "1.2.3",
        "node-1",
        START,
        "read-only",
        "remount",
        new StatusReport.User("agent", 1000, 1000, List.of(), false),
        CapabilitySet.NONE,
        CapabilitySet.NONE,
        modules,
        attestation,
        List.of(),
        allStarted,
        configuration);
  }

  /** Turns for so long, as often as it is asked to. */
  private void turnFor(Duration time) {
    long end = now + time.toNanos();
    while (now < end) {
      now += reporter.turn().toNanos();
    }
  }

  private AgentNodeStatus written() {
    return Objects.requireNonNull(server.status);
  }

  @Test
  void createsTheObjectAndWritesOnce() {
    turnFor(Duration.ofMinutes(20));

    assertThat(server.requests).containsExactly("read", "create", "write");
    assertThat(written().ready().status()).isEqualTo(Truth.TRUE);
    assertThat(reporter.writes()).isEqualTo(1);
  }

  @Test
  void writesNothingAfterARestartThatChangesNothing() {
    server.exists = true;
    server.status = StatusSummary.of(report(), null, START.minusSeconds(500));

    turnFor(Duration.ofMinutes(20));

    assertThat(server.requests).containsExactly("read");
  }

  @Test
  void waitsUntilItIsDecidedWhatRuns() {
    allStarted = false;
    turnFor(Duration.ofSeconds(5));
    assertThat(server.requests).isEmpty();

    allStarted = true;
    turnFor(Duration.ofSeconds(5));
    assertThat(written().ready().reason()).isEqualTo("Running");
    assertThat(server.writes()).isEqualTo(1);
  }

  @Test
  void reportsAStartThatDoesNotEnd() {
    allStarted = false;
    turnFor(Duration.ofSeconds(70));

    assertThat(written().ready().status()).isEqualTo(Truth.FALSE);
    assertThat(written().ready().reason()).isEqualTo("Starting");
  }

  @Test
  void reportsWhatChangesWithTheTimeOfTheChange() {
    turnFor(Duration.ofMinutes(1));
    Instant ready = written().ready().since();
    modules.set(0, module("host-events", HealthState.UNHEALTHY, "it fell"));
    turnFor(Duration.ofMinutes(1));
    assertThat(written().modules().getFirst().lastError()).isEqualTo("it fell");
    assertThat(written().ready().since()).isEqualTo(ready);

    attestation =
        new AttestationReport(List.of(new AttestationReport.Check("sealed-host", false, "/srv")));
    turnFor(Duration.ofMinutes(1));
    assertThat(written().ready().reason()).isEqualTo("AttestationFailed");
    assertThat(written().ready().since()).isAfter(ready);
    assertThat(server.writes()).isEqualTo(3);
  }

  @Test
  void doesNotReportWhatChangesAllTheTime() {
    turnFor(Duration.ofMinutes(1));
    modules.set(
        0,
        new ModuleStatus(
            modules.getFirst().plan(),
            new ModuleHealth(HealthState.HEALTHY, "once", "8 lines", START.plusSeconds(9), 3)));
    turnFor(Duration.ofMinutes(5));

    assertThat(server.writes()).isEqualTo(1);
  }

  @Test
  void writesOnceAMinuteAtMostWhereSomethingFlaps() {
    turnFor(Duration.ofSeconds(10));
    long began = now;
    for (int i = 0; i < 360; i++) {
      modules.set(0, module("host-events", HealthState.UNHEALTHY, "fault " + i));
      turnFor(Duration.ofSeconds(10));
    }

    assertThat(server.writes()).isLessThanOrEqualTo(Duration.ofNanos(now - began).toMinutes() + 7);
    assertThat(written().modules().getFirst().lastError()).isEqualTo("fault 359");
  }

  @Test
  void createsItAgainAfterItWasDeleted() {
    turnFor(Duration.ofMinutes(1));
    server.exists = false;
    server.status = null;
    turnFor(Duration.ofMinutes(37));

    assertThat(server.requests)
        .containsExactly("read", "create", "write", "read", "create", "write");
  }

  @Test
  void createsItAgainAtOnceWhereAWriteDoesNotFindIt() {
    turnFor(Duration.ofMinutes(1));
    server.exists = false;
    modules.set(0, module("host-events", HealthState.UNHEALTHY, "it fell"));
    turnFor(Duration.ofMinutes(1));

    assertThat(written().modules().getFirst().lastError()).isEqualTo("it fell");
  }

  @Test
  void correctsWhatOthersHaveWritten() {
    turnFor(Duration.ofMinutes(1));
    AgentNodeStatus ours = written();
    server.status = null;
    turnFor(Duration.ofMinutes(37));

    assertThat(written().modules()).isEqualTo(ours.modules());
  }

  @Test
  void asksLessAndLessOftenWhileTheServerIsDown() {
    server.refusal = failure(Kind.UNREACHABLE, 0, null, "{}");
    turnFor(Duration.ofHours(2));

    assertThat(server.requests).hasSizeBetween(24, 70);
    assertThat(reporter.failures()).isEqualTo(server.requests.size());
    assertThat(condition.text()).isEqualTo("It is not kept: It is so. Do that.");

    server.refusal = null;
    turnFor(Duration.ofMinutes(6));
    assertThat(server.writes()).isEqualTo(1);
    assertThat(condition.text()).isNull();
  }

  @Test
  void comesNoSoonerThanTheServerAsks() {
    server.refusal = failure(Kind.TOO_MANY_REQUESTS, 429, Duration.ofSeconds(40), "{}");

    assertThat(reporter.turn()).isGreaterThan(Duration.ofSeconds(40));
  }

  @Test
  void doesNotCreateWhereTheKindIsNotKnown() {
    server.refusal = failure(Kind.NOT_FOUND, 404, null, "{}");
    reporter.turn();

    assertThat(server.requests).containsExactly("read");
  }

  @Test
  void saysThatItEndsWhereItHasSaidSomething() {
    reporter.end();
    assertThat(server.requests).isEmpty();

    turnFor(Duration.ofMinutes(1));
    reporter.end();
    assertThat(written().ready().status()).isEqualTo(Truth.UNKNOWN);
    assertThat(written().ready().reason()).isEqualTo("AgentEnded");
  }

  @Test
  void createsItAgainAfterAnUnnoticedDeletion() {
    turnFor(Duration.ofMinutes(1));
    server.exists = false;
    server.requests.clear();
    modules.set(0, module("host-events", HealthState.UNHEALTHY, "it fell"));
    Duration pause = reporter.turn();

    assertThat(pause).isZero();
    assertThat(condition.text()).isNull();

    turnFor(Duration.ofSeconds(1));

    assertThat(server.requests).containsExactly("write", "read", "create", "write");
    assertThat(written().modules().getFirst().lastError()).isEqualTo("it fell");
  }

  @Test
  void reportsARefusedConfiguration() {
    configuration =
        new ConfigurationReport(
            "ConfigMap a/b",
            ConfigurationReport.State.REFUSED,
            "7",
            null,
            null,
            List.of("X is \"soon\".", "Y is unknown."),
            0,
            1,
            List.of());
    turnFor(Duration.ofMinutes(1));

    assertThat(written().warnings()).containsExactly("Configuration 7 is refused: X is \"soon\".");

    configuration = ConfigurationReport.UNKNOWN;
    turnFor(Duration.ofMinutes(1));

    assertThat(written().warnings()).isEmpty();
  }

  @Test
  void doesNotReportToTheServerThatItWasAway() {
    modules.set(0, module("kubernetes-attributes", HealthState.HEALTHY, null));
    turnFor(Duration.ofMinutes(1));
    modules.set(
        0,
        module(
            "kubernetes-attributes",
            HealthState.UNHEALTHY,
            "The API server at https://a does not answer in time. Look at its load."));
    turnFor(Duration.ofMinutes(1));

    assertThat(server.writes()).isEqualTo(1);

    String forbidden = "The API server at https://a does not allow to list pods (403 Forbidden).";
    modules.set(0, module("kubernetes-attributes", HealthState.UNHEALTHY, forbidden));
    turnFor(Duration.ofMinutes(1));

    assertThat(written().modules().getFirst().lastError()).isEqualTo(forbidden);
  }
}
