package io.smartagent.kubernetes.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.json.JsonTree;
import io.smartagent.kubernetes.fleet.FleetReport.Block;
import io.smartagent.kubernetes.fleet.FleetReport.ModuleCounts;
import io.smartagent.kubernetes.fleet.FleetReport.Readiness;
import io.smartagent.kubernetes.node.AgentNodeStatus;
import io.smartagent.kubernetes.node.AgentNodeStatus.Attestation;
import io.smartagent.kubernetes.node.AgentNodeStatus.Module;
import io.smartagent.kubernetes.node.AgentNodeStatus.Ready;
import io.smartagent.kubernetes.node.AgentNodeStatus.Truth;
import io.smartagent.kubernetes.node.AgentNodeStatus.User;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FleetReportTest {

  private static final Module WELL =
      new Module("host-events", "enabled", "kmsg", null, null, null, null, "healthy", null);
  private static final Module STACKS =
      new Module(
          "kernel-stacks",
          "disabled",
          null,
          "CAP_SYSLOG",
          "capability",
          "kernel stacks are not seen",
          "securityContext:\n  capabilities:\n    add: [SYSLOG]\n",
          "disabled",
          null);

  private static FleetNode node(String name, Truth ready, String version, Module... modules) {
    return new FleetNode(
        name,
        new AgentNodeStatus(
            version,
            "read-only",
            "remount",
            new User("agent", 1, 1, false),
            List.of(),
            new Attestation(true, List.of()),
            List.of(modules),
            List.of(),
            new Ready(ready, "Because", "It is so.", Instant.EPOCH)));
  }

  private static List<FleetNode> fleet() {
    List<FleetNode> fleet = new ArrayList<>();
    fleet.add(new FleetNode("silent-1", null));
    for (int i = 5; i > 0; i--) {
      fleet.add(node("node-" + i, Truth.TRUE, "2", WELL, STACKS));
    }
    fleet.add(node("old", Truth.FALSE, "1", WELL));
    fleet.add(node("gone", Truth.UNKNOWN, "2", WELL));
    return fleet;
  }

  @Test
  void countsWhatIsOnHowManyNodes() {
    FleetReport report = FleetReport.of(fleet());

    assertThat(report.nodes()).isEqualTo(8);
    assertThat(report.ready()).isEqualTo(new Readiness(5, 1, 1));
    assertThat(report.silent()).containsExactly("silent-1");
    assertThat(report.versions()).containsExactly(entry("2", 6), entry("1", 1));
    assertThat(report.modules())
        .containsEntry("host-events", new ModuleCounts(7, 0, 0))
        .containsEntry("kernel-stacks", new ModuleCounts(0, 0, 5));
  }

  private static java.util.Map.Entry<String, Integer> entry(String key, int value) {
    return java.util.Map.entry(key, value);
  }

  @Test
  void groupsNodesByWhatBlocksThemMostNodesFirst() {
    List<FleetNode> fleet = fleet();
    Module other =
        new Module(
            "kernel-stacks",
            "disabled",
            null,
            "CAP_SYSLOG",
            "seccomp",
            null,
            null,
            "disabled",
            null);
    fleet.addFirst(node("a", Truth.TRUE, "2", other));

    List<Block> blocks = FleetReport.of(fleet).blocks();

    assertThat(blocks).extracting(Block::blockedBy).containsExactly("capability", "seccomp");
    assertThat(blocks.getFirst().nodes())
        .containsExactly("node-1", "node-2", "node-3", "node-4", "node-5");
  }

  @Test
  void printsItForPeople() {
    String text = FleetText.of(FleetReport.of(fleet()));

    assertThat(text)
        .startsWith("8 nodes: 5 ready, 1 not ready, 1 ended, 1 without status\n")
        .contains("  version  2 6, 1 1\n")
        .contains("1 node (old) is not ready: Because\n  It is so.\n")
        .contains("kernel-stacks is disabled on 5 nodes (node-1, node-2, node-3 and 2 more)\n")
        .contains("  missing CAP_SYSLOG, blocked by capability\n")
        .contains("          add: [SYSLOG]\n");
    assertThat(text.lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void steersNobodysTerminal() {
    FleetNode hostile =
        node(
            "n",
            Truth.TRUE,
            "\u001b[2J",
            new Module("m\u009b", "disabled", null, "\u202e", "b", "e\r", "r\u0007", "x", null));

    assertThat(FleetText.of(FleetReport.of(List.of(hostile))))
        .doesNotContainPattern("[\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u202e]");
  }

  @Test
  void writesAllNodesAsJson() throws IOException {
    JsonTree json = JsonTree.parse(FleetJson.toJson(FleetReport.of(fleet())));

    assertThat(json.get("ready").get("yes").number()).isEqualTo(5);
    assertThat(json.get("blocks").items().getFirst().get("nodes").texts()).hasSize(5);
    assertThat(json.get("modules").items().getFirst().get("id").text()).isEqualTo("host-events");
  }

  @Test
  void isEmptyForAnEmptyFleet() {
    assertThat(FleetText.of(FleetReport.of(List.of())))
        .isEqualTo("0 nodes: 0 ready, 0 not ready, 0 ended, 0 without status\n");
  }
}
