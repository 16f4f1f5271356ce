package io.smartagent.kubernetes.fleet;

import io.smartagent.json.JsonTree;
import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.client.ApiFailure.Kind;
import io.smartagent.kubernetes.client.ApiRequestException;
import io.smartagent.kubernetes.client.ApiRequests;
import io.smartagent.kubernetes.client.ApiRequests.Answer;
import io.smartagent.kubernetes.client.UnknownClusterException;
import io.smartagent.kubernetes.node.AgentNodeJson;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads all AgentNodes of a cluster, in parts that neither side has to hold whole. */
public final class FleetReader {

  /** What kubectl asks for at once, too. */
  private static final int PART = 500;

  private static final int ATTEMPTS = 3;

  private FleetReader() {}

  /**
   * Returns all AgentNodes, sorted by name.
   *
   * @param kubeconfig file that says where the cluster is; null for the usual ones
   * @param context of it; null for its current one
   * @throws UnknownClusterException if nothing says where the cluster is
   * @throws ApiRequestException if the server does not list them
   */
  public static List<FleetNode> read(@Nullable String kubeconfig, @Nullable String context)
      throws UnknownClusterException, ApiRequestException {
    try (ApiRequests requests = ApiRequests.ofUser(kubeconfig, context)) {
      return read(requests);
    }
  }

  /** What a part goes on from is forgotten after five minutes: then all is read anew. */
  private static List<FleetNode> read(ApiRequests requests) throws ApiRequestException {
    for (int attempt = 1; ; attempt++) {
      try {
        return readParts(requests);
      } catch (ApiRequestException e) {
        if (e.failure().kind() != Kind.GONE || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static List<FleetNode> readParts(ApiRequests requests) throws ApiRequestException {
    List<FleetNode> nodes = new ArrayList<>();
    String rest = "";
    do {
      String path =
          "/apis/smartagent.io/v1/agentnodes?limit="
              + PART
              + (rest.isEmpty()
                  ? ""
                  : "&continue=" + URLEncoder.encode(rest, StandardCharsets.UTF_8));
      JsonTree part = requests.get(path, Answer.OBJECT, ApiPermission.FLEET);
      for (JsonTree object : part.get("items").items()) {
        nodes.add(
            new FleetNode(object.get("metadata").get("name").text(), AgentNodeJson.parse(object)));
      }
      rest = part.get("metadata").get("continue").text();
    } while (!rest.isEmpty());
    return nodes;
  }
}
