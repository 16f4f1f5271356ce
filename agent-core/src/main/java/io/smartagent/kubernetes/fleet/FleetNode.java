package io.smartagent.kubernetes.fleet;

import io.smartagent.kubernetes.node.AgentNodeStatus;
import org.jspecify.annotations.Nullable;

/**
 * A node that has an AgentNode.
 *
 * @param name of the node
 * @param status that the agent has written; null where it has written none
 */
public record FleetNode(String name, @Nullable AgentNodeStatus status) {}
