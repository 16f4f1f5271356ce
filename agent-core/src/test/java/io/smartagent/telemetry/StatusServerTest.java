package io.smartagent.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.smartagent.config.SettingValue;
import io.smartagent.json.JsonTree;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.module.HealthState;
import io.smartagent.module.ModuleHealth;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleState;
import io.smartagent.module.ModuleStatus;
import io.smartagent.probe.Blocker;
import io.smartagent.results.ResultStore;
import io.smartagent.telemetry.AttestationReport.Check;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StatusServerTest {

  private static final AttestationReport PASSED =
      new AttestationReport(List.of(new Check("sealed-host", true, "38 places refused a write")));
  private static final AttestationReport FAILED =
      new AttestationReport(List.of(new Check("sealed-host", false, "/etc can be written to")));

  private static final ConfigurationReport CONFIGURATION =
      new ConfigurationReport(
          "/var/lib/bonree/config",
          ConfigurationReport.State.REFUSED,
          "..2026_b",
          "..2026_a",
          Instant.parse("2026-03-01T10:15:30Z"),
          List.of("X is \"<b>\". It must be a number."),
          1,
          2,
          List.of(
              new SettingValue("K8S_NODE_NAME", "node-7", "K8S_NODE_NAME"),
              new SettingValue(
                  "SMARTAGENT_LOG_PODS", "app=web", "/var/lib/bonree/config/SMARTAGENT_LOG_PODS")));

  private final PrometheusRegistry metrics = new PrometheusRegistry();
  private final EventStream events = new EventStream(new ByteArrayOutputStream());
  private volatile StatusReport report = report(PASSED, true);
  private StatusServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ResultStore results;

  StatusServerTest(@TempDir Path data) throws IOException {
    results = new ResultStore(data);
    AgentMetrics.register(metrics, () -> report, events);
    server =
        new StatusServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            metrics,
            () -> report,
            results);
  }

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
    client.close();
  }

  private static StatusReport report(@Nullable AttestationReport attestation, boolean allStarted) {
    ModulePlan discovery =
        new ModulePlan(
            "application-discovery",
            ModuleState.ENABLED,
            "proc-full",
            CapabilitySet.of(Capability.CAP_SYS_PTRACE),
            null,
            null,
            null,
            null);
    ModulePlan events =
        new ModulePlan(
            "host-events",
            ModuleState.DEGRADED,
            "counters",
            CapabilitySet.NONE,
            "CAP_SYSLOG",
            Blocker.BOUNDING,
            "the process's name is unknown",
            "securityContext:\n  capabilities:\n    add: [SYSLOG]");
    return new StatusReport(
        "1.2.3",
        "node-7",
        Instant.now().minusSeconds(75),
        "read-only",
        "remount",
        new StatusReport.User("nobody", -2, 65534, List.of(4, 100), false),
        CapabilitySet.of(Capability.CAP_SYS_PTRACE),
        CapabilitySet.of(Capability.CAP_SYS_ADMIN, Capability.CAP_CHOWN),
        List.of(
            new ModuleStatus(
                events, new ModuleHealth(HealthState.UNHEALTHY, "<script>", null, null, 3)),
            new ModuleStatus(
                discovery,
                new ModuleHealth(HealthState.HEALTHY, null, "12 processes", Instant.now(), 0))),
        attestation,
        List.of("User \"x\" & others are not there."),
        allStarted,
        CONFIGURATION);
  }

  private URI uri(String path) {
    return URI.create("http://localhost:" + server.address().getPort() + path);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  @Test
  void saysWhatHasBecomeOfAConfigurationAndWhereEachSettingIsFrom() throws Exception {
    JsonTree status = JsonTree.parse(get("/status").body().getBytes(StandardCharsets.UTF_8));
    JsonTree configuration = status.get("configuration");

    assertThat(configuration.get("source").text()).isEqualTo("/var/lib/bonree/config");
    assertThat(configuration.get("state").text()).isEqualTo("refused");
    assertThat(configuration.get("version").text()).isEqualTo("..2026_b");
    assertThat(configuration.get("appliedVersion").text()).isEqualTo("..2026_a");
    assertThat(configuration.get("appliedAt").text()).isEqualTo("2026-03-01T10:15:30Z");
    assertThat(configuration.get("problems").texts())
        .containsExactly("X is \"<b>\". It must be a number.");
    assertThat(status.get("settings").items())
        .extracting(setting -> setting.get("source").text())
        .containsExactly("K8S_NODE_NAME", "/var/lib/bonree/config/SMARTAGENT_LOG_PODS");
    assertThat(get("/").body())
        .contains("refused, version ..2026_b", "X is &quot;&lt;b&gt;&quot;.")
        .contains("<li>SMARTAGENT_LOG_PODS: app=web</li>")
        .doesNotContain("K8S_NODE_NAME");
  }

  @Test
  void countsWhatHasBecomeOfConfigurations() throws Exception {
    assertThat(get("/metrics").body())
        .contains("smartagent_configuration_valid 0.0\n")
        .contains("smartagent_configuration_changes_total{result=\"applied\"} 1.0\n")
        .contains("smartagent_configuration_changes_total{result=\"refused\"} 2.0\n");
  }

  @Test
  void isAliveWhateverElseIsWrong() throws Exception {
    report = report(FAILED, false);

    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void isReadyWhenAttestedAndStarted() throws Exception {
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void isNotReadyBeforeItHasAttested() throws Exception {
    report = report(null, true);

    HttpResponse<String> answer = get("/readyz");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("attestation has not ended yet");
    assertThat(JsonTree.parse(bytes(get("/status"))).get("attestation").get("passed").isTrue())
        .isFalse();
  }

  @Test
  void isNotReadyBeforeAllModulesWereStarted() throws Exception {
    report = report(PASSED, false);

    assertThat(get("/readyz").statusCode()).isEqualTo(503);
  }

  @Test
  void saysWhichCheckKeepsItFromBeingReady() throws Exception {
    report = report(FAILED, true);

    HttpResponse<String> answer = get("/readyz");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("sealed-host: /etc can be written to");
  }

  private static byte[] bytes(HttpResponse<String> answer) {
    return answer.body().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void servesItsStatusWithTheKeysOfTheContract() throws Exception {
    HttpResponse<String> answer = get("/status");

    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    JsonTree status = JsonTree.parse(bytes(answer));
    assertThat(status.get("schemaVersion").number()).isEqualTo(1);
    assertThat(status.get("version").text()).isEqualTo("1.2.3");
    assertThat(status.get("nodeName").text()).isEqualTo("node-7");
    assertThat(status.get("mode").text()).isEqualTo("read-only");
    assertThat(status.get("user").get("uid").number()).isEqualTo(4294967294L);
    assertThat(status.get("capabilities").get("kept").texts()).containsExactly("CAP_SYS_PTRACE");
    assertThat(status.get("capabilities").get("dropped").texts())
        .containsExactly("CAP_CHOWN", "CAP_SYS_ADMIN");
    assertThat(status.get("attestation").get("passed").isTrue()).isTrue();
    assertThat(status.get("modules").items())
        .extracting(module -> module.get("id").text())
        .containsExactly("application-discovery", "host-events");
    JsonTree events = status.get("modules").items().get(1);
    assertThat(events.get("state").text()).isEqualTo("degraded");
    assertThat(events.get("blockedBy").text()).isEqualTo("bounding");
    assertThat(events.get("health").get("state").text()).isEqualTo("unhealthy");
    assertThat(events.get("health").get("lastError").text()).isEqualTo("<script>");
    assertThat(answer.body()).contains("\"observed\":null").contains("\"startedAt\":\"");
  }

  @Test
  void exposesMetricsAsPrometheusReadsThem() throws Exception {
    HttpResponse<String> answer = get("/metrics");

    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(answer.body().lines())
        .contains(
            "# TYPE smartagent_module_restarts_total counter",
            "smartagent_module_restarts_total{module=\"host-events\"} 3.0",
            "smartagent_module_state{module=\"host-events\",state=\"degraded\"} 1.0",
            "smartagent_module_state{module=\"host-events\",state=\"enabled\"} 0.0",
            "smartagent_module_health{module=\"host-events\",state=\"unhealthy\"} 1.0",
            "smartagent_attestation_passed 1.0",
            "# TYPE smartagent_events_lost_total counter",
            "smartagent_events_lost_total{module=\"host-events\"} 0.0")
        .anyMatch(line -> line.startsWith("smartagent_build_info{") && line.contains("1.2.3"))
        .anyMatch(line -> line.startsWith("smartagent_uptime_seconds 7"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip|true",
        "deflate, gzip;q=0.5|true",
        "gzip;q=0|false",
        "gzip;q=0.0|false",
        "identity|false",
        "x-gzip-not|false"
      })
  void compressesMetricsForWhoCanReadThat(String accepted, boolean compressed) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/metrics")).header("Accept-Encoding", accepted).build();

    HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());

    assertThat(answer.headers().firstValue("Content-Encoding").isPresent()).isEqualTo(compressed);
    byte[] text =
        compressed
            ? new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes()
            : answer.body();
    assertThat(new String(text, StandardCharsets.UTF_8))
        .contains("smartagent_attestation_passed 1.0")
        .endsWith("\n");
  }

  @Test
  void showsPeopleAPageInWhichNothingIsMarkupButItsOwn() throws Exception {
    HttpResponse<String> answer = get("/");

    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'");
    assertThat(answer.body())
        .contains("application-discovery", "12 processes", "1 min 15 s", "add: [SYSLOG]")
        .contains("&lt;script&gt; (restarts: 3)", "User &quot;x&quot; &amp; others")
        .doesNotContain("<script", "http://", "https://", "src=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/healthz", "/readyz", "/status", "/metrics"})
  void answersHeadAsGetWithoutABody(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri(path)).method("HEAD", noBody()).build();

    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("Content-Type")).isPresent();
    // How long the metrics are is known only when they have been written.
    assertThat(answer.headers().firstValueAsLong("Content-Length").orElse(0) > 0)
        .isEqualTo(!path.equals("/metrics"));
  }

  private static HttpRequest.BodyPublisher noBody() {
    return HttpRequest.BodyPublishers.noBody();
  }

  @ParameterizedTest
  @CsvSource({"POST, /status", "PUT, /", "DELETE, /healthz", "OPTIONS, /metrics"})
  void acceptsNoRequestThatChangesAnything(String method, String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri(path)).method(method, noBody()).build();

    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nothing", "/status/", "/../etc/passwd", "/%2e%2e/status"})
  void knowsNoOtherPath(String path) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/status", "/nothing"})
  void instructsBrowsersToTrustNothing(String path) throws Exception {
    assertThat(get(path).headers().map())
        .containsEntry("x-content-type-options", List.of("nosniff"))
        .containsEntry("referrer-policy", List.of("no-referrer"))
        .containsEntry("cache-control", List.of("no-store"));
  }

  @Test
  void answersWhileOthersNeverFinishTheirRequests() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
        socket.getOutputStream().write("GET /status HTT".getBytes(StandardCharsets.US_ASCII));
        slow.add(socket);
      }

      HttpRequest request =
          HttpRequest.newBuilder(uri("/readyz")).timeout(Duration.ofSeconds(1)).build();
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);

      slow.getFirst().setSoTimeout(10_000);
      assertThat(slow.getFirst().getInputStream().read()).as("closed by the server").isNegative();
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void failsAtOnceWhereThePortIsTaken() {
    assertThatThrownBy(() -> new StatusServer(server.address(), metrics, () -> report, results))
        .isInstanceOf(BindException.class);
  }

  @Test
  void releasesItsPortWhenItStops() throws Exception {
    InetSocketAddress address = server.address();

    server.stop();

    server = new StatusServer(address, metrics, () -> report, results);
    server.start();
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void servesResultsWithTheirMediaTypeAndListsThem() throws Exception {
    results.write("cpu.pprof", "application/octet-stream", 10, 100, out -> out.write(new byte[7]));

    HttpResponse<String> result = get("/results/cpu.pprof");
    assertThat(result.statusCode()).isEqualTo(200);
    assertThat(result.body()).hasSize(7);
    assertThat(result.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
    assertThat(result.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=\"cpu.pprof\"");

    JsonTree listed =
        JsonTree.parse(get("/status").body().getBytes(StandardCharsets.UTF_8))
            .get("results")
            .items()
            .getFirst();
    assertThat(listed.get("name").text()).isEqualTo("cpu.pprof");
    assertThat(listed.get("bytes").number()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "missing",
        "",
        "..",
        "../secret",
        "..%2fsecret",
        "%2e%2e/secret",
        "cpu~text~plain",
        ".unfinished"
      })
  void servesNoOtherFile(String name) throws Exception {
    results.write("cpu", "text/plain", 10, 100, out -> out.write('x'));

    assertThat(get("/results/" + name).statusCode()).isEqualTo(404);
  }
}
