package io.smartagent.kubernetes.client;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.smartagent.kubernetes.ClusterAccess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes clients of Kubernetes' API. What one throws becomes words by {@link ApiFailure}. None tries
 * anything again by itself: the caller knows when that is worth it, and that not all nodes may do
 * so at the same time.
 */
public final class ClusterClient {

  private static final int CONNECT_MILLIS = 10_000;
  private static final int REQUEST_MILLIS = 20_000;

  /** A page of a large cluster takes its time. */
  private static final int USER_REQUEST_MILLIS = 60_000;

  private static final int MIN_RECONNECT_MILLIS = 500;
  private static final int MAX_RECONNECT_MILLIS = 3_000;

  /** Deeper than any chain of causes: some are circular. */
  private static final int MAX_CAUSES = 20;

  private ClusterClient() {}

  /**
   * Returns the client of an agent, which is its ServiceAccount; to be closed. The token is read
   * anew for each request, for kubelet renews it; the authorities are those that are trusted now.
   * Nothing else than {@code access} is looked at: no environment and no file of the host. Pods are
   * read without their specifications, and everything without its managed fields.
   *
   * @throws UncheckedIOException if the authorities cannot be read
   */
  public static KubernetesClient of(ClusterAccess access) {
    return of(access, CONNECT_MILLIS, REQUEST_MILLIS);
  }

  /** Returns {@link #of(ClusterAccess)} whose error responses {@code retryAfter} sees. */
  static KubernetesClient of(ClusterAccess access, RetryAfter retryAfter) {
    return of(access, CONNECT_MILLIS, REQUEST_MILLIS, Map.of("retry-after", retryAfter));
  }

  /**
   * Returns {@link #of(ClusterAccess)} with other limits, in milliseconds.
   *
   * @throws UncheckedIOException if the authorities cannot be read
   */
  public static KubernetesClient of(ClusterAccess access, int connectMillis, int requestMillis) {
    return of(access, connectMillis, requestMillis, Map.of());
  }

  private static KubernetesClient of(
      ClusterAccess access,
      int connectMillis,
      int requestMillis,
      Map<String, Interceptor> interceptors) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(access.server())
            .withNamespace(access.namespace())
            .withConnectionTimeout(connectMillis)
            .withRequestTimeout(requestMillis)
            .withRequestRetryBackoffLimit(0)
            // A server that ends has the watches of all nodes come back.
            .withWatchReconnectInterval(
                ThreadLocalRandom.current().nextInt(MIN_RECONNECT_MILLIS, MAX_RECONNECT_MILLIS))
            .build();
    try {
      return new KubernetesClientBuilder()
          .withConfig(config)
          .withKubernetesSerialization(AgentSerialization.shared())
          .withHttpClientFactory(new AgentHttp(new AccountFiles(access), interceptors))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the client of a person, to be closed.
   *
   * @param kubeconfig the file that says where the cluster is; null for what KUBECONFIG or {@code
   *     ~/.kube/config} say, else the ServiceAccount of the pod that this runs in
   * @param context of that file; null for its current one
   * @throws UnknownClusterException if no file names the cluster, or it cannot be read: never is
   *     another cluster taken for the one that was named
   */
  public static KubernetesClient ofUser(@Nullable String kubeconfig, @Nullable String context)
      throws UnknownClusterException {
    if (kubeconfig != null) {
      name(kubeconfig);
    }
    return ofUser(context);
  }

  /** The client looks here before it looks at KUBECONFIG, also when it reads the file anew. */
  private static void name(String kubeconfig) throws UnknownClusterException {
    Path file = Path.of(kubeconfig);
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new UnknownClusterException(
          "\"" + kubeconfig + "\" cannot be read. Name a file that can, or mount it.");
    }
    if (kubeconfig.contains(File.pathSeparator)) {
      throw new UnknownClusterException(
          "\""
              + kubeconfig
              + "\" is taken for several files. Name one whose path has no \""
              + File.pathSeparator
              + "\".");
    }
    System.setProperty(Config.KUBERNETES_KUBECONFIG_FILE, kubeconfig);
  }

  private static KubernetesClient ofUser(@Nullable String context) throws UnknownClusterException {
    List<Path> files = new ArrayList<>();
    for (String file : Config.getKubeconfigFilenames()) {
      if (Files.isRegularFile(Path.of(file))) {
        files.add(Path.of(file));
      }
    }
    if (!files.isEmpty()) {
      String searchPath = System.getenv("PATH");
      Kubeconfig.read(files, searchPath == null ? "" : searchPath).check(context);
    } else if (System.getenv("KUBERNETES_SERVICE_HOST") == null) {
      throw new UnknownClusterException(
          "No cluster is known: there is no \""
              + String.join("\" and no \"", Config.getKubeconfigFilenames())
              + "\", and this is no pod. Set KUBECONFIG, or mount the file.");
    } else if (!Files.isReadable(Path.of(Config.KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH))) {
      throw new UnknownClusterException(
          "This pod has no token of its ServiceAccount that can be read, and there is no KUBECONFIG."
              + " Set automountServiceAccountToken: true, or mount a kubeconfig.");
    }
    return client(context);
  }

  /** The client's messages may quote credentials, so only the exception's class is reported. */
  private static KubernetesClient client(@Nullable String context) throws UnknownClusterException {
    try {
      Config config = Config.autoConfigure(context);
      config.setConnectionTimeout(CONNECT_MILLIS);
      config.setRequestTimeout(USER_REQUEST_MILLIS);
      config.setRequestRetryBackoffLimit(0);
      ClientKey.detectAlgorithm(config);
      return new KubernetesClientBuilder()
          .withConfig(config)
          .withKubernetesSerialization(AgentSerialization.shared())
          .build();
    } catch (RuntimeException e) {
      Throwable cause = e;
      for (int i = 0; i < MAX_CAUSES && cause.getCause() != null; i++) {
        cause = cause.getCause();
      }
      throw new UnknownClusterException(
          "The certificates or the key in the kubeconfig are of no use ("
              + cause.getClass().getSimpleName()
              + "). Does kubectl get namespaces work with it?");
    }
  }

  /** Returns an object as the client of an agent writes it. */
  public static String json(HasMetadata object) {
    return AgentSerialization.shared().asJson(object);
  }

  /** Returns a part of an object as maps, lists and plain values. */
  public static Map<?, ?> map(Object part) {
    return AgentSerialization.shared().convertValue(part, Map.class);
  }

  /** Returns the address of the server that a client asks, as {@code https://HOST:PORT}. */
  public static String server(KubernetesClient client) {
    String url = client.getConfiguration().getMasterUrl();
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }
}
