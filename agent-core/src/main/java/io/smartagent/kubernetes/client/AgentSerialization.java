package io.smartagent.kubernetes.client;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * How objects are read and written: one for all clients of a process, for learning the types takes
 * a multiple of what reading takes. The specification of a pod and managed fields are skipped: they
 * are most of it, have hundreds of types, and nothing here needs them.
 */
final class AgentSerialization {

  private AgentSerialization() {}

  @JsonIgnoreProperties("spec")
  private interface WithoutSpecification {}

  @JsonIgnoreProperties("managedFields")
  private interface WithoutManagedFields {}

  @JsonIgnoreProperties({"status", "data", "binaryData"})
  private interface WithoutContent {}

  /** Made when it is first asked for. */
  private static final class Shared {
    static final KubernetesSerialization INSTANCE = make();
  }

  static KubernetesSerialization shared() {
    return Shared.INSTANCE;
  }

  /** The kinds that are watched are named: looking for all of them loads every one. */
  private static KubernetesSerialization make() {
    ObjectMapper mapper = new ObjectMapper();
    mapper.addMixIn(Pod.class, WithoutSpecification.class);
    mapper.addMixIn(ObjectMeta.class, WithoutManagedFields.class);
    mapper.addMixIn(GenericKubernetesResource.class, WithoutContent.class);
    KubernetesSerialization serialization = new KubernetesSerialization(mapper, false);
    serialization.registerKubernetesResource(Pod.class);
    serialization.registerKubernetesResource(EndpointSlice.class);
    serialization.registerKubernetesResource(Namespace.class);
    serialization.registerKubernetesResource(ConfigMap.class);
    serialization.registerKubernetesResource("v1", "Status", Status.class);
    return serialization;
  }
}
