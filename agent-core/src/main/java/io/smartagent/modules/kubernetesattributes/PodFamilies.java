package io.smartagent.modules.kubernetesattributes;

import io.smartagent.module.MetricFamily;
import java.util.List;

/**
 * The metrics of {@code kubernetes-attributes}. As kube-state-metrics does it, what is known of a
 * pod is a metric of its own with the value 1, which is joined to those of containers by {@code
 * namespace} and {@code pod}. As labels of each of them it would be told hundreds of times in a
 * scrape, and a counter would begin anew whenever a pod enters a Service or a label changes.
 */
final class PodFamilies {

  static final MetricFamily POD =
      MetricFamily.gauge(
          "smartagent_pod_info",
          "1 for each pod of the node: joined to a container's metrics by namespace and pod",
          "namespace",
          "node",
          "pod",
          "pod_ip",
          "uid",
          "workload",
          "workload_kind");

  static final MetricFamily SERVICE =
      MetricFamily.gauge(
          "smartagent_pod_service_info",
          "1 for each Service that has a pod of the node as an endpoint",
          "namespace",
          "pod",
          "service");

  static final MetricFamily LABEL =
      MetricFamily.gauge(
          "smartagent_pod_label_info",
          "1 for each label of a pod that SMARTAGENT_KUBERNETES_LABELS names",
          "label",
          "namespace",
          "pod",
          "value");

  static final MetricFamily ANNOTATION =
      MetricFamily.gauge(
          "smartagent_pod_annotation_info",
          "1 for each annotation of a pod that SMARTAGENT_KUBERNETES_ANNOTATIONS names",
          "annotation",
          "namespace",
          "pod",
          "value");

  static final MetricFamily NAMESPACE_LABEL =
      MetricFamily.gauge(
          "smartagent_namespace_label_info",
          "1 for each label of a pod's namespace that SMARTAGENT_KUBERNETES_LABELS names",
          "label",
          "namespace",
          "value");

  static final MetricFamily STALE =
      MetricFamily.gauge(
          "smartagent_kubernetes_stale",
          "1 where changes of a resource may be missed, for the API does not tell them, else 0",
          "resource");

  private PodFamilies() {}

  static List<MetricFamily> all() {
    return List.of(POD, SERVICE, LABEL, ANNOTATION, NAMESPACE_LABEL, STALE);
  }
}
