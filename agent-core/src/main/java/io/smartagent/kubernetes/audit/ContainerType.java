package io.smartagent.kubernetes.audit;

/** Which of a pod's lists contains a container. */
public enum ContainerType {
  INIT("init", "initContainers"),
  /** An init container with restartPolicy Always: it runs beside the others (Kubernetes 1.29). */
  SIDECAR("sidecar", "initContainers"),
  CONTAINER("container", "containers"),
  /** Put into a running pod, to look at it. */
  EPHEMERAL("ephemeral", "ephemeralContainers");

  private final String id;
  private final String list;

  ContainerType(String id, String list) {
    this.id = id;
    this.list = list;
  }

  /** Returns the name in output. */
  public String id() {
    return id;
  }

  /** Returns the field of the pod that holds them. */
  String list() {
    return list;
  }
}
