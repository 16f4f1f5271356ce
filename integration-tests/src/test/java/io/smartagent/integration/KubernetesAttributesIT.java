package io.smartagent.integration;

import static io.smartagent.integration.Launches.module;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.ApiServer;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Kubectl;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Metrics;
import io.smartagent.integration.machine.ProcessStatus;
import io.smartagent.integration.machine.RunningContainer;
import io.smartagent.integration.machine.ServiceAccountVolume;
import io.smartagent.integration.machine.SharedApiServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a real server of Kubernetes' API says of pods, and what is left where it does not. */
@Execution(ExecutionMode.SAME_THREAD)
final class KubernetesAttributesIT {

  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final String NODE = "node-1";

  /** With so many pods that no other test is to list or delete them. */
  private static final String BUSY_NODE = "node-2";

  private static final String UID = "0f1e2d3c-0000-4000-8000-00000000000a";

  @RegisterExtension static final SharedApiServer SERVER = new SharedApiServer();

  @RegisterExtension final Afterwards afterwards = new Afterwards();

  private final ApiServer server = SERVER.get();
  private final Kubectl kubectl = server.kubectl();

  @BeforeEach
  void allowAll() {
    kubectl.apply(
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: agent, namespace: default}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: agent}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: agent}
        subjects: [{kind: ServiceAccount, name: agent, namespace: default}]
        """);
    allow("pods", "endpointslices", "namespaces");
  }

  private void allow(String... resources) {
    StringBuilder rules = new StringBuilder();
    for (String resource : resources) {
      rules
          .append("- {apiGroups: [\"")
          .append(resource.equals("endpointslices") ? "discovery.k8s.io" : "")
          .append("\"], resources: [")
          .append(resource)
          .append("], verbs: [list, watch]}\n");
    }
    kubectl.apply(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: agent}\n"
            + (resources.length == 0 ? "rules: []\n" : "rules:\n" + rules));
  }

  private RunningContainer start(ServiceAccountVolume account) {
    return start(afterwards.close(HostRoot.debian()), "agent", NODE, account);
  }

  private RunningContainer start(
      HostRoot root, String user, String node, ServiceAccountVolume account) {
    return afterwards
        .close(
            Launcher.on(root)
                .user(user)
                .inPod(server.port())
                .option(account.automounted())
                .environment("K8S_NODE_NAME", node)
                .environment("SMARTAGENT_KUBERNETES_LABELS", "app,team")
                .environment("SMARTAGENT_KUBERNETES_ANNOTATIONS", "owner")
                .startAgent())
        .awaitReady();
  }

  private ServiceAccountVolume account() {
    return afterwards.close(ServiceAccountVolume.of(server, "default", "agent"));
  }

  private static void eventually(ThrowingRunnable check) {
    await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(300)).untilAsserted(check);
  }

  private static void assertStale(RunningContainer agent, int pods, int slices, int namespaces) {
    Metrics metrics = Metrics.of(agent);
    assertThat(
            List.of(
                metrics.value("smartagent_kubernetes_stale", "resource", "pods"),
                metrics.value("smartagent_kubernetes_stale", "resource", "endpointslices"),
                metrics.value("smartagent_kubernetes_stale", "resource", "namespaces")))
        .containsExactly((double) pods, (double) slices, (double) namespaces);
  }

  private static JsonNode health(RunningContainer agent) {
    return module(agent.status(), "kubernetes-attributes").get("health");
  }

  private static void assertOthersGoOn(RunningContainer agent) {
    assertThat(agent.get("/readyz").orElseThrow().statusCode()).isEqualTo(200);
    agent
        .status()
        .get("modules")
        .forEach(module -> {
          if (!module.get("id").asText().equals("kubernetes-attributes")) {
            assertThat(module.get("health").get("state").asText())
                .as("%s", module)
                .isIn("healthy", "disabled");
          }
        });
  }

  private static String pod(String namespace, String name, String node, String hidden) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: %s
      namespace: %s
      labels: {app: web, secret: hidden, pod-template-hash: 5d8f9c}
      annotations: {owner: Ann, other: %s}
      ownerReferences:
      - {apiVersion: apps/v1, kind: ReplicaSet, name: web-5d8f9c, uid: %s, controller: true}
    spec: {nodeName: %s, containers: [{name: app, image: "shop/web:1"}]}
    """
        .formatted(name, namespace, hidden, UID, node);
  }

  private void createPod() {
    kubectl.apply(
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: blue}}\n");
    kubectl.apply(pod("shop", "web-1", NODE, "hidden"));
    kubectl.apply(
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-abc, namespace: shop, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        ports: []
        endpoints:
        - {addresses: [10.0.0.7], nodeName: %s, targetRef: {kind: Pod, namespace: shop, name: web-1}}
        """
            .formatted(NODE));
    afterwards.close(this::deleteAll);
  }

  private void deleteAll() {
    kubectl
        .run("-n", "shop", "delete", "pod,endpointslice", "--all", "--grace-period=0", "--force")
        .orFail();
  }

  private String podUid() {
    return kubectl.json("-n", "shop", "get", "pod", "web-1").get("metadata").get("uid").asText();
  }

  /** A container as kubelet has Docker make it, but for its image. */
  private String startContainerOfPod(String uid) {
    String name = "k8s_app_web-1_shop_" + uid + "_0";
    afterwards.close(() -> Docker.docker("rm", "-f", name).orFail());
    return Docker.docker(
            "run",
            "-d",
            "--name",
            name,
            "--label",
            Docker.LABEL,
            "--label",
            "io.kubernetes.docker.type=container",
            "--label",
            "io.kubernetes.container.name=app",
            "--label",
            "io.kubernetes.pod.name=web-1",
            "--label",
            "io.kubernetes.pod.namespace=shop",
            "--label",
            "io.kubernetes.pod.uid=" + uid,
            "--entrypoint",
            "/smartagent/bin/smartagent",
            Docker.image(),
            "--inhibit-cache",
            "--library-path",
            "/smartagent/lib",
            "/smartagent/jre/bin/java",
            "-Xmx16m",
            "-m",
            "jdk.httpserver",
            "-p",
            "0")
        .orFail()
        .out()
        .strip();
  }

  /** Returns what is said of the pod in the first event of a container that says anything of it. */
  private static JsonNode reportedWith(RunningContainer agent, String container) {
    eventually(() ->
        assertThat(eventsOf(agent, container))
            .as(container)
            .anyMatch(event -> event.has("kubernetes")));
    return eventsOf(agent, container).stream()
        .filter(event -> event.has("kubernetes"))
        .findFirst()
        .orElseThrow()
        .get("kubernetes");
  }

  private static List<JsonNode> eventsOf(RunningContainer agent, String container) {
    return agent.events().stream()
        .filter(event -> event.path("containerId").asText().equals(container))
        .toList();
  }

  private void setStatus(String status) {
    kubectl
        .run(
            "-n",
            "shop",
            "patch",
            "pod",
            "web-1",
            "--subresource=status",
            "--type=merge",
            "-p",
            "{\"status\": " + status + "}")
        .orFail();
  }

  @Test
  void saysOfAContainerWhatTheClusterSaysOfItsPod() {
    createPod();
    kubectl.apply(pod("shop", "elsewhere", "node-2", "hidden"));
    // Here the agent can read what Docker says of a container: whose pod it is.
    RunningContainer agent = start(afterwards.close(HostRoot.machine()), "nobody", NODE, account());
    eventually(() -> assertStale(agent, 0, 0, 0));
    String uid = podUid();
    setStatus("{\"podIP\": \"10.0.0.7\", \"podIPs\": [{\"ip\": \"10.0.0.7\"}]}");

    eventually(() ->
        assertThat(Metrics.of(agent).labels("smartagent_pod_info", "pod", "web-1"))
            .containsAllEntriesOf(
                Map.of(
                    "namespace", "shop",
                    "node", NODE,
                    "pod_ip", "10.0.0.7",
                    "uid", uid,
                    "workload", "web",
                    "workload_kind", "Deployment")));
    Metrics metrics = Metrics.of(agent);
    assertThat(metrics.has("smartagent_pod_info", "pod", "elsewhere")).isFalse();
    assertThat(metrics.has("smartagent_pod_service_info", "pod", "web-1", "service", "web"))
        .isTrue();
    assertThat(
            metrics.has(
                "smartagent_pod_label_info", "pod", "web-1", "label", "app", "value", "web"))
        .isTrue();
    assertThat(metrics.has("smartagent_pod_annotation_info", "annotation", "owner", "value", "Ann"))
        .isTrue();
    assertThat(
            metrics.has(
                "smartagent_namespace_label_info",
                "namespace",
                "shop",
                "label",
                "team",
                "value",
                "blue"))
        .isTrue();
    assertThat(agent.get("/metrics").orElseThrow().body()).doesNotContain("hidden");

    assertThat(reportedWith(agent, startContainerOfPod(uid)).toString())
        .isEqualTo(
            "{\"pod\":\"web-1\",\"namespace\":\"shop\",\"node\":\"node-1\",\"podIp\":\"10.0.0.7\","
                + "\"workloadKind\":\"Deployment\",\"workload\":\"web\",\"services\":[\"web\"],"
                + "\"labels\":{\"app\":\"web\"},\"annotations\":{\"owner\":\"Ann\"},"
                + "\"namespaceLabels\":{\"team\":\"blue\"},\"stale\":false}");

    kubectl.run("-n", "shop", "label", "pod", "web-1", "app=new", "--overwrite").orFail();
    eventually(() ->
        assertThat(Metrics.of(agent).labels("smartagent_pod_label_info", "label", "app"))
            .containsEntry("value", "new"));
    kubectl.run("-n", "shop", "delete", "pod", "web-1", "--grace-period=0", "--force").orFail();
    eventually(() -> assertThat(Metrics.of(agent).has("smartagent_pod_info")).isFalse());
  }

  @Test
  void goesOnWithoutTheServerAndComesBackByItself() {
    createPod();
    // Nothing but the pod's status says whose container this is: no runtime's files are here.
    String container = startContainerOfPod(podUid());
    setStatus(
        "{\"containerStatuses\": [{\"name\": \"app\", \"image\": \"shop/web:1\", \"imageID\": \"\","
            + " \"ready\": true, \"restartCount\": 0, \"containerID\": \"docker://"
            + container
            + "\"}]}");
    RunningContainer agent = start(account());
    eventually(() -> assertStale(agent, 0, 0, 0));
    eventually(() ->
        assertThat(Metrics.of(agent).labels("container_memory_rss", "id", container))
            .containsEntry("pod", "web-1")
            .containsEntry("namespace", "shop")
            .containsEntry("container", "app"));
    server.stop();
    try {
      eventually(() -> assertStale(agent, 1, 1, 1));
      eventually(() ->
          assertThat(health(agent).get("lastError").asText())
              .contains("cannot be reached", server.url()));
      assertThat(health(agent).get("observed").asText()).isEqualTo("1 pod, stale");
      assertOthersGoOn(agent);
      Docker.docker("kill", container).orFail();
      JsonNode reported = reportedWith(agent, container);
      assertThat(reported.get("pod").asText()).isEqualTo("web-1");
      assertThat(reported.get("stale").asBoolean()).isTrue();
    } finally {
      server.resumeAfterStop();
    }
    // It has missed this: what it knew of is forgotten by the server.
    kubectl.run("-n", "shop", "label", "pod", "web-1", "app=while-away", "--overwrite").orFail();
    eventually(() -> assertStale(agent, 0, 0, 0));
    eventually(() ->
        assertThat(Metrics.of(agent).labels("smartagent_pod_label_info", "label", "app"))
            .containsEntry("value", "while-away"));
    assertThat(health(agent).get("state").asText()).isEqualTo("healthy");
  }

  @Test
  void goesOnWithAServerThatDoesNotAnswer() {
    createPod();
    ServiceAccountVolume account = account();
    server.freeze();
    RunningContainer agent;
    try {
      agent = start(account);
      eventually(() ->
          assertThat(health(agent).get("lastError").asText()).contains("in time", server.url()));
      assertStale(agent, 1, 1, 1);
      assertOthersGoOn(agent);
    } finally {
      server.unfreeze();
    }
    eventually(() -> assertStale(agent, 0, 0, 0));
    assertThat(Metrics.of(agent).has("smartagent_pod_info", "pod", "web-1")).isTrue();
  }

  @Test
  void namesTheRuleOfEachResourceThatIsForbidden() {
    createPod();
    allow();
    RunningContainer agent = start(account());
    eventually(() ->
        assertThat(health(agent).get("lastError").asText())
            .contains("403 Forbidden", "system:serviceaccount:default:agent")
            .contains(
                "- apiGroups: [\"\"]\n  resources: [\"pods\"]\n  verbs: [\"list\", \"watch\"]")
            .contains("apiGroups: [\"discovery.k8s.io\"]\n  resources: [\"endpointslices\"]")
            .contains("resources: [\"namespaces\"]"));
    assertThat(health(agent).get("state").asText()).isEqualTo("unhealthy");
    assertOthersGoOn(agent);

    allow("pods");
    eventually(() -> assertStale(agent, 0, 1, 1));
    assertThat(Metrics.of(agent).has("smartagent_pod_info", "pod", "web-1")).isTrue();
    assertThat(health(agent).get("lastError").asText())
        .contains("endpointslices", "namespaces")
        .doesNotContain("\"pods\"");
    allow("pods", "endpointslices");
    eventually(() -> assertStale(agent, 0, 0, 1));
    assertThat(Metrics.of(agent).has("smartagent_pod_service_info", "service", "web")).isTrue();
    allow("pods", "endpointslices", "namespaces");
    eventually(() -> assertStale(agent, 0, 0, 0));
  }

  @Test
  void takesARenewedTokenAndNewAuthorities() throws Exception {
    kubectl.run("create", "serviceaccount", "deleted").orFail();
    ServiceAccountVolume volume =
        afterwards.close(ServiceAccountVolume.of(server, "default", "deleted"));
    kubectl.run("delete", "serviceaccount", "deleted").orFail();
    RunningContainer agent = start(volume);
    eventually(
        () -> assertThat(health(agent).get("lastError").asText()).contains("401 Unauthorized"));
    assertOthersGoOn(agent);

    volume.replaceAuthorities(
        Files.readString(
            Path.of(server.certificateAuthority().toString().replace("ca.crt", "admin.crt"))));
    volume.renew(server.token("default", "agent"));
    eventually(() ->
        assertThat(health(agent).get("lastError").asText())
            .contains("none of the known authorities"));
    volume.replaceAuthorities(Files.readString(server.certificateAuthority()));
    eventually(() -> assertStale(agent, 0, 0, 0));
    String said = agent.logs().error() + agent.logs().out() + agent.status();
    assertThat(said).doesNotContain(server.token("default", "agent").substring(0, 30));
  }

  @Test
  void staysSmallWithManyPods() throws Exception {
    StringBuilder objects = new StringBuilder();
    String bulk = "x".repeat(8000);
    for (int i = 0; i < 100; i++) {
      objects.append(
          "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: many-%d, labels: {team: t%d}}\n"
              .formatted(i, i));
    }
    for (int i = 0; i < 250; i++) {
      objects.append("---\n").append(pod("many-0", "many-" + i, BUSY_NODE, bulk));
    }
    for (int i = 0; i < 300; i++) {
      objects.append(
          """
          ---
          apiVersion: discovery.k8s.io/v1
          kind: EndpointSlice
          metadata: {name: many-%d, namespace: many-0, labels: {kubernetes.io/service-name: many-%d}}
          addressType: IPv4
          ports: []
          endpoints:
          - {addresses: [10.0.0.7], nodeName: %s, targetRef: {kind: Pod, namespace: many-0, name: many-%d}}
          """
              .formatted(i, i, BUSY_NODE, i % 250));
    }
    kubectl.create(objects.toString());
    RunningContainer agent =
        start(afterwards.close(HostRoot.debian()), "agent", BUSY_NODE, account());
    eventually(() -> assertStale(agent, 0, 0, 0));
    eventually(() -> assertThat(health(agent).get("observed").asText()).isEqualTo("250 pods"));
    assertThat(Metrics.of(agent).has("smartagent_pod_service_info", "service", "many-299"))
        .isTrue();
    String resident =
        ProcessStatus.read(Path.of("/proc/" + agent.pid() + "/status")).field("VmRSS");
    assertThat(Long.parseLong(resident.replaceAll("[^0-9]", ""))).isLessThan(150_000);
  }
}
