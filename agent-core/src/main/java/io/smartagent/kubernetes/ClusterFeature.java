package io.smartagent.kubernetes;

import java.util.List;

/** A use of Kubernetes' API. Each can be enabled without the others. */
public enum ClusterFeature {
  ATTRIBUTES(
      "kubernetes-attributes", true, "adds pods, workloads and Services to what is reported"),
  CONFIG_MAP("config-map", true, "takes module settings from a ConfigMap"),
  EVENTS("events", true, "reports host-events as Kubernetes Events"),
  AGENT_NODE("agent-node", true, "keeps this node's AgentNode"),
  FLEET("fleet", false, "reads the AgentNodes of all nodes"),
  AUDIT("audit", false, "reads the workloads of all namespaces");

  private final String id;
  private final boolean ofAgent;
  private final String summary;

  ClusterFeature(String id, boolean ofAgent, String summary) {
    this.id = id;
    this.ofAgent = ofAgent;
    this.summary = summary;
  }

  /** Returns its name in documentation, comments of YAML and messages. */
  public String id() {
    return id;
  }

  /** Returns whether the agent itself has it, with its ServiceAccount; else a person has. */
  public boolean isOfAgent() {
    return ofAgent;
  }

  /** Returns what it does, as the rest of a sentence that starts with its name. */
  public String summary() {
    return summary;
  }

  /** Returns what it must be allowed. */
  public List<ApiPermission> permissions() {
    return List.of(ApiPermission.values()).stream()
        .filter(permission -> permission.feature() == this)
        .toList();
  }
}
