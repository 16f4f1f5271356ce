package io.smartagent.modules.kubernetesattributes;

import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.PodIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The pods of the node, with all that is known of each.
 *
 * @param pods by their uids, in the order of namespace and name
 * @param containers by their ids
 */
record NodePods(Map<String, PodIdentity> pods, Map<String, ContainerIdentity> containers) {

  /** Four times what kubelet starts on a node unless it is told otherwise. */
  private static final int PODS_AT_MOST = 1000;

  /**
   * Puts together what three resources say.
   *
   * @param pods by {@code NAMESPACE/NAME}
   * @param slices parts of Services' endpoints
   * @param namespaceLabels by the namespaces' names
   */
  static NodePods join(
      Map<String, PodObject> pods,
      Iterable<ServiceSlice> slices,
      Map<String, Map<String, String>> namespaceLabels) {
    Map<String, List<String>> services = servicesOfPods(slices);
    Map<String, PodIdentity> joined = new LinkedHashMap<>();
    Map<String, ContainerIdentity> containers = new HashMap<>();
    Set<String> uids = new HashSet<>();
    pods.values().forEach(object -> uids.add(object.pod().uid()));
    new TreeMap<>(pods)
        .forEach((key, named) -> {
          if (joined.size() < PODS_AT_MOST) {
            PodObject object = withUidOfKubelet(named, uids);
            PodIdentity pod = object.pod();
            joined.put(
                pod.uid(),
                pod.with(
                    services.getOrDefault(key, List.of()),
                    namespaceLabels.getOrDefault(pod.namespace(), Map.of())));
            object.containers().forEach(container -> containers.put(container.id(), container));
          }
        });
    return new NodePods(joined, containers);
  }

  /** What a pod's annotation says takes no other pod's place. */
  private static PodObject withUidOfKubelet(PodObject object, Set<String> taken) {
    String uid = object.staticUid();
    return uid != null && taken.add(uid) ? object.withUid(uid) : object;
  }

  private static Map<String, List<String>> servicesOfPods(Iterable<ServiceSlice> slices) {
    Map<String, List<String>> services = new HashMap<>();
    for (ServiceSlice slice : slices) {
      for (String pod : slice.pods()) {
        List<String> names = services.computeIfAbsent(pod, key -> new ArrayList<>());
        if (!names.contains(slice.service())) {
          names.add(slice.service());
        }
      }
    }
    return services;
  }
}
