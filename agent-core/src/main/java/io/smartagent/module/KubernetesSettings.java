package io.smartagent.module;

/**
 * What the user has set for what is asked of Kubernetes and told to it.
 *
 * @param labels that are taken of pods and namespaces
 * @param annotations that are taken of pods
 */
public record KubernetesSettings(KeySelection labels, KeySelection annotations) {

  /** What holds where nothing is set. */
  public static final KubernetesSettings STANDARD =
      new KubernetesSettings(KeySelection.NONE, KeySelection.NONE);
}
