package io.smartagent.kubernetes.node;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The custom resource AgentNode; agentnodes.yaml documents its fields. Made without the client's
 * builders, whose classes would be loaded on every node.
 */
@Group("smartagent.io")
@Version("v1")
@Plural("agentnodes")
@JsonIgnoreProperties(ignoreUnknown = true)
public final class AgentNode extends CustomResource<Void, AgentNodeStatus> {

  private static final long serialVersionUID = 1L;

  /** For deserialization. */
  public AgentNode() {}

  /**
   * Returns the object of a node without a status.
   *
   * @param ownerUid uid of the Node; null if unknown
   */
  static AgentNode of(String node, @Nullable String ownerUid) {
    AgentNode object = new AgentNode();
    object.getMetadata().setName(node);
    if (ownerUid != null) {
      object
          .getMetadata()
          .setOwnerReferences(
              List.of(new OwnerReference("v1", null, null, "Node", node, ownerUid)));
    }
    return object;
  }

  /** Returns what server-side apply makes the status of a node's object. */
  static AgentNode of(String node, AgentNodeStatus status) {
    AgentNode object = of(node, (String) null);
    object.setStatus(status);
    return object;
  }

  /** A status without the condition Ready is not the agent's, and counts as none. */
  @Override
  @SuppressWarnings("NullAway") // The client's classes have no annotations.
  public void setStatus(@Nullable AgentNodeStatus status) {
    super.setStatus(status == null || status.ready() == null ? null : status);
  }

  /** Returns the status; null before the agent has written one. */
  @Override
  public @Nullable AgentNodeStatus getStatus() {
    return super.getStatus();
  }
}
