package io.smartagent.modules.kubernetesattributes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.kubernetes.client.ApiFailure;
import io.smartagent.kubernetes.client.ResourceWatch;
import io.smartagent.kubernetes.client.WatchTiming;
import io.smartagent.kubernetes.client.Watched;
import io.smartagent.module.LogFilter;
import io.smartagent.module.ModuleSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is watched for the pods of a node, each apart: one that fails leaves the others. Nothing is
 * listed in parts: with a limit the server would not answer from its cache, but ask etcd for each
 * node, and where a cluster changes fast the parts might never come to an end.
 */
final class NodeWatches implements AutoCloseable {

  private final ResourceWatch<Pod, PodObject> pods;
  private final ResourceWatch<EndpointSlice, ServiceSlice> slices;
  private final ResourceWatch<Namespace, Map<String, String>> namespaces;
  private final Map<String, ResourceWatch<? extends HasMetadata, ?>> watches =
      new LinkedHashMap<>();

  /**
   * @param modules whose settings say of which labels, and whose logs are told; those of namespaces
   *     are not asked for where there are none
   */
  NodeWatches(ClusterAccess access, ModuleSettings modules, WatchTiming timing) {
    KubernetesSettings settings = KubernetesSettings.of(modules);
    LogFilter logs = LogFilter.of(modules);
    String node = access.nodeName();
    pods =
        new ResourceWatch<>(
            access,
            new Watched<>(
                ApiPermission.ATTRIBUTES_PODS,
                Pod::new,
                client -> client.pods().inAnyNamespace().withField("spec.nodeName", node),
                pod -> PodObject.of(pod, node, settings, logs)),
            timing);
    slices =
        new ResourceWatch<>(
            access,
            new Watched<>(
                ApiPermission.ATTRIBUTES_SLICES,
                EndpointSlice::new,
                client -> client.discovery().v1().endpointSlices().inAnyNamespace(),
                slice -> ServiceSlice.of(slice, node)),
            timing);
    namespaces =
        new ResourceWatch<>(
            access,
            new Watched<>(
                ApiPermission.ATTRIBUTES_NAMESPACES,
                Namespace::new,
                KubernetesClient::namespaces,
                namespace ->
                    settings.labels().of(PodObject.orEmpty(namespace.getMetadata().getLabels()))),
            timing);
    watches.put("pods", pods);
    watches.put("endpointslices", slices);
    if (!settings.labels().isEmpty()) {
      watches.put("namespaces", namespaces);
    }
  }

  /** Goes on with whatever is next, and returns whether anything has changed. */
  boolean poll() {
    boolean changed = false;
    for (ResourceWatch<?, ?> watch : watches.values()) {
      changed |= watch.poll();
    }
    return changed;
  }

  /** Returns what is known now, or was last. */
  NodePods pods() {
    return NodePods.join(pods.objects(), slices.objects().values(), namespaces.objects());
  }

  /** Returns whether all pods of the node were listed once. */
  boolean arePodsListed() {
    return pods.isListed();
  }

  /** Returns of each resource whether changes of it may be missed. */
  Map<String, Boolean> stale() {
    Map<String, Boolean> stale = new LinkedHashMap<>();
    watches.forEach(
        (resource, watch) -> stale.put(resource, watch.failure() != null || !watch.isListed()));
    return stale;
  }

  /** Returns why changes may be missed, without repeating anything; empty where none are. */
  String trouble() {
    Set<String> texts = new LinkedHashSet<>();
    for (ResourceWatch<?, ?> watch : watches.values()) {
      ApiFailure failure = watch.failure();
      if (failure != null) {
        texts.add(failure.text().strip());
      }
    }
    return String.join(" ", texts);
  }

  /** Returns whether all was listed once. */
  boolean isComplete() {
    List<ResourceWatch<?, ?>> missing = new ArrayList<>(watches.values());
    missing.removeIf(ResourceWatch::isListed);
    return missing.isEmpty();
  }

  @Override
  public void close() {
    watches.values().forEach(ResourceWatch::close);
  }
}
