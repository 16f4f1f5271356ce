package io.smartagent.kubernetes.manifest;

import io.smartagent.kubernetes.yaml.Yaml;

/** The DaemonSet: one pod of the agent on each node. */
final class DaemonSetObject {

  /** The agent ends at once; what it waits for is the disk. */
  private static final int GRACE_SECONDS = 30;

  private final DaemonSetPlan plan;
  private final ManifestOptions options;

  DaemonSetObject(DaemonSetPlan plan) {
    this.plan = plan;
    this.options = plan.options();
  }

  Yaml.Mapping object() {
    return Yaml.map()
        .put("apiVersion", "apps/v1")
        .put("kind", "DaemonSet")
        .put("metadata", Labels.ofNamespace(options))
        .put(
            "spec",
            Yaml.map()
                .put("selector", Yaml.map().put("matchLabels", Labels.selector(options)))
                .put("updateStrategy", updateStrategy())
                .put("template", template()));
  }

  private Yaml.Mapping updateStrategy() {
    String maximum = options.maxUnavailable();
    Yaml.Mapping update = Yaml.map();
    if (maximum.endsWith("%")) {
      update.put("maxUnavailable", maximum);
    } else {
      update.put("maxUnavailable", Long.parseLong(maximum));
    }
    return Yaml.map()
        .put("type", "RollingUpdate")
        .put(
            "Two agents cannot share a node's network, so the old one ends first.",
            "rollingUpdate",
            update);
  }

  private Yaml.Mapping template() {
    return Yaml.map()
        .put("metadata", Yaml.map().put("labels", Labels.all(options)))
        .put("spec", pod());
  }

  private Yaml.Mapping pod() {
    Yaml.Mapping pod =
        Yaml.map()
            .put("serviceAccountName", options.name())
            .put("automountServiceAccountToken", false)
            .put("Processes of the host are seen by their own ids.", "hostPID", Yaml.flag(true))
            .put(
                "The host's interfaces, and the kernel's news of its processes, are in its"
                    + " network.",
                "hostNetwork",
                Yaml.flag(true));
    if (options.installer().isPresent()) {
      pod.put(
          "The script's address may be a Service's.",
          "dnsPolicy",
          Yaml.text("ClusterFirstWithHostNet"));
    } else {
      pod.put("The agent resolves names as the host does.", "dnsPolicy", Yaml.text("Default"));
    }
    addScheduling(pod);
    options
        .imagePullSecret()
        .ifPresent(
            secret -> pod.put("imagePullSecrets", Yaml.list().add(Yaml.map().put("name", secret))));
    Yaml.Sequence volumes = Yaml.list();
    PodVolume.of(plan).forEach(volume -> volumes.add(volume.volume()));
    return pod.put("terminationGracePeriodSeconds", GRACE_SECONDS)
        .put("containers", Yaml.list().add(new ContainerObject(plan).container()))
        .put("volumes", volumes);
  }

  private void addScheduling(Yaml.Mapping pod) {
    pod.put("nodeSelector", Yaml.map().put("kubernetes.io/os", "linux"));
    if (options.tolerateAll()) {
      pod.put(
          "Nodes with taints for faults need the agent most.",
          "tolerations",
          Yaml.list().add(Yaml.map().put("operator", "Exists")));
    }
    options
        .priorityClass()
        .ifPresent(name ->
            pod.put(
                name.startsWith("system-")
                    ? "Some clusters (GKE) allow it outside of kube-system only with a"
                        + " ResourceQuota whose scopeSelector names it; --priority-class names"
                        + " another."
                    : "",
                "priorityClassName",
                Yaml.text(name)));
  }
}
