package io.smartagent.kubernetes.audit.cluster;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.audit.ApiLists;
import io.smartagent.kubernetes.audit.ListFailure;
import io.smartagent.kubernetes.client.ApiFailure;
import io.smartagent.kubernetes.client.ClusterClient;
import io.smartagent.kubernetes.client.UnknownClusterException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Lists of a person's cluster. Answers are handed on as they come: no object is made of them, for a
 * list may be larger than the memory.
 */
public final class ServerLists implements ApiLists, AutoCloseable {

  /** A chunk of a large cluster takes its time until its first byte. */
  private static final long ANSWER_SECONDS = 60;

  private static final int ATTEMPTS = 4;
  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final int LEAST_ERROR = 400;
  private static final int LONGEST_STATUS = 1 << 16;

  private final KubernetesClient client;
  private final String server;

  private ServerLists(KubernetesClient client) {
    this.client = client;
    this.server = ClusterClient.server(client);
  }

  /**
   * Returns the lists of a cluster, to be closed.
   *
   * @param kubeconfig the file that says where it is; empty for KUBECONFIG, the file of the user's
   *     home, or the ServiceAccount of the pod that this runs in
   * @param context of that file; empty for its current one
   * @throws UnknownClusterException if nothing says where it is, or the file cannot be read
   */
  public static ServerLists open(String kubeconfig, String context) throws UnknownClusterException {
    return new ServerLists(
        ClusterClient.ofUser(
            kubeconfig.isEmpty() ? null : kubeconfig, context.isEmpty() ? null : context));
  }

  @Override
  public InputStream get(String path, ApiPermission asked) throws ListFailure {
    long pause = FIRST_PAUSE_MILLIS;
    for (int attempt = 1; ; attempt++) {
      try {
        return attempt(path);
      } catch (KubernetesClientException | IOException e) {
        ApiFailure failure = ApiFailure.of(e, server, asked);
        if (attempt == ATTEMPTS || !passes(failure) || !pause(pause)) {
          throw failed(failure, e);
        }
      }
      pause *= 2;
    }
  }

  private InputStream attempt(String path) throws IOException {
    HttpRequest request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(server + path)
            .header("Accept", "application/json")
            .forStreaming()
            .build();
    HttpResponse<InputStream> response = answer(request);
    if (response.code() < LEAST_ERROR) {
      return response.body();
    }
    try (InputStream body = response.body()) {
      byte[] text = body.readNBytes(LONGEST_STATUS);
      throw new KubernetesClientException(response.message(), response.code(), status(text));
    }
  }

  private HttpResponse<InputStream> answer(HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<InputStream>> answer =
        client.getHttpClient().sendAsync(request, InputStream.class);
    try {
      return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException(e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private @Nullable Status status(byte[] text) {
    try {
      return client
          .getKubernetesSerialization()
          .unmarshal(new String(text, StandardCharsets.UTF_8), Status.class);
    } catch (KubernetesClientException | IllegalArgumentException noStatus) {
      return null;
    }
  }

  private static boolean passes(ApiFailure failure) {
    return switch (failure.kind()) {
      case TOO_MANY_REQUESTS, SERVER_ERROR -> true;
      case UNAUTHORIZED,
          FORBIDDEN,
          NOT_FOUND,
          CONFLICT,
          GONE,
          INVALID,
          UNREACHABLE,
          TIMEOUT,
          UNTRUSTED,
          NO_ACCOUNT,
          OTHER ->
          false;
    };
  }

  /** Returns whether the time has passed: whoever is interrupted asks no more. */
  private static boolean pause(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static ListFailure failed(ApiFailure failure, Exception cause) {
    ListFailure.Kind kind =
        switch (failure.kind()) {
          case FORBIDDEN -> ListFailure.Kind.FORBIDDEN;
          case UNAUTHORIZED -> ListFailure.Kind.UNAUTHORIZED;
          case GONE -> ListFailure.Kind.EXPIRED;
          case NOT_FOUND, CONFLICT, INVALID, TOO_MANY_REQUESTS, SERVER_ERROR ->
              ListFailure.Kind.OTHER;
          case UNREACHABLE, TIMEOUT, UNTRUSTED, NO_ACCOUNT, OTHER -> ListFailure.Kind.NO_SERVER;
        };
    return new ListFailure(kind, failure.fault(), failure.remedy(), continueToken(cause));
  }

  private static String continueToken(Exception cause) {
    if (!(cause instanceof KubernetesClientException answer)
        || answer.getStatus() == null
        || answer.getStatus().getMetadata() == null) {
      return "";
    }
    String token = answer.getStatus().getMetadata().getContinue();
    return token == null ? "" : token;
  }

  @Override
  public void close() {
    client.close();
  }
}
