package io.smartagent.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.ApiServer;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.Deployment;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.DocumentedManifest;
import io.smartagent.integration.machine.Helm;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Kubectl;
import io.smartagent.integration.machine.RunningContainer;
import io.smartagent.integration.machine.SharedApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real API server takes the rendered manifests, and real containers run as they say. */
final class ManifestIT {

  private static final Path MANIFESTS =
      Path.of(System.getProperty("smartagent.repository", ".."), "docker", "kubernetes");

  @RegisterExtension static final SharedApiServer SERVER = new SharedApiServer();
  @RegisterExtension final Afterwards afterwards = new Afterwards();

  static List<Path> manifests() throws IOException {
    try (Stream<Path> files = Files.list(MANIFESTS)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  private static String manifest(String... options) {
    List<String> command =
        new ArrayList<>(List.of("run", "--rm", "--network", "none", "--cap-drop", "ALL"));
    command.addAll(List.of("--label", Docker.LABEL, Docker.image(), "manifest"));
    command.addAll(List.of(options));
    return Docker.docker(command).orFail().out();
  }

  /** What is checked without being kept needs a namespace that is there. */
  private static ApiServer server() {
    ApiServer server = SERVER.get();
    server.kubectl().run("create", "namespace", "smartagent");
    return server;
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void isTakenByAServer(Path file) throws IOException {
    Completed checked = server().kubectl().validate(Files.readString(file));

    assertThat(checked.exitCode()).as("%s", checked).isZero();
    assertThat(checked.out()).contains("daemonset.apps/smartagent");
    assertThat(checked.error()).doesNotContainIgnoringCase("unknown field");
  }

  @Test
  void jsonAndTheChartAreTakenToo() {
    Completed json = server().kubectl().validate(manifest("--unprivileged", "--format", "json"));
    Completed chart = server().kubectl().validate(Helm.template(List.of()).orFail().out());

    assertThat(json.exitCode()).as("%s", json).isZero();
    assertThat(chart.exitCode()).as("%s", chart).isZero();
  }

  /** What each feature may do, and what it must not. */
  @ParameterizedTest
  @ValueSource(strings = {"kubernetes-attributes", "config-map", "events", "agent-node", "none"})
  void anAccountMayDoWhatItsFeatureAsksFor(String feature) {
    String name = feature.equals("none") ? "no-feature" : feature;
    ApiServer server = server();
    server
        .kubectl()
        .apply(manifest("--name", name, "--namespace", "smartagent", "--features", feature));

    Set<String> expected =
        switch (feature) {
          case "kubernetes-attributes" ->
              Set.of(
                  "list pods",
                  "watch pods",
                  "list endpointslices.discovery.k8s.io",
                  "watch endpointslices.discovery.k8s.io",
                  "list namespaces",
                  "watch namespaces");
          case "config-map" -> Set.of("list configmaps/config-map", "watch configmaps/config-map");
          case "events" -> Set.of("create events.events.k8s.io", "patch events.events.k8s.io");
          case "agent-node" ->
              Set.of(
                  "create agentnodes.smartagent.io",
                  "get agentnodes.smartagent.io",
                  "get nodes",
                  "patch agentnodes.smartagent.io/status");
          default -> Set.of();
        };
    assertThat(rules(server, name)).isEqualTo(new TreeSet<>(expected));
    assertThat(mayDo(server, name, "list", "pods", "-A"))
        .isEqualTo(feature.equals("kubernetes-attributes"));
    assertThat(mayDo(server, name, "get", "configmaps/other")).isFalse();
    assertThat(mayDo(server, name, "list", "secrets", "-A")).isFalse();
    assertThat(mayDo(server, name, "create", "pods")).isFalse();
    assertThat(mayDo(server, name, "list", "nodes")).isFalse();
  }

  /** What the server itself says that RBAC allows the account, but for what everybody may. */
  private static Set<String> rules(ApiServer server, String account) {
    JsonNode answer =
        server
            .kubectl()
            .asServiceAccount("smartagent", account)
            .post(
                "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
                """
                {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview",
                 "spec": {"namespace": "smartagent"}}
                """);
    Set<String> rules = new TreeSet<>();
    for (JsonNode rule : answer.get("status").get("resourceRules")) {
      for (JsonNode group : rule.path("apiGroups")) {
        if (!group.asText().startsWith("auth")) {
          add(rules, rule, group.asText());
        }
      }
    }
    return rules;
  }

  private static void add(Set<String> rules, JsonNode rule, String group) {
    for (JsonNode resource : rule.get("resources")) {
      String[] parts = resource.asText().split("/", 2);
      String name = parts[0] + (group.isEmpty() ? "" : "." + group);
      String below = parts.length == 2 ? "/" + parts[1] : "";
      String only =
          rule.path("resourceNames").isEmpty()
              ? ""
              : "/" + rule.path("resourceNames").get(0).asText();
      rule.get("verbs").forEach(verb -> rules.add(verb.asText() + " " + name + below + only));
    }
  }

  /** Only the token distinguishes two nodes' agents: RBAC allows both the same. */
  @Test
  void anAgentWritesTheAgentNodeOfItsOwnNodeOnly() {
    ApiServer server = server();
    server
        .kubectl()
        .apply(manifest("--name", "own", "--namespace", "smartagent", "--features", "agent-node"));
    await("the definition").until(() -> server.kubectl().run("get", "agentnodes").exitCode() == 0);
    server.kubectl().apply(agentNode("node-a") + "---\n" + agentNode("node-b"));
    // kubectl reads what it is to change, which the agent does not.
    Kubectl admin = server.kubectl();
    admin
        .run("create", "clusterrole", "reads", "--verb=get", "--resource=agentnodes/status")
        .orFail();
    admin
        .run(
            "create",
            "clusterrolebinding",
            "reads",
            "--clusterrole=reads",
            "--serviceaccount=smartagent:own")
        .orFail();
    Kubectl agent = server.asPodOf("smartagent", "own", "node-a");

    await("the policy")
        .untilAsserted(() ->
            assertThat(patchStatus(agent, "node-b").error())
                .contains("An agent writes the AgentNode of its own node only."));
    assertThat(agent.validate(agentNode("node-c")).error()).contains("of its own node only");
    assertThat(patchStatus(agent, "node-a").exitCode()).isZero();
    Kubectl withoutNode = server.kubectl().asServiceAccount("smartagent", "own");
    assertThat(patchStatus(withoutNode, "node-a").error()).contains("of its own node only");
    assertThat(patchStatus(server.kubectl(), "node-b").exitCode()).isZero();
  }

  private static String agentNode(String name) {
    return "apiVersion: smartagent.io/v1\nkind: AgentNode\nmetadata: {name: " + name + "}\n";
  }

  private static Completed patchStatus(Kubectl kubectl, String node) {
    return kubectl.run(
        "patch",
        "agentnode",
        node,
        "--subresource=status",
        "--type=merge",
        "-p",
        "{\"status\": {\"mode\": \"full\"}}");
  }

  private static boolean mayDo(ApiServer server, String account, String... action) {
    List<String> words = new ArrayList<>(List.of("auth", "can-i"));
    words.addAll(List.of(action));
    return server
        .kubectl()
        .asServiceAccount("smartagent", account)
        .run(words.toArray(String[]::new))
        .out()
        .startsWith("yes");
  }

  /** The modules of the manifest's own head are those that the launch plans. */
  @ParameterizedTest
  @MethodSource("manifests")
  void isLaunchedAsItSays(Path file) throws IOException {
    HostRoot node = afterwards.close(HostRoot.node());
    JsonNode plan = new Deployment(DocumentedManifest.read(file), node).plan();

    assertThat(plan.path("decision").asText()).as("%s", plan).isEqualTo("launch");
    if (!Files.readString(file).contains("privileged: true")) {
      assertThat(plan.get("capabilities").get("surplus")).as("%s", plan).isEmpty();
    }
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("# ") && line.contains(", from ")) {
        String id = line.substring(2, line.indexOf(':'));
        String source = line.split(", from ", -1)[1].split(":", -1)[0];
        assertThat(source(plan, id)).as(line).isEqualTo(source);
      }
    }
  }

  private static String source(JsonNode plan, String id) {
    for (JsonNode module : plan.get("modules")) {
      if (module.get("id").asText().equals(id)) {
        return module.get("source").asText();
      }
    }
    return "none";
  }

  @ParameterizedTest
  @ValueSource(strings = {"minimal-unprivileged", "read-only-without-sys-admin"})
  void runsAsItSays(String name) {
    HostRoot node = afterwards.close(HostRoot.node());
    DocumentedManifest manifest = DocumentedManifest.read(MANIFESTS.resolve(name + ".yaml"));
    RunningContainer agent = afterwards.close(new Deployment(manifest, node).start()).awaitReady();

    assertThat(agent.status().get("attestation").get("passed").asBoolean()).isTrue();
  }
}
