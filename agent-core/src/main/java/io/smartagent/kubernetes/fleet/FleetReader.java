package io.smartagent.kubernetes.fleet;

import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.client.ApiClient;
import io.smartagent.kubernetes.client.ApiFailure.Kind;
import io.smartagent.kubernetes.client.ApiRequestException;
import io.smartagent.kubernetes.client.UnknownClusterException;
import io.smartagent.kubernetes.node.AgentNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads all AgentNodes of a cluster, page by page. */
public final class FleetReader {

  /** That of kubectl. */
  private static final long PAGE_SIZE = 500;

  private static final int ATTEMPTS = 3;

  private FleetReader() {}

  /**
   * Returns all AgentNodes, sorted by name.
   *
   * @param kubeconfig file that names the cluster; null for the default ones
   * @param context in it; null for its current one
   * @throws UnknownClusterException if no cluster is configured
   * @throws ApiRequestException if the server does not list them
   */
  public static List<FleetNode> read(@Nullable String kubeconfig, @Nullable String context)
      throws UnknownClusterException, ApiRequestException {
    try (ApiClient api = ApiClient.ofUser(kubeconfig, context)) {
      return read(api);
    }
  }

  /** A continue token expires after five minutes: then all is read anew. */
  private static List<FleetNode> read(ApiClient api) throws ApiRequestException {
    for (int attempt = 1; ; attempt++) {
      try {
        return readPages(api);
      } catch (ApiRequestException e) {
        if (e.failure().kind() != Kind.GONE || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static List<FleetNode> readPages(ApiClient api) throws ApiRequestException {
    List<FleetNode> nodes = new ArrayList<>();
    ListOptions options = new ListOptionsBuilder().withLimit(PAGE_SIZE).build();
    do {
      KubernetesResourceList<AgentNode> page =
          api.call(ApiPermission.FLEET, client -> client.resources(AgentNode.class).list(options));
      for (AgentNode node : page.getItems()) {
        nodes.add(new FleetNode(node.getMetadata().getName(), node.getStatus()));
      }
      options.setContinue(page.getMetadata().getContinue());
    } while (options.getContinue() != null && !options.getContinue().isEmpty());
    return nodes;
  }
}
