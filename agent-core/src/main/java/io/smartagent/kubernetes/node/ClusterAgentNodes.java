package io.smartagent.kubernetes.node;

import io.fabric8.kubernetes.api.model.PartialObjectMetadata;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.client.ApiClient;
import io.smartagent.kubernetes.client.ApiRequestException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The AgentNode in the cluster. Its status is written by server-side apply: one request, without
 * reading anything before, and a field that is omitted is removed.
 */
final class ClusterAgentNodes implements AgentNodes {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterAgentNodes.class);

  private static final int FORBIDDEN = 403;

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("smartagent")
          .withForce(true)
          .build();

  private final ApiClient api;
  private final String node;
  private boolean missingOwnerReported;

  /**
   * @param node the Node's name, which is a part of addresses: letters, digits, dots and dashes
   */
  ClusterAgentNodes(ApiClient api, String node) {
    this.api = api;
    this.node = node;
  }

  @Override
  public @Nullable AgentNodeStatus read() throws ApiRequestException {
    return api.call(
            ApiPermission.AGENT_NODE,
            client -> client.resources(AgentNode.class).withName(node).require())
        .getStatus();
  }

  @Override
  public void create() throws ApiRequestException {
    AgentNode object = AgentNode.of(node, owner());
    try {
      api.call(
          ApiPermission.AGENT_NODE,
          client -> client.resources(AgentNode.class).resource(object).create());
    } catch (ApiRequestException e) {
      if (!e.isObjectPresent()) {
        throw e;
      }
    }
  }

  /** Without an owner it remains when the Node is deleted, which is no reason to have none. */
  private @Nullable String owner() throws ApiRequestException {
    try {
      PartialObjectMetadata owner =
          api.call(
              ApiPermission.AGENT_NODE_OWNER,
              client -> client.nodes().withName(node).getAsPartialObjectMetadata());
      if (owner != null) {
        return owner.getMetadata().getUid();
      }
      warnOfMissingOwner("there is no Node \"" + node + "\".");
    } catch (ApiRequestException e) {
      if (e.code() != FORBIDDEN) {
        throw e;
      }
      warnOfMissingOwner(e.failure().text().strip());
    }
    return null;
  }

  private void warnOfMissingOwner(String cause) {
    if (!missingOwnerReported) {
      missingOwnerReported = true;
      LOG.warn("The AgentNode has no owner, and remains when its Node is deleted: {}", cause);
    }
  }

  @Override
  public void write(AgentNodeStatus status) throws ApiRequestException {
    AgentNode object = AgentNode.of(node, status);
    api.call(
        ApiPermission.AGENT_NODE_STATUS,
        client ->
            client.resources(AgentNode.class).resource(object).subresource("status").patch(APPLY));
  }
}
