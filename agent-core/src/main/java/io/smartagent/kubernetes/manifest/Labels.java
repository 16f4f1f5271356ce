package io.smartagent.kubernetes.manifest;

import io.smartagent.kubernetes.yaml.Yaml;

/** The labels that Kubernetes recommends: "Recommended Labels" of its documentation. */
final class Labels {

  private static final String PREFIX = "app.kubernetes.io/";

  private Labels() {}

  /** Returns those that never change: a DaemonSet finds its pods by them. */
  static Yaml.Mapping selector(ManifestOptions options) {
    return Yaml.map().put(PREFIX + "name", "smartagent").put(PREFIX + "instance", options.name());
  }

  /** Returns all. */
  static Yaml.Mapping all(ManifestOptions options) {
    return selector(options).put(PREFIX + "component", "node-agent");
  }

  /** Returns the metadata of an object of the cluster. */
  static Yaml.Mapping ofCluster(ManifestOptions options) {
    return Yaml.map().put("name", options.clusterName()).put("labels", all(options));
  }

  /** Returns the metadata of an object of the agent's namespace. */
  static Yaml.Mapping ofNamespace(ManifestOptions options) {
    return Yaml.map()
        .put("name", options.name())
        .put("namespace", options.namespace())
        .put("labels", all(options));
  }
}
