package io.smartagent.kubernetes.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.ClusterAccess;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ApiFailureTest {

  private static final String TOKEN = "secret.of.the-account";

  private static final String FORBIDDEN =
      """
      {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "code": 403,
       "message": "pods is forbidden: User \\"system:serviceaccount:agents:agent\\" cannot list resource \\"pods\\" in API group \\"\\" at the cluster scope"}
      """;

  @TempDir Path directory;

  private final List<String> authorizations = new ArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private HttpServer server;
  private int code = 200;
  private String body = "{}";
  private boolean silent;
  private int requestMillis = 20_000;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
          if (silent) {
            await();
          }
          byte[] answer = body.getBytes(UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          if (code == 302) {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
          }
          exchange.sendResponseHeaders(code, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    Files.writeString(directory.resolve("token"), TOKEN + "\n");
    try (InputStream certificate =
        Objects.requireNonNull(ApiFailureTest.class.getResourceAsStream("ca.crt"))) {
      Files.write(directory.resolve("ca.crt"), certificate.readAllBytes());
    }
  }

  private void await() {
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() {
    ended.countDown();
    server.stop(0);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private ClusterAccess access() {
    return new ClusterAccess(url(), directory.toString(), "agents", "node-1");
  }

  private ApiFailure failure(ApiPermission asked) {
    ClusterAccess access = access();
    Throwable thrown =
        catchThrowable(() -> {
          try (KubernetesClient client = ClusterClient.of(access, 5_000, requestMillis)) {
            client.pods().inAnyNamespace().list();
          }
        });
    assertThat(thrown).isNotNull();
    ApiFailure failure = ApiFailure.of(thrown, access.server(), asked);
    assertThat(failure.text()).doesNotContain(TOKEN).doesNotContain("secret");
    return failure;
  }

  private ApiFailure failure() {
    return failure(ApiPermission.ATTRIBUTES_PODS);
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID, 400 Bad Request",
    "401, UNAUTHORIZED, 401 Unauthorized",
    "403, FORBIDDEN, 403 Forbidden",
    "404, NOT_FOUND, 404 Not Found",
    "409, CONFLICT, 409 Conflict",
    "410, GONE, 410 Gone",
    "422, INVALID, 422 Unprocessable Entity",
    "429, TOO_MANY_REQUESTS, 429 Too Many Requests",
    "500, SERVER_ERROR, 500",
    "503, SERVER_ERROR, 503"
  })
  void namesWhatTheServerAnswers(int answer, ApiFailure.Kind kind, String name) {
    code = answer;
    ApiFailure failure = failure();
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.fault()).contains(name, url());
    assertThat(failure.remedy()).isNotBlank();
  }

  @Test
  void asksOnceAndLeavesItToTheCallerToAskAgain() {
    code = 503;
    failure();
    assertThat(authorizations).containsExactly("Bearer " + TOKEN);
  }

  @Test
  void quotesTheServerAndNamesTheRuleThatIsMissing() {
    code = 403;
    body = FORBIDDEN;
    assertThat(failure().text())
        .isEqualTo(
            "The API server at "
                + url()
                + " does not allow to list and watch pods (403 Forbidden): \"pods is forbidden: User"
                + " \"system:serviceaccount:agents:agent\" cannot list resource \"pods\" in API group"
                + " \"\" at the cluster scope\". Add this rule to its ClusterRole:\n"
                + ApiPermission.ATTRIBUTES_PODS.rule());
  }

  @Test
  void namesTheVerbsWhereTheServerHasNoMessage() {
    code = 403;
    assertThat(failure(ApiPermission.CONFIG_MAP).text())
        .contains("does not allow to list and watch configmaps")
        .contains("Add this rule to its Role:\n" + ApiPermission.CONFIG_MAP.rule());
  }

  @Test
  void namesTheDefinitionThatIsMissing() {
    code = 404;
    assertThat(failure(ApiPermission.FLEET).text())
        .contains("knows no agentnodes.smartagent.io", "CustomResourceDefinition");
  }

  @Test
  void readsTheTokenAnewForEachRequest() throws IOException {
    code = 401;
    failure();
    Files.writeString(directory.resolve("token"), "renewed");
    failure();
    assertThat(authorizations).containsExactly("Bearer " + TOKEN, "Bearer renewed");
  }

  @Test
  void reportsARefusedConnection() {
    server.stop(0);
    ApiFailure failure = failure();
    assertThat(failure.kind()).isEqualTo(ApiFailure.Kind.UNREACHABLE);
    assertThat(failure.fault()).contains("cannot be reached: ", url());
  }

  @Test
  void saysThatItDoesNotAnswer() {
    silent = true;
    requestMillis = 300;
    assertThat(failure().kind()).isEqualTo(ApiFailure.Kind.TIMEOUT);
  }

  @Test
  void saysThatTheServerSpeaksNoTls() throws IOException {
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> answerInPlainText(plain));
      String address = "https://127.0.0.1:" + plain.getLocalPort();
      ClusterAccess access = new ClusterAccess(address, directory.toString(), "agents", "node-1");
      Throwable thrown =
          catchThrowable(() -> {
            try (KubernetesClient client = ClusterClient.of(access, 10_000, 10_000)) {
              client.pods().inAnyNamespace().list();
            }
          });
      ApiFailure failure = ApiFailure.of(thrown, address, ApiPermission.ATTRIBUTES_PODS);
      assertThat(failure.kind()).as(failure.text()).isEqualTo(ApiFailure.Kind.UNTRUSTED);
    }
  }

  private static void answerInPlainText(ServerSocket plain) {
    try (Socket connection = plain.accept()) {
      connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
    } catch (IOException e) {
      // The client has gone.
    }
  }

  @ParameterizedTest
  @CsvSource({"token", "ca.crt"})
  void namesTheFileThatIsMissing(String file) throws IOException {
    Files.delete(directory.resolve(file));
    ApiFailure failure = failure();
    assertThat(failure.kind()).isEqualTo(ApiFailure.Kind.NO_ACCOUNT);
    assertThat(failure.fault()).contains("\"" + directory.resolve(file) + "\"");
  }

  @ParameterizedTest
  @CsvSource({"token, secret with spaces", "ca.crt, secret", "token, ''"})
  void saysThatAFileHoldsSomethingElseWithoutShowingIt(String file, String content)
      throws IOException {
    Files.writeString(directory.resolve(file), content);
    ApiFailure failure = failure();
    assertThat(failure.kind()).isEqualTo(ApiFailure.Kind.NO_ACCOUNT);
    assertThat(failure.fault()).contains("\"" + directory.resolve(file) + "\"");
    assertThat(authorizations).isEmpty();
  }

  @Test
  void followsNoRedirection() {
    code = 302;
    Throwable thrown =
        catchThrowable(() -> {
          try (KubernetesClient client = ClusterClient.of(access(), 10_000, 10_000)) {
            client.pods().inAnyNamespace().list();
          }
        });
    assertThat(ApiFailure.of(thrown, url(), ApiPermission.ATTRIBUTES_PODS).kind())
        .isEqualTo(ApiFailure.Kind.OTHER);
    assertThat(authorizations).hasSize(1);
  }

  @Test
  void endsWithACircleOfCauses() {
    Exception first = new IllegalStateException(TOKEN);
    first.initCause(new IllegalArgumentException(first));
    ApiFailure failure = ApiFailure.of(first, "https://server", ApiPermission.EVENTS);
    assertThat(failure.kind()).isEqualTo(ApiFailure.Kind.OTHER);
    assertThat(failure.text()).doesNotContain(TOKEN).contains("IllegalStateException");
  }
}
