package io.smartagent.kubernetes.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.json.JsonTree;
import io.smartagent.kubernetes.node.AgentNodeStatus.Attestation;
import io.smartagent.kubernetes.node.AgentNodeStatus.Check;
import io.smartagent.kubernetes.node.AgentNodeStatus.Module;
import io.smartagent.kubernetes.node.AgentNodeStatus.Ready;
import io.smartagent.kubernetes.node.AgentNodeStatus.Truth;
import io.smartagent.kubernetes.node.AgentNodeStatus.User;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AgentNodeJsonTest {

  private static AgentNodeStatus status(String text, int modules) {
    List<Module> all = new ArrayList<>();
    for (int i = 0; i < modules; i++) {
      all.add(
          new Module(
              "module-" + i, "degraded", "proc", text, "capability", text, text, "healthy", null));
    }
    return new AgentNodeStatus(
        "1.2.3",
        "minimal",
        "landlock",
        new User("agent", 4_294_967_294L, 1, false),
        List.of("CAP_SYSLOG"),
        new Attestation(false, Collections.nCopies(30, new Check("sealed-host", text))),
        all,
        Collections.nCopies(40, text),
        new Ready(Truth.FALSE, "AttestationFailed", text, Instant.parse("2026-03-01T10:15:30Z")));
  }

  @Test
  void readsWhatItWrites() throws IOException {
    AgentNodeStatus status = AgentNodeJson.bounded(status("a \u00e4 \"b\"\n", 2));

    JsonTree object = JsonTree.parse(AgentNodeJson.status("node-1", status));

    assertThat(AgentNodeJson.parse(object)).isEqualTo(status);
    assertThat(object.get("metadata").get("name").text()).isEqualTo("node-1");
    assertThat(object.get("status").get("summary").get("degraded").number()).isEqualTo(2);
  }

  @Test
  void isBelowSixteenKilobytesWhateverTheTextsAre() {
    AgentNodeStatus status = AgentNodeJson.bounded(status("\u4e16\ud83d\ude00x".repeat(2000), 14));

    assertThat(AgentNodeJson.status("n".repeat(253), status)).hasSizeLessThan(16_000);
    assertThat(status.modules()).hasSize(14);
    assertThat(status.modules().getFirst().remedy()).endsWith("...");
    assertThat(AgentNodeJson.bounded(status)).isEqualTo(status);
  }

  @Test
  void leavesTextsOfUsualLengthAsTheyAre() {
    AgentNodeStatus status = status("x".repeat(100), 11);

    assertThat(AgentNodeJson.bounded(status).modules()).isEqualTo(status.modules());
  }

  @Test
  void belongsToItsNode() throws IOException {
    JsonTree owner =
        JsonTree.parse(AgentNodeJson.object("node-1", "1f-2e"))
            .get("metadata")
            .get("ownerReferences")
            .items()
            .getFirst();

    assertThat(owner.get("kind").text()).isEqualTo("Node");
    assertThat(owner.get("uid").text()).isEqualTo("1f-2e");
    assertThat(JsonTree.parse(AgentNodeJson.object("node-1", null)).get("metadata").names())
        .containsExactly("name");
  }

  @ParameterizedTest
  @CsvSource({
    "node-1, true",
    "ip-10-0-0-1.eu-west-1.compute.internal, true",
    "'', false",
    "Node, false",
    "a/b, false",
    "a..b, false",
    "-a, false",
    "a?b, false"
  })
  void knowsWhatANodeCanBeCalled(String name, boolean valid) {
    assertThat(NodeName.isValid(name)).isEqualTo(valid);
  }
}
