package io.smartagent.modules.kubernetesattributes;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a part of a Service's endpoints.
 *
 * @param service its name
 * @param pods those of this node, as {@code NAMESPACE/NAME}
 */
record ServiceSlice(String service, Set<String> pods) {

  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  /** Copies the set. */
  ServiceSlice {
    pods = Set.copyOf(pods);
  }

  /** Returns what is kept of an EndpointSlice; null where no pod of the node is in it. */
  static @Nullable ServiceSlice of(EndpointSlice object, String node) {
    String service = PodObject.orEmpty(object.getMetadata().getLabels()).get(SERVICE_NAME);
    if (service == null || service.isEmpty() || object.getEndpoints() == null) {
      return null;
    }
    String namespace = object.getMetadata().getNamespace();
    Set<String> pods = new LinkedHashSet<>();
    for (Endpoint endpoint : object.getEndpoints()) {
      ObjectReference target = endpoint.getTargetRef();
      if (node.equals(endpoint.getNodeName()) && target != null && isPodOf(namespace, target)) {
        pods.add(namespace + "/" + target.getName());
      }
    }
    return pods.isEmpty() ? null : new ServiceSlice(service, pods);
  }

  /** A Service has no pods of other namespaces; who may write slices of one could name them. */
  private static boolean isPodOf(@Nullable String namespace, ObjectReference target) {
    return "Pod".equals(target.getKind())
        && namespace != null
        && namespace.equals(target.getNamespace());
  }
}
