package io.smartagent.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.ApiServer;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.SharedApiServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a fleet costs an API server, counted by that server. The nodes are the product's own
 * reporters, as its unit tests build them; integration-tests/simulate-fleet gives the number.
 */
final class FleetScaleIT {

  private static final int NODES = Integer.getInteger("smartagent.fleet", 200);

  @RegisterExtension static final SharedApiServer SERVER = new SharedApiServer();
  @TempDir private Path account;

  private final ApiServer server = SERVER.get();

  @Test
  void isWrittenToOnlyWhereSomethingHasChanged() throws Exception {
    Path repository = Path.of(System.getProperty("smartagent.repository", ".."));
    server
        .kubectl()
        .apply(
            Files.readString(
                repository.resolve(
                    "agent-core/src/main/resources/io/smartagent/kubernetes/agentnodes.yaml")));
    server
        .kubectl()
        .run("wait", "--for=condition=Established", "crd/agentnodes.smartagent.io")
        .orFail();
    server.kubectl().run("create", "serviceaccount", "fleet").orFail();
    server
        .kubectl()
        .run(
            "create",
            "clusterrolebinding",
            "fleet",
            "--clusterrole=cluster-admin",
            "--serviceaccount=default:fleet")
        .orFail();
    Files.writeString(account.resolve("token"), server.token("default", "fleet"));
    Files.copy(server.certificateAuthority(), account.resolve("ca.crt"));

    Completed simulated =
        Programs.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                String.join(
                    ":",
                    repository.resolve("agent-core/target/test-classes").toString(),
                    repository.resolve("native-bindings/target/test-classes").toString(),
                    repository.resolve("image/target/jars").toString() + "/*"),
                "io.smartagent.kubernetes.node.FleetSimulation",
                server.url(),
                account.toString(),
                Integer.toString(NODES)),
            Duration.ofMinutes(30));
    System.out.println(simulated.out());
    List<String> phases = simulated.orFail().out().lines().toList();

    assertThat(phases).hasSize(4);
    assertThat(phases.get(0))
        .contains("POST/agentnodes/201=" + NODES, "PATCH/agentnodes/status/200=" + NODES);
    assertThat(phases.get(1)).doesNotContain("PATCH", "APPLY", "POST");
    assertThat(phases.get(2)).contains("PATCH/agentnodes/status/200=" + NODES);
    assertThat(phases.get(3)).isEqualTo("failed requests: 0");
    JsonNode nodes = server.kubectl().json("get", "agentnodes");
    assertThat(nodes.get("items")).hasSize(NODES);
    JsonNode status = nodes.get("items").get(0).get("status");
    assertThat(status.toString()).contains("EIO");
    assertThat(nodes.get("items").get(0).toString()).hasSizeLessThan(16_000);
  }
}
