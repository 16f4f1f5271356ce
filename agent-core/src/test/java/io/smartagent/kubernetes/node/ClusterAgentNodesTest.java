package io.smartagent.kubernetes.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.smartagent.json.JsonTree;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.kubernetes.client.ApiClient;
import io.smartagent.kubernetes.client.ApiRequestException;
import io.smartagent.kubernetes.node.AgentNodeStatus.Attestation;
import io.smartagent.kubernetes.node.AgentNodeStatus.Ready;
import io.smartagent.kubernetes.node.AgentNodeStatus.Truth;
import io.smartagent.kubernetes.node.AgentNodeStatus.User;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

/** What is sent, and what is made of responses that a real server gives too. */
final class ClusterAgentNodesTest {

  private static final String PATH = "/apis/smartagent.io/v1/agentnodes";
  private static final String METADATA = "as=PartialObjectMetadata";
  private static final AgentNodeStatus STATUS =
      new AgentNodeStatus(
          "1",
          "full",
          "none",
          new User("agent", 7, 7, false),
          CapabilitySet.NONE.names(),
          new Attestation(true, List.of()),
          List.of(),
          List.of(),
          new Ready(Truth.TRUE, "Running", "It is so.", Instant.parse("2026-03-01T10:15:30Z")));

  @TempDir Path directory;

  private final List<Request> requests = new ArrayList<>();
  private final Deque<Response> responses = new ArrayDeque<>();
  private HttpServer server;
  private ApiClient api;
  private ClusterAgentNodes nodes;

  private record Request(String line, String contentType, String accept, String body) {}

  private record Response(int code, String body) {}

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
    nodes = new ClusterAgentNodes(api, "node-1");
  }

  @AfterEach
  void stop() {
    api.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.add(
          new Request(
              exchange.getRequestMethod() + " " + exchange.getRequestURI(),
              header(exchange, "Content-Type"),
              header(exchange, "Accept"),
              new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
      Response response = responses.remove();
      byte[] body = response.body().getBytes(UTF_8);
      if (response.code() == 429) {
        exchange.getResponseHeaders().add("Retry-After", "17");
      }
      exchange.sendResponseHeaders(response.code(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String header(HttpExchange exchange, String name) {
    return Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(name), "");
  }

  private static String status(int code, String reason, String details) {
    return "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"code\": %d, \"reason\": \"%s\", \"details\": %s}"
        .formatted(code, reason, details);
  }

  private static String metadata(String uid) {
    return "{\"kind\": \"PartialObjectMetadata\", \"apiVersion\": \"meta.k8s.io/v1\","
        + " \"metadata\": {\"name\": \"node-1\", \"uid\": \""
        + uid
        + "\"}}";
  }

  private ApiRequestException readFails(int code, String body) {
    responses.add(new Response(code, body));
    return Objects.requireNonNull(
        catchThrowableOfType(ApiRequestException.class, () -> nodes.read()));
  }

  @Test
  void appliesTheStatusInOneRequestAndAsksForMetadataOnly() throws Exception {
    responses.add(new Response(200, metadata("1")));

    nodes.write(STATUS);

    Request request = requests.getFirst();
    assertThat(requests).hasSize(1);
    assertThat(request.line()).startsWith("PATCH " + PATH + "/node-1/status?");
    assertThat(request.line()).contains("fieldManager=smartagent", "force=true");
    assertThat(request.contentType()).startsWith("application/apply-patch+yaml");
    assertThat(request.accept()).contains(METADATA);
    JsonTree body = JsonTree.parse(request.body().getBytes(UTF_8));
    assertThat(body.names()).containsExactly("apiVersion", "kind", "metadata", "status");
    assertThat(body.get("status").get("conditions").items()).hasSize(1);
  }

  @Test
  void createsTheObjectAfterReadingOnlyTheMetadataOfItsOwner() throws Exception {
    responses.add(new Response(200, metadata("1f-2e")));
    responses.add(new Response(201, metadata("1")));

    nodes.create();

    assertThat(requests)
        .extracting(Request::line)
        .containsExactly("GET /api/v1/nodes/node-1", "POST " + PATH);
    assertThat(requests).extracting(Request::accept).allMatch(accept -> accept.contains(METADATA));
    assertThat(requests.getLast().body()).contains("\"uid\":\"1f-2e\"").doesNotContain("status");
  }

  @Test
  void createsTheObjectWithoutAnOwnerThatIsForbiddenOrMissing() throws Exception {
    responses.add(new Response(403, status(403, "Forbidden", "{}")));
    responses.add(new Response(201, metadata("1")));
    nodes.create();
    responses.add(new Response(404, status(404, "NotFound", "{\"name\": \"node-1\"}")));
    responses.add(new Response(409, status(409, "AlreadyExists", "{\"name\": \"node-1\"}")));
    nodes.create();

    assertThat(requests).hasSize(4);
    assertThat(requests.getLast().body()).doesNotContain("ownerReferences");
  }

  @Test
  void readsTheStatus() throws Exception {
    responses.add(
        new Response(200, "{\"kind\": \"AgentNode\", \"metadata\": {\"name\": \"node-1\"}}"));

    assertThat(nodes.read()).isNull();
    assertThat(requests.getFirst().line()).isEqualTo("GET " + PATH + "/node-1");
    assertThat(requests.getFirst().accept()).doesNotContain(METADATA);
  }

  @Test
  void distinguishesAMissingObjectFromAnUnknownKind() {
    ApiRequestException missing =
        readFails(404, status(404, "NotFound", "{\"name\": \"node-1\", \"kind\": \"agentnodes\"}"));
    ApiRequestException unknown = readFails(404, "404 page not found\n");

    assertThat(missing.isObjectMissing()).isTrue();
    assertThat(unknown.isObjectMissing()).isFalse();
    assertThat(unknown.failure().fault()).contains("knows no agentnodes.smartagent.io");
  }

  @Test
  void readsHowLongAnOverloadedServerAsksToWait() {
    ApiRequestException busy = readFails(429, "Too many requests, please try again later.\n");
    ApiRequestException failed = readFails(500, "");

    assertThat(busy.retryAfter()).isEqualTo(Duration.ofSeconds(17));
    assertThat(failed.retryAfter()).isNull();
    assertThat(requests).hasSize(2);
  }
}
