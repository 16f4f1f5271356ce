package io.smartagent.modules.container;

import org.jspecify.annotations.Nullable;

/**
 * The name that kubelet's helpers give to a container: {@code
 * k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT}, as cri-dockerd's naming.go and CRI-O's
 * internal/factory/container make it. None of the parts can have an underscore. An image's author
 * can set any label, but not this name.
 *
 * @param container in the pod's specification; null for the sandbox
 * @param pod its name
 * @param namespace of the pod
 * @param uid of the pod
 */
record PodName(@Nullable String container, String pod, String namespace, String uid) {

  private static final String SANDBOX = "POD";

  /** Returns the parts of a name; null where it is not of this form. */
  static @Nullable PodName parse(@Nullable String name) {
    if (name == null) {
      return null;
    }
    String[] parts = (name.startsWith("/") ? name.substring(1) : name).split("_", -1);
    if (parts.length < 5 || parts.length > 7 || !parts[0].equals("k8s")) {
      return null;
    }
    // A sandbox of CRI-O: k8s_POD_NAMESPACE_UID_ATTEMPT, with the pod's name where POD stands.
    if (parts.length == 5) {
      return new PodName(null, parts[1], parts[2], parts[3]);
    }
    return new PodName(parts[1].equals(SANDBOX) ? null : parts[1], parts[2], parts[3], parts[4]);
  }
}
