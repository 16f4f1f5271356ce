package io.smartagent.kubernetes.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.smartagent.json.JsonTree;
import io.smartagent.kubernetes.client.ClusterClient;
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
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AgentNodeTest {

  private static JsonTree json(AgentNode object) throws IOException {
    return JsonTree.parse(ClusterClient.json(object).getBytes(UTF_8));
  }

  private static AgentNodeStatus bounded(AgentNodeStatus status) {
    return status.bounded(AgentNodeTest::size);
  }

  private static int size(AgentNodeStatus status) {
    return ClusterClient.json(AgentNode.of("n".repeat(253), status)).getBytes(UTF_8).length;
  }

  private static @Nullable AgentNodeStatus parse(String object) {
    return Serialization.unmarshal(object, AgentNode.class).getStatus();
  }

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
    AgentNodeStatus status = bounded(status("a \u00e4 \"b\"\n", 2));
    AgentNode written = AgentNode.of("node-1", status);

    JsonTree object = json(written);

    assertThat(parse(ClusterClient.json(written))).isEqualTo(status);
    assertThat(object.names()).containsExactly("apiVersion", "kind", "metadata", "status");
    assertThat(object.get("apiVersion").text()).isEqualTo("smartagent.io/v1");
    assertThat(object.get("metadata").names()).containsExactly("name");
    assertThat(object.get("metadata").get("name").text()).isEqualTo("node-1");
    assertThat(object.get("status").get("summary").get("degraded").number()).isEqualTo(2);
  }

  @Test
  void takesAsEmptyWhatIsMissingAndIgnoresWhatIsUnknown() {
    AgentNodeStatus status =
        Objects.requireNonNull(
            parse(
                """
                {"kind": "AgentNode", "apiVersion": "smartagent.io/v1", "metadata": {"name": "n"}, "x": 1,
                 "status": {"y": {}, "summary": {"enabled": 1}, "modules": [{"id": "a", "z": 1}],
                   "conditions": [{"type": "Other"}, {"type": "Ready", "status": "Maybe"}]}}
                """));

    assertThat(status.ready()).isEqualTo(new Ready(Truth.UNKNOWN, "", "", Instant.EPOCH));
    assertThat(status.user()).isEqualTo(new User("", 0, 0, false));
    assertThat(status.modules().getFirst().state()).isEmpty();
    assertThat(status.warnings()).isEmpty();
  }

  @Test
  void hasNoStatusWithoutTheConditionReady() {
    String object =
        "{\"kind\": \"AgentNode\", \"status\": {\"version\": \"1\", \"conditions\": []}}";

    assertThat(parse(object)).isNull();
    assertThat(parse("{\"kind\": \"AgentNode\", \"status\": {\"version\": \"1\"}}")).isNull();
    assertThat(parse("{\"kind\": \"AgentNode\"}")).isNull();
  }

  @Test
  void isBelowSixteenKilobytesWhateverTheTextsAre() {
    AgentNodeStatus status = bounded(status("\u4e16\ud83d\ude00x".repeat(2000), 14));

    assertThat(size(status)).isLessThan(16_000);
    assertThat(status.modules()).hasSize(14);
    assertThat(status.modules().getFirst().remedy()).endsWith("...");
    assertThat(bounded(status)).isEqualTo(status);
  }

  @Test
  void leavesTextsOfUsualLengthAsTheyAre() {
    AgentNodeStatus status = status("x".repeat(100), 11);

    assertThat(bounded(status).modules()).isEqualTo(status.modules());
  }

  @Test
  void belongsToItsNode() throws IOException {
    JsonTree owner =
        json(AgentNode.of("node-1", "1f-2e"))
            .get("metadata")
            .get("ownerReferences")
            .items()
            .getFirst();

    assertThat(owner.get("kind").text()).isEqualTo("Node");
    assertThat(owner.get("uid").text()).isEqualTo("1f-2e");
    assertThat(json(AgentNode.of("node-1", (String) null)).get("metadata").names())
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
