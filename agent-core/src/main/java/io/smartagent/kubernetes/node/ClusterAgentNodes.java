package io.smartagent.kubernetes.node;

import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.client.ApiRequestException;
import io.smartagent.kubernetes.client.ApiRequests;
import io.smartagent.kubernetes.client.ApiRequests.Answer;
import io.smartagent.kubernetes.client.ApiRequests.Body;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The AgentNode in the cluster. Its status is written by server-side apply: one request, without
 * having read anything before, and a field that is left out is gone.
 */
final class ClusterAgentNodes implements AgentNodes {

  /** Where the objects are. */
  static final String PATH = "/apis/smartagent.io/v1/agentnodes";

  private static final Logger LOG = LoggerFactory.getLogger(ClusterAgentNodes.class);

  private static final int FORBIDDEN = 403;

  private final ApiRequests requests;
  private final String node;
  private boolean ownerlessTold;

  /**
   * @param node the Node's name, which is a part of addresses: letters, digits, dots and dashes
   */
  ClusterAgentNodes(ApiRequests requests, String node) {
    this.requests = requests;
    this.node = node;
  }

  @Override
  public @Nullable AgentNodeStatus read() throws ApiRequestException {
    return AgentNodeJson.parse(
        requests.get(PATH + "/" + node, Answer.OBJECT, ApiPermission.AGENT_NODE));
  }

  @Override
  public void create() throws ApiRequestException {
    byte[] object = AgentNodeJson.object(node, owner());
    try {
      requests.post(PATH + "?fieldManager=smartagent", object, ApiPermission.AGENT_NODE);
    } catch (ApiRequestException e) {
      if (!e.isObjectThere()) {
        throw e;
      }
    }
  }

  /** Without an owner it stays when the Node is deleted, which is no reason to have none. */
  private @Nullable String owner() throws ApiRequestException {
    try {
      return requests
          .get("/api/v1/nodes/" + node, Answer.METADATA, ApiPermission.AGENT_NODE_OWNER)
          .get("metadata")
          .get("uid")
          .textOrNull();
    } catch (ApiRequestException e) {
      if (e.code() != FORBIDDEN && !e.isObjectMissing()) {
        throw e;
      }
      if (!ownerlessTold) {
        ownerlessTold = true;
        LOG.warn(
            "The AgentNode has no owner, and stays when its Node is deleted: {}",
            e.failure().text().strip());
      }
      return null;
    }
  }

  @Override
  public void write(AgentNodeStatus status) throws ApiRequestException {
    requests.patch(
        PATH + "/" + node + "/status?fieldManager=smartagent&force=true",
        Body.APPLY,
        AgentNodeJson.status(node, status),
        ApiPermission.AGENT_NODE_STATUS);
  }
}
