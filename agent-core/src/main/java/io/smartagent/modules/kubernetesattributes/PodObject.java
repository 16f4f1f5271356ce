package io.smartagent.modules.kubernetesattributes;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.LogFilter;
import io.smartagent.module.PodIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a pod.
 *
 * @param pod without its Services and what its namespace says
 * @param containers those that have an id yet
 * @param staticUid the uid that kubelet gave to it, as its annotation says, which anybody can write
 *     there; null where it is no static pod
 */
record PodObject(PodIdentity pod, List<ContainerIdentity> containers, @Nullable String staticUid) {

  /**
   * Holds the uid that kubelet gave to a static pod; that of its object in the API is another:
   * pkg/kubelet/types/pod_update.go of Kubernetes. The object is its Node's.
   */
  private static final String STATIC_UID = "kubernetes.io/config.mirror";

  /** Copies the list. */
  PodObject {
    containers = List.copyOf(containers);
  }

  /**
   * Returns what is kept of a pod; null where it has no uid.
   *
   * @param node that it is on
   * @param logs says whether its logs are told
   */
  static @Nullable PodObject of(
      Pod object, String node, KubernetesSettings settings, LogFilter logs) {
    ObjectMeta metadata = object.getMetadata();
    Map<String, String> annotations = orEmpty(metadata.getAnnotations());
    Map<String, String> labels = orEmpty(metadata.getLabels());
    String uid = metadata.getUid();
    if (uid == null || uid.isEmpty()) {
      return null;
    }
    PodStatus status = object.getStatus();
    Workload workload = Workload.of(metadata.getName(), labels, metadata.getOwnerReferences());
    PodIdentity pod =
        new PodIdentity(
            uid,
            metadata.getName(),
            metadata.getNamespace(),
            node,
            status == null ? null : status.getPodIP(),
            workload.kind(),
            workload.name(),
            List.of(),
            settings.labels().of(labels),
            settings.annotations().of(annotations),
            Map.of(),
            logs.includes(metadata.getNamespace(), labels, annotations),
            LogFilter.ownChoice(annotations));
    return new PodObject(
        pod, status == null ? List.of() : containers(status, pod), staticUid(metadata));
  }

  private static @Nullable String staticUid(ObjectMeta metadata) {
    String uid = orEmpty(metadata.getAnnotations()).get(STATIC_UID);
    List<OwnerReference> owners = metadata.getOwnerReferences();
    boolean isOfNode =
        owners != null && owners.stream().anyMatch(owner -> "Node".equals(owner.getKind()));
    return uid == null || uid.isEmpty() || !isOfNode ? null : uid;
  }

  /** Returns the same with the uid that control groups and runtimes have. */
  PodObject withUid(String uid) {
    return new PodObject(
        pod.withUid(uid),
        containers.stream().map(container -> container.withPodUid(uid)).toList(),
        staticUid);
  }

  private static List<ContainerIdentity> containers(PodStatus status, PodIdentity pod) {
    List<ContainerIdentity> containers = new ArrayList<>();
    add(containers, status.getContainerStatuses(), pod);
    add(containers, status.getInitContainerStatuses(), pod);
    add(containers, status.getEphemeralContainerStatuses(), pod);
    return containers;
  }

  private static void add(
      List<ContainerIdentity> containers,
      @Nullable List<ContainerStatus> statuses,
      PodIdentity pod) {
    if (statuses == null) {
      return;
    }
    for (ContainerStatus status : statuses) {
      ContainerIdentity container = container(status, pod);
      if (container != null) {
        containers.add(container);
      }
    }
  }

  /** The id is {@code RUNTIME://ID}, with nothing where the container was not made yet. */
  private static @Nullable ContainerIdentity container(ContainerStatus status, PodIdentity pod) {
    String id = status.getContainerID() == null ? "" : status.getContainerID();
    int separator = id.indexOf("://");
    if (separator < 0) {
      return null;
    }
    return new ContainerIdentity(
        id.substring(separator + "://".length()),
        id.substring(0, separator),
        status.getName(),
        status.getImage(),
        pod.uid(),
        pod.name(),
        pod.namespace(),
        false,
        null,
        Map.of());
  }

  static Map<String, String> orEmpty(@Nullable Map<String, String> texts) {
    return texts == null ? Map.of() : texts;
  }
}
