package io.smartagent.module;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a container runtime says of a container.
 *
 * @param id of the container, as the runtime and its control group have it
 * @param runtime {@code docker}, {@code containerd}, {@code cri-o}, {@code podman}, or {@code runc}
 *     and {@code crun} for a bundle that nothing else manages; null where it is unknown
 * @param name of the container: in a pod as the pod's specification has it, else as the runtime has
 *     it; null where it is unknown
 * @param image that it was made from, as its user wrote it; null where it is unknown
 * @param podUid of its pod; null where it is in none
 * @param podName of its pod; null where it is in none or it is unknown
 * @param podNamespace of its pod; null where it is in none or it is unknown
 * @param sandbox whether it only holds a pod's namespaces: the pause container
 * @param logPath the file on the host that holds what it prints; null where it is unknown
 * @param labels of the container, sorted; those that the runtime itself sets left out
 */
public record ContainerIdentity(
    String id,
    @Nullable String runtime,
    @Nullable String name,
    @Nullable String image,
    @Nullable String podUid,
    @Nullable String podName,
    @Nullable String podNamespace,
    boolean sandbox,
    @Nullable String logPath,
    Map<String, String> labels) {

  /** Copies the labels. */
  public ContainerIdentity {
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
  }

  /** Returns the same as a container of another pod. */
  public ContainerIdentity withPodUid(String uid) {
    return new ContainerIdentity(
        id, runtime, name, image, uid, podName, podNamespace, sandbox, logPath, labels);
  }
}
