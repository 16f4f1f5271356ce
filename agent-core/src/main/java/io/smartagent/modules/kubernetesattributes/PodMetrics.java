package io.smartagent.modules.kubernetesattributes;

import io.smartagent.module.MetricTable;
import io.smartagent.module.PodIdentity;
import java.util.Map;
import java.util.TreeMap;

/** What a scrape shows of pods. */
final class PodMetrics {

  private final MetricTable table = new MetricTable(PodFamilies.all());

  /** Returns what is to be registered. */
  MetricTable table() {
    return table;
  }

  /**
   * Shows what is known.
   *
   * @param stale of each resource, whether changes of it may be missed
   */
  void show(Iterable<PodIdentity> pods, Map<String, Boolean> stale) {
    MetricTable.Pass pass = table.begin();
    Map<String, Map<String, String>> namespaces = new TreeMap<>();
    for (PodIdentity pod : pods) {
      pod(pass, pod);
      namespaces.put(pod.namespace(), pod.namespaceLabels());
    }
    namespaces.forEach((namespace, labels) ->
        labels.forEach(
            (label, value) -> pass.add(PodFamilies.NAMESPACE_LABEL, 1, label, namespace, value)));
    stale.forEach((resource, isStale) -> pass.add(PodFamilies.STALE, isStale ? 1 : 0, resource));
    pass.show();
  }

  private static void pod(MetricTable.Pass pass, PodIdentity pod) {
    String address = pod.address();
    pass.add(
        PodFamilies.POD,
        1,
        pod.namespace(),
        pod.node(),
        pod.name(),
        address == null ? "" : address,
        pod.uid(),
        pod.workload(),
        pod.workloadKind());
    pod.services()
        .forEach(service -> pass.add(PodFamilies.SERVICE, 1, pod.namespace(), pod.name(), service));
    pod.labels()
        .forEach((label, value) ->
            pass.add(PodFamilies.LABEL, 1, label, pod.namespace(), pod.name(), value));
    pod.annotations()
        .forEach((annotation, value) ->
            pass.add(PodFamilies.ANNOTATION, 1, annotation, pod.namespace(), pod.name(), value));
  }
}
