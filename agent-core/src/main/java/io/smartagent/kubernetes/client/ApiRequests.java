package io.smartagent.kubernetes.client;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.smartagent.json.JsonTree;
import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.ClusterAccess;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Requests of which both sides are known to the byte: JSON goes out and comes in as it is, without
 * data binding. What writes on every node is written so that its cost can be told.
 */
public final class ApiRequests implements AutoCloseable {

  private static final long PATIENCE_MILLIS = 20_000;
  private static final int LEAST_ERROR = 400;
  private static final int LONGEST_RETRY_SECONDS = 3600;

  private final Supplier<KubernetesClient> clients;
  private final String server;
  private @Nullable KubernetesClient client;

  /** What a body is, and what the server is to do with it. */
  public enum Body {
    /** A whole object. */
    JSON("application/json"),
    /** What one field manager wants: server-side apply, which takes JSON as the YAML that it is. */
    APPLY("application/apply-patch+yaml"),
    /** RFC 7386. */
    MERGE("application/merge-patch+json");

    private final String type;

    Body(String type) {
      this.type = type;
    }
  }

  /** How much of an object an answer is to have. */
  public enum Answer {
    OBJECT("application/json"),
    /** Its metadata alone: what is written is known already. */
    METADATA("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json;q=0.5");

    private final String accepted;

    Answer(String accepted) {
      this.accepted = accepted;
    }
  }

  private ApiRequests(
      Supplier<KubernetesClient> clients, String server, @Nullable KubernetesClient client) {
    this.clients = clients;
    this.server = server;
    this.client = client;
  }

  /**
   * Returns the requests of an agent. Its connections are made when they are needed, and with
   * authorities that were read anew where those known so far have not signed the server's
   * certificate: clusters change them.
   */
  public static ApiRequests of(ClusterAccess access) {
    return new ApiRequests(() -> ClusterClient.of(access), access.server(), null);
  }

  /**
   * Returns the requests of a person.
   *
   * @param kubeconfig file that says where the cluster is; null for the usual ones
   * @param context of it; null for its current one
   * @throws UnknownClusterException if nothing says where the cluster is
   */
  public static ApiRequests ofUser(@Nullable String kubeconfig, @Nullable String context)
      throws UnknownClusterException {
    KubernetesClient client = ClusterClient.ofUser(kubeconfig, context);
    return new ApiRequests(() -> client, ClusterClient.server(client), client);
  }

  /**
   * Asks for something.
   *
   * @param path below the server's address, with its query
   * @param asked what has to be allowed for it
   * @return the answer's JSON
   * @throws ApiRequestException if the server does not give it
   */
  public JsonTree get(String path, Answer answer, ApiPermission asked) throws ApiRequestException {
    return send(request -> request, path, answer, asked);
  }

  /**
   * Creates an object.
   *
   * @param path of its collection, with its query
   * @throws ApiRequestException if the server does not
   */
  public JsonTree post(String path, byte[] object, ApiPermission asked) throws ApiRequestException {
    String text = new String(object, StandardCharsets.UTF_8);
    return send(
        request -> request.method("POST", Body.JSON.type, text), path, Answer.METADATA, asked);
  }

  /**
   * Changes an object.
   *
   * @param path of the object or a subresource of it, with its query
   * @throws ApiRequestException if the server does not
   */
  public JsonTree patch(String path, Body body, byte[] change, ApiPermission asked)
      throws ApiRequestException {
    String text = new String(change, StandardCharsets.UTF_8);
    return send(request -> request.method("PATCH", body.type, text), path, Answer.METADATA, asked);
  }

  private JsonTree send(
      UnaryOperator<HttpRequest.Builder> kind, String path, Answer answer, ApiPermission asked)
      throws ApiRequestException {
    HttpResponse<byte[]> response;
    try {
      response = exchange(kind, path, answer);
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      throw failure(e, asked);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(new InterruptedIOException("interrupted"), asked);
    }
    byte[] body = response.body() == null ? new byte[0] : response.body();
    if (response.code() >= LEAST_ERROR) {
      throw refusal(response, answer(body), asked);
    }
    try {
      return JsonTree.parse(body);
    } catch (IOException e) {
      throw failure(e, asked);
    }
  }

  private HttpResponse<byte[]> exchange(
      UnaryOperator<HttpRequest.Builder> kind, String path, Answer answer)
      throws ExecutionException, TimeoutException, InterruptedException {
    HttpClient http = client().getHttpClient();
    HttpRequest.Builder request =
        http.newHttpRequestBuilder()
            .uri(server + path)
            .header("Accept", answer.accepted)
            .timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    CompletableFuture<HttpResponse<byte[]>> pending =
        http.sendAsync(kind.apply(request).build(), byte[].class);
    try {
      return pending.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } finally {
      pending.cancel(true);
    }
  }

  private synchronized KubernetesClient client() {
    KubernetesClient now = client;
    if (now == null) {
      now = clients.get();
      client = now;
    }
    return now;
  }

  private ApiRequestException failure(Throwable cause, ApiPermission asked) {
    ApiFailure failure = ApiFailure.of(cause, server, asked);
    if (failure.kind() == ApiFailure.Kind.UNTRUSTED) {
      close();
    }
    return new ApiRequestException(failure, 0, null, JsonTree.NOTHING, cause);
  }

  private ApiRequestException refusal(
      HttpResponse<byte[]> response, JsonTree answer, ApiPermission asked) {
    KubernetesClientException cause =
        new KubernetesClientException("refused", response.code(), status(answer));
    return new ApiRequestException(
        ApiFailure.of(cause, server, asked), response.code(), retryAfter(response), answer, cause);
  }

  /** Returns the server's {@code Status}; nothing where it says it in other words. */
  private static JsonTree answer(byte[] body) {
    try {
      return JsonTree.parse(body);
    } catch (IOException plainText) {
      return JsonTree.NOTHING;
    }
  }

  private static Status status(JsonTree answer) {
    return new StatusBuilder()
        .withMessage(answer.get("message").text())
        .withReason(answer.get("reason").text())
        .withNewDetails()
        .withName(answer.get("details").get("name").textOrNull())
        .endDetails()
        .build();
  }

  /** The server writes seconds, never a date: RFC 9110, 10.2.3. */
  private static @Nullable Duration retryAfter(HttpResponse<byte[]> response) {
    String text = response.header("Retry-After");
    if (text == null
        || text.isEmpty()
        || text.length() > 9
        || !text.chars().allMatch(letter -> letter >= '0' && letter <= '9')) {
      return null;
    }
    return Duration.ofSeconds(Math.min(LONGEST_RETRY_SECONDS, Integer.parseInt(text)));
  }

  /** Closes the connections; the next request of an agent makes new ones. */
  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
