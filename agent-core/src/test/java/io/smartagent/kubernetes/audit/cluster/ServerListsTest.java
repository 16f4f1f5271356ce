package io.smartagent.kubernetes.audit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.smartagent.config.ExitStatus;
import io.smartagent.kubernetes.audit.Audit;
import io.smartagent.kubernetes.audit.AuditReport;
import io.smartagent.kubernetes.audit.ClusterAudit;
import io.smartagent.kubernetes.audit.Level;
import io.smartagent.kubernetes.client.UnknownClusterException;
import io.smartagent.kubernetes.yaml.ManifestProblem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Asks a server that says what a busy one says, word by word. */
final class ServerListsTest {

  private static final String EMPTY =
      "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{\"continue\":\"\"},\"items\":[]}";
  private static final String PARTIAL = EMPTY.replace("\"continue\":\"\"", "\"continue\":\"old\"");
  private static final String EXPIRED =
      "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{\"continue\":\"new\"},"
          + "\"status\":\"Failure\",\"message\":\"The provided continue parameter is too old to"
          + " display a consistent list result.\",\"reason\":\"Expired\",\"code\":410}";
  private static final String BUSY =
      "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
          + "\"message\":\"Too many requests, please try again later.\",\"code\":429}";

  @TempDir private Path directory;

  private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final Audit audit = new Audit(Level.EQUIVALENT, (source, bytes, objects) -> {});
  private HttpServer server;
  private String namespace = "";

  private record Answer(int code, String body) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          Answer answer = answers.isEmpty() ? new Answer(200, EMPTY) : answers.remove();
          byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(answer.code(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private ExitStatus read() throws IOException, UnknownClusterException {
    Path kubeconfig = directory.resolve("config");
    Files.writeString(
        kubeconfig,
        """
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: u, user: {token: t}}]
        contexts: [{name: c, context: {cluster: c, user: u}}]
        current-context: c
        """
            .formatted(server.getAddress().getPort()));
    String before = System.getProperty("kubeconfig");
    try (ServerLists lists = ServerLists.open(kubeconfig.toString(), "")) {
      return new ClusterAudit(audit, lists, namespace).read();
    } finally {
      if (before == null) {
        System.clearProperty("kubeconfig");
      } else {
        System.setProperty("kubeconfig", before);
      }
    }
  }

  @Test
  void goesOnWithTheTokenThatComesWithAnExpiredList() throws Exception {
    answers.addAll(
        List.of(new Answer(200, PARTIAL), new Answer(410, EXPIRED), new Answer(200, EMPTY)));
    assertThat(read()).isEqualTo(ExitStatus.OK);
    assertThat(asked)
        .startsWith(
            "/api/v1/persistentvolumes?limit=500",
            "/api/v1/persistentvolumes?continue=old&limit=500",
            "/api/v1/persistentvolumes?continue=new&limit=500");
    assertThat(audit.report().notes()).hasSize(1);
  }

  @Test
  void takesNoOtherClusterForTheOneThatIsNamed() {
    String missing = directory.resolve("typo").toString();

    assertThatThrownBy(() -> ServerLists.open(missing, ""))
        .isInstanceOf(UnknownClusterException.class)
        .hasMessage("\"" + missing + "\" cannot be read. Name a file that can, or mount it.");
  }

  @Test
  void asksForEveryKindOfWorkloadInPages() throws Exception {
    answers.add(new Answer(200, PARTIAL.replace("old", "a b/+=")));

    assertThat(read()).isEqualTo(ExitStatus.OK);
    assertThat(asked)
        .hasSize(11)
        .allMatch(path -> path.contains("limit=500"))
        .contains(
            "/api/v1/persistentvolumes?continue=a%20b%2F%2B%3D&limit=500",
            "/apis/batch/v1/cronjobs?limit=500",
            "/api/v1/pods?fieldSelector=status.phase%21%3DSucceeded%2Cstatus.phase%21%3DFailed&limit=500");
  }

  @Test
  void readsTheNamespaceThatIsNamedAndAllVolumes() throws Exception {
    namespace = "kube-system";
    read();
    assertThat(asked)
        .contains(
            "/api/v1/persistentvolumes?limit=500",
            "/apis/apps/v1/namespaces/kube-system/daemonsets?limit=500");
  }

  @Test
  void readsWhatAnObjectRunsAs() throws Exception {
    answers.add(new Answer(200, EMPTY));
    answers.add(
        new Answer(
            200,
            """
            {"kind": "DaemonSetList", "apiVersion": "apps/v1", "metadata": {"resourceVersion": "1"}, "items": [
              {"metadata": {"namespace": "n", "name": "d", "managedFields": [{"manager": "m"}]},
               "spec": {"template": {"spec": {"containers": [
                 {"name": "c", "securityContext": {"privileged": true, "runAsUser": 0}}]}}},
               "status": {"numberReady": 1}}]}
            """));
    assertThat(read()).isEqualTo(ExitStatus.OK);
    assertThat(audit.report().owners().toString())
        .contains("n/DaemonSet/d=", "runAsUser: 0", "line=0");
    assertThat(audit.report().problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"kind":"PodList","metadata":{},"items":[{"metadata"
          <html>
          {"kind":"Status","metadata":{}}
          ''
          """)
  void takesNothingElseForAList(String answer) throws Exception {
    answers.add(new Answer(200, answer));
    assertThat(read()).isEqualTo(ExitStatus.UNAVAILABLE);
    assertThat(audit.report().problems())
        .singleElement()
        .extracting(ManifestProblem::text)
        .asString()
        .startsWith("/api/v1/persistentvolumes: The answer broke off, or is no list in JSON.");
    assertThat(asked).hasSize(10);
  }

  @Test
  void asksABusyServerAgain() throws Exception {
    answers.addAll(List.of(new Answer(429, BUSY), new Answer(503, "{}")));
    assertThat(read()).isEqualTo(ExitStatus.OK);
    assertThat(asked).hasSize(12);
  }

  @Test
  void readsTheRestWhereTheServerFailsOnOneList() throws Exception {
    for (int i = 0; i < 4; i++) {
      answers.add(new Answer(500, "no JSON"));
    }
    assertThat(read()).isEqualTo(ExitStatus.UNAVAILABLE);
    AuditReport report = audit.report();
    assertThat(report.problems())
        .singleElement()
        .extracting(ManifestProblem::text)
        .asString()
        .startsWith("/api/v1/persistentvolumes: The API server at http://127.0.0.1:")
        .contains(" answers 500");
    assertThat(asked).hasSize(13);
  }
}
