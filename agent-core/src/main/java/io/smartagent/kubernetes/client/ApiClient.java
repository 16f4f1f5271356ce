package io.smartagent.kubernetes.client;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.ClusterAccess;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A client of the API server that is connected when it is needed, and whose failures are typed. */
public final class ApiClient implements AutoCloseable {

  private final Supplier<KubernetesClient> clients;
  private final String server;
  private final RetryAfter retryAfter;
  private @Nullable KubernetesClient client;

  private ApiClient(
      Supplier<KubernetesClient> clients,
      String server,
      RetryAfter retryAfter,
      @Nullable KubernetesClient client) {
    this.clients = clients;
    this.server = server;
    this.retryAfter = retryAfter;
    this.client = client;
  }

  /**
   * Returns the client of an agent. It connects on its first request, and reads the authorities
   * again when those known so far have not signed the server's certificate: clusters rotate them.
   */
  public static ApiClient of(ClusterAccess access) {
    RetryAfter retryAfter = new RetryAfter();
    return new ApiClient(
        () -> ClusterClient.of(access, retryAfter), access.server(), retryAfter, null);
  }

  /**
   * Returns the client of a user.
   *
   * @param kubeconfig file that names the cluster; null for the default ones
   * @param context in it; null for its current one
   * @throws UnknownClusterException if no cluster is configured
   */
  public static ApiClient ofUser(@Nullable String kubeconfig, @Nullable String context)
      throws UnknownClusterException {
    KubernetesClient client = ClusterClient.ofUser(kubeconfig, context);
    return new ApiClient(() -> client, ClusterClient.server(client), new RetryAfter(), client);
  }

  /**
   * Sends a request.
   *
   * @param permission that it takes
   * @throws ApiRequestException if the server cannot be reached or refuses it
   */
  public <T> T call(ApiPermission permission, Function<KubernetesClient, T> request)
      throws ApiRequestException {
    try {
      return request.apply(client());
    } catch (RuntimeException e) {
      ApiFailure failure = ApiFailure.of(e, server, permission);
      if (failure.kind() == ApiFailure.Kind.UNTRUSTED) {
        close();
      }
      KubernetesClientException answer = ApiFailure.answer(e);
      throw answer == null
          ? new ApiRequestException(failure, 0, null, null, e)
          : new ApiRequestException(
              failure, answer.getCode(), retryAfter.last(), answer.getStatus(), e);
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

  /** Closes the connections; the next request of an agent opens new ones. */
  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
