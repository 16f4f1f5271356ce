package io.smartagent.kubernetes.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.smartagent.json.JsonTree;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.kubernetes.client.ApiClient;
import io.smartagent.kubernetes.client.ApiRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent, and what is made of the refusals of a real server. */
final class ClusterEventStoreTest {

  private static final String PATH = "/apis/events.k8s.io/v1/namespaces/shop/events";
  private static final Occurrence OCCURRENCE =
      new Occurrence(
          Regarding.pod("shop", "api", "1f", "api"),
          "PodOOMKilling",
          true,
          "It is so.",
          "",
          Instant.parse("2026-03-01T10:15:30Z"),
          1);

  @TempDir Path directory;

  private final List<String> requests = new ArrayList<>();
  private final List<String> bodies = new ArrayList<>();
  private final Deque<String> refusals = new ArrayDeque<>();
  private final EventSeries series = new EventSeries(OCCURRENCE, "api.1", 0);
  private HttpServer server;
  private ApiClient api;
  private ClusterEventStore store;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    Files.writeString(directory.resolve("token"), "token");
    try (InputStream certificate =
        Objects.requireNonNull(ApiClient.class.getResourceAsStream("ca.crt"))) {
      Files.write(directory.resolve("ca.crt"), certificate.readAllBytes());
    }
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    api = ApiClient.of(new ClusterAccess(url, directory.toString(), "agents", "node-1"));
    store = new ClusterEventStore(api, "node-1");
  }

  @AfterEach
  void stop() {
    api.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.add(
          exchange.getRequestMethod()
              + " "
              + exchange.getRequestURI()
              + " "
              + exchange.getRequestHeaders().getFirst("Content-Type"));
      bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      String refusal = refusals.poll();
      byte[] body = (refusal == null ? "{\"metadata\": {}}" : refusal).getBytes(UTF_8);
      exchange.sendResponseHeaders(refusal == null ? 200 : 409, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String refusal(String reason, String causes) {
    return "{\"kind\": \"Status\", \"code\": 409, \"reason\": \"%s\", \"details\": {\"causes\": [%s]}}"
        .formatted(reason, causes);
  }

  @Test
  void createsAnEventInTheNamespaceOfItsPod() throws Exception {
    store.create(series);

    assertThat(requests).hasSize(1);
    assertThat(requests.getFirst()).startsWith("POST " + PATH + " application/json");
    assertThat(JsonTree.parse(bodies.getFirst().getBytes(UTF_8)).get("apiVersion").text())
        .isEqualTo("events.k8s.io/v1");
  }

  @Test
  void patchesTheSeriesOnly() throws Exception {
    series.repeat(OCCURRENCE, 1);

    store.update(series);

    assertThat(requests).hasSize(1);
    assertThat(requests.getFirst())
        .startsWith("PATCH " + PATH + "/api.1 application/merge-patch+json");
    JsonTree patch = JsonTree.parse(bodies.getFirst().getBytes(UTF_8));
    assertThat(patch.names()).containsExactly("apiVersion", "kind", "metadata", "series");
    assertThat(patch.get("metadata").names()).containsExactlyInAnyOrder("name", "namespace");
    assertThat(patch.get("series").get("count").number()).isEqualTo(2);
    assertThat(patch.get("series").get("lastObservedTime").text())
        .isEqualTo("2026-03-01T10:15:30.000000Z");
  }

  @Test
  void updatesAnEventThatExistsAlready() throws Exception {
    series.repeat(OCCURRENCE, 1);
    refusals.add(refusal("AlreadyExists", ""));

    store.create(series);

    assertThat(requests).hasSize(2);
    assertThat(requests.getLast()).startsWith("PATCH ");
  }

  @Test
  void recognizesANamespaceThatIsBeingDeleted() {
    refusals.add(refusal("Forbidden", "{\"reason\": \"NamespaceTerminating\"}"));

    ApiRequestException refused =
        Objects.requireNonNull(
            catchThrowableOfType(ApiRequestException.class, () -> store.create(series)));

    assertThat(refused.isNamespaceTerminating()).isTrue();
    assertThat(refused.isObjectPresent()).isFalse();
  }
}
