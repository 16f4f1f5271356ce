package io.smartagent.modules.kubernetesattributes;

import io.smartagent.module.ModuleSettings;

/**
 * What is taken of pods and namespaces.
 *
 * @param labels of both
 * @param annotations of pods
 */
record KubernetesSettings(KeySelection labels, KeySelection annotations) {

  /** Returns what is set. */
  static KubernetesSettings of(ModuleSettings settings) {
    return new KubernetesSettings(
        settings.get(KubernetesAttributesDefinition.LABELS),
        settings.get(KubernetesAttributesDefinition.ANNOTATIONS));
  }
}
