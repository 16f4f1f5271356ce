package io.smartagent.kubernetes.deploy;

import io.smartagent.kubernetes.yaml.Yaml;

/** The labels that Kubernetes recommends: "Recommended Labels" of its documentation. */
final class Labels {

  private static final String PREFIX = "app.kubernetes.io/";

  private Labels() {}

  /** Returns those that never change: a DaemonSet finds its pods by them. */
  static Yaml.Mapping selector(Wishes wishes) {
    return Yaml.map().put(PREFIX + "name", "smartagent").put(PREFIX + "instance", wishes.name());
  }

  /** Returns all. */
  static Yaml.Mapping all(Wishes wishes) {
    return selector(wishes).put(PREFIX + "component", "node-agent");
  }

  /** Returns the metadata of an object of the cluster. */
  static Yaml.Mapping ofCluster(Wishes wishes) {
    return Yaml.map().put("name", wishes.clusterName()).put("labels", all(wishes));
  }

  /** Returns the metadata of an object of the agent's namespace. */
  static Yaml.Mapping ofNamespace(Wishes wishes) {
    return Yaml.map()
        .put("name", wishes.name())
        .put("namespace", wishes.namespace())
        .put("labels", all(wishes));
  }
}
