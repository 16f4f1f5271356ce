package io.smartagent.probe;

/**
 * What a container has to reach Kubernetes' API with.
 *
 * @param server {@code https://HOST:PORT}; empty outside of a pod
 * @param directory with the ServiceAccount's token; empty without one
 * @param onHost whether that is a directory of the host's root, which the agent will see, else one
 *     of the container
 * @param namespace of the pod, as the directory says; empty where it does not
 * @param open whether others than its owner may read the token
 */
public record ClusterFacts(
    String server, String directory, boolean onHost, String namespace, boolean open) {

  /** Of a container that is in no pod. */
  public static final ClusterFacts NONE = new ClusterFacts("", "", false, "", false);

  /** Returns whether there is a token. */
  public boolean hasAccount() {
    return !directory.isEmpty();
  }

  /** Returns whether this is a pod. */
  public boolean isPod() {
    return !server.isEmpty();
  }

  /** Returns whether the container can ask Kubernetes' API. */
  public AbilityFact ability() {
    if (hasAccount()) {
      return AbilityFact.available(Ability.SERVICE_ACCOUNT);
    }
    return AbilityFact.blocked(
        Ability.SERVICE_ACCOUNT,
        Blocker.MOUNT,
        isPod()
            ? "No ServiceAccount's token is mounted into this container."
            : ClusterQuestion.HOST_VARIABLE + " is not set: this container is in no pod.");
  }
}
