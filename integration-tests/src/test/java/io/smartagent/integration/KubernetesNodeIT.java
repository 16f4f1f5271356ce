package io.smartagent.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.ApiServer;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.KubernetesNode;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.SharedApiServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The DaemonSet on a node with a kubelet, which makes the decisions that only a kubelet makes. */
final class KubernetesNodeIT {

  @RegisterExtension static final SharedApiServer SERVER = new SharedApiServer();

  private final ApiServer server = SERVER.get();

  @Test
  void runsTheDaemonSetUntilItIsReady() {
    try (HostRoot root = HostRoot.busybox();
        KubernetesNode node = server.startNode("node1")) {
      Launcher agent = Launcher.on(root);
      server.kubectl().apply(manifest(root, agent.port()));
      await("the DaemonSet")
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(() ->
              assertThat(
                      server
                          .kubectl()
                          .json("get", "daemonset", "smartagent", "-n", "smartagent")
                          .path("status")
                          .path("numberReady")
                          .asInt())
                  .as("%s", server.kubectl().run("get", "events", "-n", "smartagent").out())
                  .isEqualTo(1));
      JsonNode pods = server.kubectl().json("get", "pods", "-n", "smartagent").get("items");
      assertThat(pods.findValuesAsText("nodeName")).containsExactly(node.name());
      JsonNode status = agent.status();
      assertThat(status.get("attestation").get("passed").asBoolean()).isTrue();
      assertThat(Launches.modules(status))
          .containsEntry("kubernetes-attributes", "enabled informers");
      // The account's own token, as the agent's user reads it, and the account's own role.
      await("the AgentNode")
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(() ->
              assertThat(server.kubectl().run("get", "agentnodes", "node1").out())
                  .as("%s", agent.status())
                  .containsPattern("node1 +read-only +agent +True"));
    }
  }

  /**
   * What {@code manifest} prints, with the directories of the test in the place of the node's, and
   * the server's own address: there is no kube-proxy that makes the Service's address lead to it.
   */
  private String manifest(HostRoot root, int port) {
    String printed =
        Launcher.withoutHostRoot()
            .invoke(
                List.of(
                    "manifest",
                    "--unprivileged",
                    "--user",
                    "agent",
                    "--image",
                    "docker.io/library/" + Docker.image(),
                    "--status-address",
                    "127.0.0.1:" + port))
            .orFail()
            .out();
    String address =
        "        env:\n"
            + "        - {name: KUBERNETES_SERVICE_HOST, value: 127.0.0.1}\n"
            + "        - {name: KUBERNETES_SERVICE_PORT, value: \""
            + server.port()
            + "\"}\n";
    return printed
        .replace("        env:\n", address)
        .replace("          path: /\n", "          path: " + root.path() + "\n")
        .replace("          path: /opt\n", "          path: " + root.installHere() + "\n")
        .replace(
            "          path: /var/lib/bonree\n", "          path: " + root.runtimeHere() + "\n");
  }
}
