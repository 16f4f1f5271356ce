package io.smartagent.kubernetes;

import java.util.List;

/**
 * What is asked of Kubernetes' API, and so what a role must allow, in one place. The manifest's
 * roles, the remedies for a 403 and the documentation are made from it.
 */
public enum ApiPermission {
  ATTRIBUTES_PODS(
      ClusterFeature.ATTRIBUTES,
      Scope.CLUSTER,
      "",
      "pods",
      "list, watch",
      "the pods of this node, by a field selector"),
  ATTRIBUTES_SLICES(
      ClusterFeature.ATTRIBUTES,
      Scope.CLUSTER,
      "discovery.k8s.io",
      "endpointslices",
      "list, watch",
      "which Services have them as endpoints"),
  ATTRIBUTES_NAMESPACES(
      ClusterFeature.ATTRIBUTES,
      Scope.CLUSTER,
      "",
      "namespaces",
      "list, watch",
      "labels of their namespaces"),
  /**
   * Always asked with the field selector {@code metadata.name}, so the rule may have {@code
   * resourceNames} with that one name: the server takes it from there (RequestInfoFactory of
   * k8s.io/apiserver).
   */
  CONFIG_MAP(
      ClusterFeature.CONFIG_MAP,
      Scope.NAMESPACE,
      "",
      "configmaps",
      "list, watch",
      "the ConfigMap with module settings; resourceNames may hold its name"),
  EVENTS(
      ClusterFeature.EVENTS,
      Scope.CLUSTER,
      "events.k8s.io",
      "events",
      "create, patch",
      "Events on pods and on the node"),
  AGENT_NODE(
      ClusterFeature.AGENT_NODE,
      Scope.CLUSTER,
      "smartagent.io",
      "agentnodes",
      "create, get",
      "the node's AgentNode"),
  AGENT_NODE_STATUS(
      ClusterFeature.AGENT_NODE,
      Scope.CLUSTER,
      "smartagent.io",
      "agentnodes/status",
      "patch",
      "what the AgentNode says"),
  AGENT_NODE_OWNER(
      ClusterFeature.AGENT_NODE,
      Scope.CLUSTER,
      "",
      "nodes",
      "get",
      "the Node that owns the AgentNode, so that both are deleted together"),
  FLEET(
      ClusterFeature.FLEET,
      Scope.CLUSTER,
      "smartagent.io",
      "agentnodes",
      "list",
      "the AgentNodes of all nodes"),
  AUDIT_VOLUMES(
      ClusterFeature.AUDIT,
      Scope.CLUSTER,
      "",
      "persistentvolumes",
      "list",
      "paths of the host behind claims; a note says where it is missing"),
  AUDIT_APPS(
      ClusterFeature.AUDIT,
      Scope.CLUSTER,
      "apps",
      "daemonsets, deployments, replicasets, statefulsets",
      "list",
      "what makes pods"),
  AUDIT_BATCH(
      ClusterFeature.AUDIT, Scope.CLUSTER, "batch", "cronjobs, jobs", "list", "what makes pods"),
  AUDIT_CORE(
      ClusterFeature.AUDIT,
      Scope.CLUSTER,
      "",
      "pods, podtemplates, replicationcontrollers",
      "list",
      "pods and what makes them");

  /** Which kind of role it takes. */
  public enum Scope {
    /** A ClusterRole, bound by a ClusterRoleBinding. */
    CLUSTER,
    /** A Role in the agent's own namespace. */
    NAMESPACE
  }

  private final ClusterFeature feature;
  private final Scope scope;
  private final String group;
  private final String resources;
  private final String verbs;
  private final String purpose;

  ApiPermission(
      ClusterFeature feature,
      Scope scope,
      String group,
      String resources,
      String verbs,
      String purpose) {
    this.feature = feature;
    this.scope = scope;
    this.group = group;
    this.resources = resources;
    this.verbs = verbs;
    this.purpose = purpose;
  }

  /** Returns what needs it. */
  public ClusterFeature feature() {
    return feature;
  }

  /** Returns which kind of role it takes. */
  public Scope scope() {
    return scope;
  }

  /** Returns the API group, empty for the core one. */
  public String group() {
    return group;
  }

  /** Returns the resources by their plural names, with {@code /status} for a subresource. */
  public List<String> resources() {
    return words(resources);
  }

  /** Returns the verbs, sorted. */
  public List<String> verbs() {
    return words(verbs);
  }

  /** Returns what it is for, as a part of a sentence. */
  public String purpose() {
    return purpose;
  }

  /** Returns the rule of a role that allows it, as YAML. */
  public String rule() {
    return "- apiGroups: [\""
        + group
        + "\"]\n"
        + "  resources: ["
        + quoted(resources())
        + "]\n"
        + "  verbs: ["
        + quoted(verbs())
        + "]\n";
  }

  private static List<String> words(String list) {
    return List.of(list.split(", ", -1));
  }

  private static String quoted(List<String> words) {
    return "\"" + String.join("\", \"", words) + "\"";
  }
}
