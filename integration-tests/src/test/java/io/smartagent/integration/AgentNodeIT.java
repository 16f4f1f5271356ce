package io.smartagent.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.ApiServer;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Kubectl;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Metrics;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.RunningContainer;
import io.smartagent.integration.machine.ServiceAccountVolume;
import io.smartagent.integration.machine.SharedApiServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What an agent writes to a real API server, as kubectl shows it: its AgentNode, and Events. */
final class AgentNodeIT {

  private static final String NODE = "node-it";

  /** More than the longest pause after the few failures that a test causes. */
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @RegisterExtension static final SharedApiServer SERVER = new SharedApiServer();
  @TempDir private Path directory;
  @RegisterExtension private final Afterwards afterwards = new Afterwards();

  private final ApiServer server = SERVER.get();
  private final HostRoot root = afterwards.close(HostRoot.busybox());

  private static void eventually(String what, Callable<Boolean> condition) {
    await(what).atMost(TIMEOUT).pollInterval(Duration.ofMillis(500)).until(condition);
  }

  private static String warnings(RunningContainer agent) {
    return agent.status().get("warnings").toString();
  }

  private Completed fleet(String account) throws Exception {
    Files.writeString(directory.resolve("config"), server.kubeconfigOf("default", account));
    return Launcher.withoutHostRoot()
        .withoutAnyCapability()
        .option("-v", directory + ":/kube:ro")
        .invoke(List.of("fleet", "--kubeconfig", "/kube/config"));
  }

  private void allow(String account, String rules) {
    server.kubectl().apply(Kubectl.clusterRole(account, rules, account));
  }

  private String column(String jsonPath) {
    return server
        .kubectl()
        .run("get", "agentnode", NODE, "-o", "jsonpath={" + jsonPath + "}")
        .out();
  }

  private String ready() {
    return column(".status.conditions[?(@.type==\"Ready\")].status");
  }

  private Optional<JsonNode> event(String reason) {
    JsonNode events = server.kubectl().json("get", "events.events.k8s.io", "-n", "default");
    return StreamSupport.stream(events.get("items").spliterator(), false)
        .filter(event -> event.get("reason").asText().equals(reason))
        .findFirst();
  }

  private static void inMountsOf(RunningContainer agent, String... program) {
    String[] words = new String[program.length + 5];
    String[] enter = {"nsenter", "-t", Long.toString(agent.pid()), "-m", "--"};
    System.arraycopy(enter, 0, words, 0, 5);
    System.arraycopy(program, 0, words, 5, program.length);
    Programs.run(words).orFail();
  }

  @Test
  void keepsWhatKubectlShowsOfTheNode() throws Exception {
    HostRoot.makeDirectory(root.path("/srv/later"));
    server.kubectl().apply("apiVersion: v1\nkind: Node\nmetadata: {name: " + NODE + "}\n");
    server.kubectl().run("create", "serviceaccount", "agent").orFail();
    server.kubectl().run("create", "serviceaccount", "person").orFail();
    ServiceAccountVolume volume =
        afterwards.close(ServiceAccountVolume.of(server, "default", "agent"));
    RunningContainer agent =
        afterwards
            .close(
                Launcher.on(root)
                    .inPod(server.port())
                    .option(volume.automounted())
                    .environment("K8S_NODE_NAME", NODE)
                    .environment("SMARTAGENT_AGENT_NODE_SPREAD_SECONDS", "0")
                    .user("agent")
                    .startAgent())
            .awaitReady();

    namesTheRuleAndTheDefinitionThatAreMissing(agent);
    isThereWithAllThatTheAgentKnows();
    isSummedUpByFleet();
    isRightAgainAfterTheServerWasAway(agent);
    saysThatTheAgentHasEnded(agent);
  }

  private void namesTheRuleAndTheDefinitionThatAreMissing(RunningContainer agent) throws Exception {
    eventually("403", () -> warnings(agent).contains("403 Forbidden"));
    assertThat(warnings(agent))
        .contains("Add this rule to its ClusterRole", "agentnodes", "system:serviceaccount");
    assertThat(fleet("person").error()).contains("403 Forbidden", "resources: [\"agentnodes\"]");

    allow(
        "agent",
        """
        - {apiGroups: [smartagent.io], resources: [agentnodes], verbs: [create, get]}
        - {apiGroups: [smartagent.io], resources: [agentnodes/status], verbs: [patch]}
        - {apiGroups: [""], resources: [nodes], verbs: [get]}
        - {apiGroups: [events.k8s.io], resources: [events], verbs: [create, patch]}
        """);
    allow("person", "- {apiGroups: [smartagent.io], resources: [agentnodes], verbs: [list]}");
    eventually("404", () -> warnings(agent).contains("CustomResourceDefinition"));
    Completed without = fleet("person");
    assertThat(without.exitCode()).isEqualTo(69);
    assertThat(without.error()).contains("CustomResourceDefinition");

    Path definition =
        Path.of(
            System.getProperty("smartagent.repository", ".."),
            "agent-core/src/main/resources/io/smartagent/kubernetes/agentnodes.yaml");
    server.kubectl().apply(Files.readString(definition));
    eventually("an AgentNode", () -> ready().equals("True"));
    assertThat(warnings(agent)).doesNotContain("is not up to date", "are not written");
    assertThat(agent.logs().error().split("The AgentNode is not up to date", -1)).hasSize(3);
  }

  private void isThereWithAllThatTheAgentKnows() {
    String table = server.kubectl().run("get", "an").orFail().out();
    assertThat(table.lines().findFirst().orElse(""))
        .containsSubsequence(
            "NAME", "MODE", "USER", "READY", "ENABLED", "DEGRADED", "DISABLED", "VERSION", "AGE");
    assertThat(table).containsSubsequence(NODE, "read-only", "agent", "True");
    JsonNode node = server.kubectl().json("get", "agentnode", NODE);
    assertThat(node.get("metadata").get("ownerReferences").get(0).get("uid"))
        .isEqualTo(server.kubectl().json("get", "node", NODE).get("metadata").get("uid"));
    assertThat(node.get("status").get("modules").toString()).contains("host-events");
    assertThat(server.kubectl().run("explain", "agentnode.status.modules.remedy").orFail().out())
        .contains("would enable it");
  }

  private void isSummedUpByFleet() throws Exception {
    Completed fleet = fleet("person").orFail();
    assertThat(fleet.out()).contains("1 node: 1 ready", "host-events", "read-only 1");
  }

  private void isRightAgainAfterTheServerWasAway(RunningContainer agent) {
    server.stop();
    inMountsOf(agent, "mount", "-n", "-t", "tmpfs", "-o", "size=1m", "later", "/srv/later");
    eventually(
        "failures",
        () ->
            Metrics.of(agent)
                    .value("smartagent_kubernetes_requests_failed_total", "feature", "events")
                > 0);
    assertThat(agent.get("/healthz").orElseThrow().statusCode()).isEqualTo(200);
    assertThat(warnings(agent)).contains("Kubernetes Events are not written");
    server.resumeAfterStop();
    eventually("that it is not ready", () -> ready().equals("False"));
    assertThat(column(".status.attestation.failures[0].name")).isEqualTo("sealed-host");
    eventually("an Event", () -> event("WritableMountAppeared").isPresent());
    JsonNode event = event("WritableMountAppeared").orElseThrow();
    assertThat(event.get("regarding").get("kind").asText()).isEqualTo("Node");
    assertThat(event.get("regarding").get("uid").asText()).isEqualTo(NODE);
    assertThat(event.get("type").asText()).isEqualTo("Warning");
    assertThat(event.get("note").asText()).contains("/srv/later");
    assertThat(server.kubectl().run("describe", "node", NODE).orFail().out())
        .contains("WritableMountAppeared");

    inMountsOf(agent, "umount", "/srv/later");
    eventually("that it is ready", () -> ready().equals("True"));
    eventually("an Event", () -> event("WritableMountGone").isPresent());
    assertThat(warnings(agent)).doesNotContain("is not up to date", "are not written");
  }

  private void saysThatTheAgentHasEnded(RunningContainer agent) {
    Programs.run("docker", "stop", "-t", "10", agent.name()).orFail();
    assertThat(ready()).isEqualTo("Unknown");
  }
}
