package io.smartagent.module;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds to an event of a container or pod what Kubernetes says of the pod, as the last attribute
 * {@code kubernetes}. In one place, so that no module has to know of it.
 */
final class PodAttributes {

  private PodAttributes() {}

  /** Returns the event, with more where its pod is known. */
  static Event addTo(Event event, ContainerDirectory containers) {
    PodIdentity pod = pod(event.owner(), containers);
    return pod == null
        ? event
        : event.with("kubernetes", describe(pod, containers.pods().isStale()));
  }

  private static @Nullable PodIdentity pod(EventOwner owner, ContainerDirectory containers) {
    String uid = owner.podUid();
    if (uid == null && owner.containerId() != null) {
      ContainerIdentity container = containers.pods().container(owner.containerId());
      uid = container == null ? null : container.podUid();
    }
    return uid == null ? null : containers.pods().find(uid);
  }

  private static Map<String, @Nullable Object> describe(PodIdentity pod, boolean stale) {
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    attributes.put("pod", pod.name());
    attributes.put("namespace", pod.namespace());
    attributes.put("node", pod.node());
    attributes.put("podIp", pod.address());
    attributes.put("workloadKind", pod.workloadKind());
    attributes.put("workload", pod.workload());
    attributes.put("services", pod.services());
    attributes.put("labels", pod.labels());
    attributes.put("annotations", pod.annotations());
    attributes.put("namespaceLabels", pod.namespaceLabels());
    attributes.put("stale", stale);
    return attributes;
  }
}
