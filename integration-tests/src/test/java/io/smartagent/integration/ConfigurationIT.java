package io.smartagent.integration;

import static io.smartagent.integration.Launches.module;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.ApiServer;
import io.smartagent.integration.machine.ConfigMapVolume;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Kubectl;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Metrics;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.RunningContainer;
import io.smartagent.integration.machine.ServiceAccountVolume;
import io.smartagent.integration.machine.SharedApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Settings that change while the agent runs. */
@Execution(ExecutionMode.SAME_THREAD)
final class ConfigurationIT {

  private static final String BLOCKED = "SMARTAGENT_BLOCKED_TASK_SECONDS";
  private static final String NODE = "node-1";
  private static final String MAP = "agent-settings";

  @RegisterExtension static final SharedApiServer SERVER = new SharedApiServer();

  @RegisterExtension final Afterwards afterwards = new Afterwards();

  private RunningContainer start(Launcher launcher) {
    return afterwards.close(launcher.user("agent").startAgent()).awaitReady();
  }

  private static void eventually(ThrowingRunnable check) {
    await()
        .atMost(RunningContainer.TIMEOUT)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(check);
  }

  private static JsonNode configuration(RunningContainer agent) {
    return agent.status().get("configuration");
  }

  private static void awaitState(RunningContainer agent, String state, String version) {
    eventually(() -> {
      JsonNode now = configuration(agent);
      assertThat(now.get("state").asText() + " " + now.get("version").asText())
          .as("%s", now)
          .isEqualTo(state + " " + version);
    });
  }

  private static JsonNode setting(RunningContainer agent, String name) {
    for (JsonNode setting : agent.status().get("settings")) {
      if (setting.get("name").asText().equals(name)) {
        return setting;
      }
    }
    throw new AssertionError("no setting " + name);
  }

  private static List<JsonNode> events(RunningContainer agent, String type) {
    return agent.events().stream()
        .filter(event -> event.get("type").asText().equals(type))
        .toList();
  }

  /** The kernel's numbers of a module's thread: another one where it was started anew. */
  private static Set<String> threads(RunningContainer agent, String module) {
    String name = module.substring(0, Math.min(15, module.length()));
    Set<String> numbers = new TreeSet<>();
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + agent.pid() + "/task"))) {
      for (Path task : tasks.toList()) {
        if (comm(task).equals(name)) {
          numbers.add(task.getFileName().toString());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return numbers;
  }

  private static String comm(Path task) {
    try {
      return Files.readString(task.resolve("comm")).strip();
    } catch (IOException ended) {
      return "";
    }
  }

  @Test
  void followsAMountedConfigMap() {
    HostRoot root = afterwards.close(HostRoot.debian());
    ConfigMapVolume volume = afterwards.close(new ConfigMapVolume(Map.of(BLOCKED, "10\n")));
    RunningContainer agent =
        start(
            Launcher.on(root)
                .option(volume.mountedOn(root))
                .environment(BLOCKED, "7")
                .setting("--modules", "container-metrics,host-events,kernel-stacks"));
    String directory = root.runtime() + "/config";

    assertThat(configuration(agent).get("source").asText()).isEqualTo(directory);
    awaitState(agent, "applied", "..2026_11_22_10_15_30.1");
    assertThat(setting(agent, BLOCKED).get("value").asText()).isEqualTo("10");
    assertThat(setting(agent, BLOCKED).get("source").asText()).isEqualTo(directory + "/" + BLOCKED);
    Set<String> stacks = threads(agent, "kernel-stacks");
    Set<String> others = threads(agent, "host-events");
    assertThat(stacks).hasSize(1);
    assertThat(others).hasSize(1);
    assertThat(threads(agent, "container-metrics")).hasSize(1);

    String invalid =
        volume.update(Map.of(BLOCKED, "soon", "SMARTAGENT_MODULE", "auto", "SMARTAGENT_USER", "x"));

    awaitState(agent, "refused", invalid);
    assertThat(configuration(agent).get("appliedVersion").asText()).endsWith(".1");
    assertThat(configuration(agent).get("problems"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "\"SMARTAGENT_MODULE\" is not the name of a setting. Did you mean SMARTAGENT_MODULES?",
            "SMARTAGENT_USER is read at start only. Set it in the env of the agent's pod.",
            BLOCKED + " is \"soon\". It must be a whole number of seconds from 1 to 86400.");
    assertThat(setting(agent, BLOCKED).get("value").asText()).isEqualTo("10");
    assertThat(Metrics.of(agent).value("smartagent_configuration_valid")).isZero();
    assertThat(threads(agent, "kernel-stacks")).isEqualTo(stacks);
    eventually(() -> assertThat(events(agent, "ConfigurationRefused")).hasSize(1));
    assertThat(events(agent, "ConfigurationRefused").getFirst().get("version").asText())
        .isEqualTo(invalid);
    assertThat(agent.logs().error()).contains("is refused as a whole");

    String corrected =
        volume.update(Map.of(BLOCKED, "20", "SMARTAGENT_MODULES", "host-events,kernel-stacks"));

    awaitState(agent, "applied", corrected);
    assertThat(setting(agent, BLOCKED).get("value").asText()).isEqualTo("20");
    eventually(() -> assertThat(threads(agent, "container-metrics")).isEmpty());
    eventually(() ->
        assertThat(threads(agent, "kernel-stacks")).hasSize(1).doesNotContainAnyElementsOf(stacks));
    assertThat(threads(agent, "host-events")).as("goes on untouched").isEqualTo(others);
    JsonNode metrics = module(agent.status(), "container-metrics");
    assertThat(metrics.get("state").asText()).isEqualTo("disabled");
    assertThat(metrics.get("effect").asText()).contains("excluded by SMARTAGENT_MODULES");
    assertThat(agent.get("/readyz").orElseThrow().statusCode()).isEqualTo(200);
    assertThat(Metrics.of(agent).value("smartagent_configuration_valid")).isEqualTo(1);

    volume.update(Map.of());

    awaitState(agent, "none", "null");
    assertThat(setting(agent, BLOCKED).toString()).contains("\"value\":\"7\"", "\"" + BLOCKED);
    eventually(() -> assertThat(threads(agent, "container-metrics")).hasSize(1));
    assertThat(threads(agent, "host-events")).isEqualTo(others);
    assertThat(
            Metrics.of(agent).value("smartagent_configuration_changes_total", "result", "applied"))
        .isEqualTo(3);
    assertThat(
            Metrics.of(agent).value("smartagent_configuration_changes_total", "result", "refused"))
        .isEqualTo(1);
  }

  private static Kubectl cluster() {
    Kubectl kubectl = SERVER.get().kubectl();
    kubectl.apply(
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: agent, namespace: default}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: agent, namespace: default}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: agent}
        subjects: [{kind: ServiceAccount, name: agent, namespace: default}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: agent}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: agent}
        subjects: [{kind: ServiceAccount, name: agent, namespace: default}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: agent}
        rules:
        - {apiGroups: [""], resources: [pods, namespaces], verbs: [list, watch]}
        - {apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [list, watch]}
        - {apiGroups: [events.k8s.io], resources: [events], verbs: [create, patch]}
        """);
    return kubectl;
  }

  private static String configMap(String... data) {
    StringBuilder map =
        new StringBuilder("apiVersion: v1\nkind: ConfigMap\n")
            .append("metadata: {name: " + MAP + ", namespace: default}\ndata:\n");
    for (int i = 0; i < data.length; i += 2) {
      map.append("  ").append(data[i]).append(": \"").append(data[i + 1]).append("\"\n");
    }
    return map.toString();
  }

  /** Applies a ConfigMap and returns its version. */
  private static String put(Kubectl kubectl, String... data) {
    kubectl.apply(configMap(data));
    return kubectl.json("get", "configmap", MAP).get("metadata").get("resourceVersion").asText();
  }

  /** A role for one ConfigMap: the documented least. */
  private static void allow(Kubectl kubectl) {
    kubectl.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: agent, namespace: default}
        rules:
        - {apiGroups: [""], resources: [configmaps], resourceNames: [%s], verbs: [list, watch]}
        """
            .formatted(MAP));
  }

  private static void log(HostRoot root, String pod, String uid) throws IOException {
    Path file = root.path("/var/log/pods/shop_" + pod + "_" + uid + "/app").resolve("0.log");
    Files.createDirectories(file.getParent());
    Programs.run("chmod", "-R", "a+rX", root.path("/var/log/pods").toString()).orFail();
    Files.writeString(file, "2026-03-01T10:15:30.120000000Z stdout F started\n");
  }

  private static void pod(
      HostRoot root, Kubectl kubectl, String name, String app, String annotations)
      throws IOException {
    kubectl.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: shop, labels: {app: %s}, annotations: {%s}}
        spec: {nodeName: %s, containers: [{name: app, image: x}]}
        """
            .formatted(name, app, annotations, NODE));
    log(
        root,
        name,
        kubectl.json("-n", "shop", "get", "pod", name).get("metadata").get("uid").asText());
  }

  /** The pods whose logs are reported, by the last event of each. */
  private static Set<String> reported(RunningContainer agent) {
    Set<String> reported = new TreeSet<>();
    for (JsonNode event : agent.events()) {
      String pod = event.path("podName").asText();
      if (event.get("type").asText().equals("LogFileFound")) {
        reported.add(pod);
      } else if (event.get("type").asText().equals("LogFileGone")) {
        reported.remove(pod);
      }
    }
    return reported;
  }

  @Test
  void watchesAConfigMapAndReportsOnlyTheLogsThatItSelects() throws Exception {
    ApiServer server = SERVER.get();
    Kubectl kubectl = cluster();
    HostRoot root = afterwards.close(HostRoot.node());
    kubectl.run("create", "namespace", "shop").orFail();
    pod(root, kubectl, "web", "web", "");
    pod(root, kubectl, "db", "db", "");
    pod(root, kubectl, "shy", "web", "smartagent.io/logs: \"false\"");
    pod(root, kubectl, "open", "db", "smartagent.io/logs: \"true\"");
    log(root, "gone", "00000000-0000-4000-8000-000000000001");
    ServiceAccountVolume account =
        afterwards.close(ServiceAccountVolume.of(server, "default", "agent"));
    RunningContainer agent =
        start(
            Launcher.on(root)
                .inPod(server.port())
                .option(account.automounted())
                .environment("K8S_NODE_NAME", NODE)
                .environment("SMARTAGENT_CONFIG_MAP", MAP)
                .setting("--modules", "kubernetes-attributes,log-discovery"));

    eventually(() -> {
      assertThat(configuration(agent).get("state").asText()).isEqualTo("unavailable");
      assertThat(configuration(agent).get("problems").get(0).asText())
          .contains("403 Forbidden", "resources: [\"configmaps\"]", "verbs: [\"list\", \"watch\"]");
    });
    allow(kubectl);
    awaitState(agent, "none", "null");
    eventually(() -> assertThat(reported(agent)).contains("db", "gone", "open", "web"));
    assertThat(agent.logs().out()).as("nothing of an excluded pod").doesNotContain("shy");
    assertThat(Metrics.of(agent).value("smartagent_log_files_excluded")).isEqualTo(1);
    assertThat(Metrics.of(agent).value("smartagent_log_files_pod_unknown")).isEqualTo(1);

    String selected = put(kubectl, "SMARTAGENT_LOG_PODS", "app in (web)");

    awaitState(agent, "applied", selected);
    assertThat(configuration(agent).get("source").asText()).isEqualTo("ConfigMap default/" + MAP);
    eventually(() ->
        assertThat(reported(agent)).contains("gone", "open", "web").doesNotContain("db", "shy"));

    String invalid = put(kubectl, "SMARTAGENT_LOG_PODS", "app in web", "x", "y");

    awaitState(agent, "refused", invalid);
    assertThat(configuration(agent).get("appliedVersion").asText()).isEqualTo(selected);
    assertThat(configuration(agent).get("problems")).hasSize(2);
    eventually(() ->
        assertThat(
                kubectl
                    .json("get", "events.events.k8s.io", "-n", "default")
                    .get("items")
                    .findValuesAsText("reason"))
            .contains("ConfigurationRefused")
            .doesNotContain("ConfigurationApplied"));
    assertThat(setting(agent, "SMARTAGENT_LOG_PODS").get("value").asText())
        .isEqualTo("app in (web)");

    String corrected =
        put(kubectl, "SMARTAGENT_LOG_PODS", "app!=web", "SMARTAGENT_LOG_UNKNOWN_PODS", "exclude");

    awaitState(agent, "applied", corrected);
    eventually(() ->
        assertThat(reported(agent)).contains("db", "open").doesNotContain("gone", "shy", "web"));

    server.restart();
    String later = put(kubectl, "SMARTAGENT_LOG_PODS", "app!=web");
    awaitState(agent, "applied", later);

    kubectl.run("delete", "configmap", MAP).orFail();

    awaitState(agent, "none", "null");
    eventually(() ->
        assertThat(reported(agent)).contains("db", "gone", "open", "web").doesNotContain("shy"));
    assertThat(agent.logs().out()).doesNotContain("shy");
  }
}
