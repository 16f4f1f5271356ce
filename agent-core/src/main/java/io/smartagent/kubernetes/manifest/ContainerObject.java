package io.smartagent.kubernetes.manifest;

import io.smartagent.config.Option;
import io.smartagent.config.Selection;
import io.smartagent.kubernetes.ClusterFeature;
import io.smartagent.kubernetes.yaml.Yaml;
import io.smartagent.module.SharedSettings;
import io.smartagent.module.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The agent's container of the DaemonSet. */
final class ContainerObject {

  /** The container's name. */
  static final String NAME = "smartagent";

  private final DaemonSetPlan plan;
  private final ManifestOptions options;

  ContainerObject(DaemonSetPlan plan) {
    this.plan = plan;
    this.options = plan.options();
  }

  Yaml.Mapping container() {
    Yaml.Mapping container =
        Yaml.map()
            .put("name", NAME)
            .put("image", options.image())
            .put(plan.user().reason(), "args", Yaml.texts(arguments()))
            .put("env", environment())
            .putAll(Yaml.parse(plan.securityContext()))
            .put("resources", resources());
    if (options.installer().isEmpty()) {
      addProbes(container);
    }
    return container.put("volumeMounts", mounts());
  }

  /** The options of {@code config}: what is not said is as the launch does it by itself. */
  List<String> arguments() {
    List<String> words = new ArrayList<>(List.of("config", "--mode", options.mode().id()));
    plan.user().named().ifPresent(user -> words.addAll(List.of("--user", user)));
    if (plan.user().root()) {
      words.addAll(List.of("--non-root-mode", "false"));
    }
    if (!options.modules().equals(Selection.AUTO)) {
      words.addAll(List.of("--modules", options.modules().text()));
    }
    return words;
  }

  private Yaml.Sequence environment() {
    Yaml.Sequence env = Yaml.list();
    env.add(field(Option.NODE_NAME, "spec.nodeName"));
    env.add(field(Option.NAMESPACE, "metadata.namespace"));
    addUnlessDefault(env, "", Option.INSTALL_PATH, options.installPath());
    addUnlessDefault(env, "", Option.RUNTIME_PATH, options.runtimePath());
    if (!plan.remounts()) {
      env.add(
          "The mounts stay as they are here: read-only is what is mounted readOnly, and not what"
              + " the host has mounted below it.",
          variable(Option.NO_REMOUNT_ROOT, "true"));
    }
    addUnlessDefault(env, "", SharedSettings.CONTAINER_ROOTS, roots());
    addUnlessDefault(env, "", Option.STATUS_ADDRESS, options.statusAddress().toString());
    if (options.features().contains(ClusterFeature.CONFIG_MAP)) {
      env.add(
          "Settings of modules in this ConfigMap hold at once; there need not be one.",
          Yaml.map().put("name", "SMARTAGENT_CONFIG_MAP").put("value", options.configMap()));
    }
    addWhereOff(env, ClusterFeature.EVENTS, Option.KUBERNETES_EVENTS);
    addWhereOff(env, ClusterFeature.AGENT_NODE, Option.AGENT_NODE);
    options.installer().ifPresent(installer -> addInstaller(env, installer));
    return env;
  }

  /** What no role allows is not to be tried: the agent would report each refusal. */
  private void addWhereOff(Yaml.Sequence env, ClusterFeature feature, Option option) {
    if (!options.features().contains(feature)) {
      env.add(variable(option, "false"));
    }
  }

  private String roots() {
    Map<String, List<String>> sorted = new TreeMap<>(options.containerRoots());
    List<String> words = new ArrayList<>();
    sorted.forEach((runtime, paths) -> paths.forEach(path -> words.add(runtime + "=" + path)));
    return String.join(",", words);
  }

  private static void addInstaller(Yaml.Sequence env, InstallerOptions installer) {
    env.add(variable(Option.INSTALLER_SCRIPT_URL, installer.url()));
    installer
        .tokenSecret()
        .ifPresent(secret ->
            env.add(
                Yaml.map()
                    .put("name", Option.INSTALLER_DOWNLOAD_TOKEN.variable())
                    .put(
                        "valueFrom",
                        Yaml.map()
                            .put(
                                "secretKeyRef",
                                Yaml.map().put("name", secret.name()).put("key", secret.key())))));
    installer.sha256().ifPresent(digest -> env.add(variable(Option.INSTALLER_SHA256, digest)));
    if (installer.skipCertificateCheck()) {
      env.add(variable(Option.INSTALLER_SKIP_CERT_CHECK, "true"));
    }
  }

  private static void addUnlessDefault(
      Yaml.Sequence env, String comment, Variable option, String value) {
    if (!value.equals(option.defaultText())) {
      env.add(comment, variable(option, value));
    }
  }

  private static Yaml.Mapping variable(Variable option, String value) {
    return Yaml.map().put("name", option.variable()).put("value", value);
  }

  private static Yaml.Mapping field(Option option, String path) {
    return Yaml.map()
        .put("name", option.variable())
        .put("valueFrom", Yaml.map().put("fieldRef", Yaml.map().put("fieldPath", path)));
  }

  private Yaml.Mapping resources() {
    Yaml.Mapping requests = Yaml.map();
    Yaml.Mapping limits = Yaml.map();
    add(requests, limits, "cpu", options.cpu());
    add(requests, limits, "memory", options.memory());
    Yaml.Mapping resources = Yaml.map().put("requests", requests);
    return limits.isEmpty() ? resources : resources.put("limits", limits);
  }

  private static void add(
      Yaml.Mapping requests, Yaml.Mapping limits, String name, ResourceRequest request) {
    requests.put(name, request.request());
    request.limit().ifPresent(limit -> limits.put(name, limit));
  }

  private void addProbes(Yaml.Mapping container) {
    container.put(
        "The pod's address is the node's, so kubelet gets the status server's own.",
        "startupProbe",
        probe("/healthz").put("periodSeconds", 2).put("failureThreshold", 60));
    container.put(
        "livenessProbe", probe("/healthz").put("periodSeconds", 20).put("timeoutSeconds", 5));
    container.put(
        "readinessProbe", probe("/readyz").put("periodSeconds", 10).put("timeoutSeconds", 5));
  }

  private Yaml.Mapping probe(String path) {
    String host = options.statusAddress().host();
    String reached =
        switch (host) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::" -> "::1";
          default -> host;
        };
    return Yaml.map()
        .put(
            "httpGet",
            Yaml.map()
                .put("host", reached)
                .put("port", options.statusAddress().port())
                .put("path", path));
  }

  private Yaml.Sequence mounts() {
    Yaml.Sequence list = Yaml.list();
    for (PodVolume volume : PodVolume.of(plan)) {
      list.add(
          volume.reason(),
          Yaml.map()
              .put("name", volume.name())
              .put("mountPath", volume.mountPath())
              .put("readOnly", volume.readOnly()));
    }
    return list;
  }
}
