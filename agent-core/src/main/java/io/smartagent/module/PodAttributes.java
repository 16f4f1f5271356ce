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
    PodIdentity pod = pod(event.attributes(), containers);
    if (pod == null) {
      return event;
    }
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>(event.attributes());
    attributes.put("kubernetes", describe(pod, containers.pods().isStale()));
    return new Event(event.time(), event.type(), attributes);
  }

  private static @Nullable PodIdentity pod(
      Map<String, @Nullable Object> attributes, ContainerDirectory containers) {
    if (attributes.get("podUid") instanceof String uid) {
      return containers.pods().find(uid);
    }
    if (attributes.get("containerId") instanceof String id) {
      ContainerIdentity container = containers.pods().container(id);
      String uid = container == null ? null : container.podUid();
      return uid == null ? null : containers.pods().find(uid);
    }
    return null;
  }

  private static Map<String, @Nullable Object> describe(PodIdentity pod, boolean stale) {
    Map<String, @Nullable Object> told = new LinkedHashMap<>();
    told.put("pod", pod.name());
    told.put("namespace", pod.namespace());
    told.put("node", pod.node());
    told.put("podIp", pod.address());
    told.put("workloadKind", pod.workloadKind());
    told.put("workload", pod.workload());
    told.put("services", pod.services());
    told.put("labels", pod.labels());
    told.put("annotations", pod.annotations());
    told.put("namespaceLabels", pod.namespaceLabels());
    told.put("stale", stale);
    return told;
  }
}
