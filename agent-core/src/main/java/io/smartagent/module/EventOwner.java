package io.smartagent.module;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The container and pod that an event concerns. What is unknown or does not apply is null: all of
 * it for a process of the host.
 *
 * @param containerId as the runtime and the control group have it
 * @param containerName in a pod as the pod's specification has it, else as the runtime has it
 * @param containerRuntime such as containerd
 * @param image that the container was made from
 * @param podUid of the pod
 * @param podName of the pod
 * @param podNamespace of the pod
 */
public record EventOwner(
    @Nullable String containerId,
    @Nullable String containerName,
    @Nullable String containerRuntime,
    @Nullable String image,
    @Nullable String podUid,
    @Nullable String podName,
    @Nullable String podNamespace) {

  /** Of what concerns the host itself. */
  public static final EventOwner HOST = new EventOwner(null, null, null, null, null, null, null);

  /** Returns the attributes, all of them always. */
  public Map<String, @Nullable Object> attributes() {
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    attributes.put("containerId", containerId);
    attributes.put("containerName", containerName);
    attributes.put("containerRuntime", containerRuntime);
    attributes.put("image", image);
    attributes.put("podUid", podUid);
    attributes.put("podName", podName);
    attributes.put("podNamespace", podNamespace);
    return attributes;
  }
}
