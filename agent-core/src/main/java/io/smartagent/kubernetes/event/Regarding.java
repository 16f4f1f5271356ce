package io.smartagent.kubernetes.event;

import org.jspecify.annotations.Nullable;

/**
 * What an Event is about.
 *
 * @param kind {@code Pod} or {@code Node}
 * @param namespace of the pod; empty for a Node, which has none
 * @param name of it
 * @param uid of it; of a Node its name, which is what kubelet's own Events have there
 * @param container of the pod; null where it is the whole pod's, or a Node's
 */
record Regarding(
    String kind, String namespace, String name, String uid, @Nullable String container) {

  private static final String POD = "Pod";
  private static final String NODE = "Node";

  /** Where Events of what is in no namespace are. */
  private static final String DEFAULT_NAMESPACE = "default";

  static Regarding pod(String namespace, String name, String uid, @Nullable String container) {
    return new Regarding(POD, namespace, name, uid, container);
  }

  static Regarding node(String name) {
    return new Regarding(NODE, "", name, name, null);
  }

  /** Returns the namespace that its Events are in. */
  String eventNamespace() {
    return namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace;
  }
}
