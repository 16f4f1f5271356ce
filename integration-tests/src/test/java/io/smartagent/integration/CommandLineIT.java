package io.smartagent.integration;

import static io.smartagent.integration.Launches.names;
import static io.smartagent.integration.Launches.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Capabilities;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Programs;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the image answers, to people and to programs. */
final class CommandLineIT {

  private static final List<String> BLOCKERS =
      List.of(
          "capability",
          "bounding",
          "seccomp",
          "lsm",
          "lockdown",
          "sysctl",
          "deviceCgroup",
          "kernel",
          "mount");

  private final HostRoot root = HostRoot.busybox();

  @AfterEach
  void removeRoot() {
    root.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "config --help",
        "run --help",
        "plan --help",
        "probe --help",
        "status --help"
      })
  void hasHelp(String words) {
    Completed help = succeeded(Launcher.withoutHostRoot().invoke(Arrays.asList(words.split(" "))));
    assertThat(help.out()).contains("smartagent");
    assertThat(help.out().lines()).hasSizeGreaterThan(5);
    assertThat(help.error()).isEmpty();
  }

  @Test
  void hasAVersion() {
    assertThat(succeeded(Launcher.withoutHostRoot().invoke(List.of("--version"))).out())
        .matches("smartagent \\S+\n");
  }

  @Test
  void runsAsAnyUserWithoutAnyCapability() {
    Launcher launcher =
        Launcher.withoutHostRoot().withoutAnyCapability().option("--user", "12345:12345");
    JsonNode probe = launcher.probe();
    assertThat(probe.get("uid").asInt()).isEqualTo(12345);
    assertThat(names(probe.get("capabilities").get("effective"))).isEmpty();
    assertThat(names(probe.get("capabilities").get("bounding"))).isEmpty();
  }

  @Test
  void probesWhatTheKernelSays() {
    JsonNode probe = Launcher.on(root).probe();
    assertThat(probe.get("schemaVersion").asInt()).isEqualTo(1);
    TreeSet<String> given = new TreeSet<>();
    Capabilities.documentedHere().forEach(name -> given.add("CAP_" + name));
    for (String set : List.of("effective", "permitted", "bounding")) {
      assertThat(names(probe.get("capabilities").get(set))).as(set).isEqualTo(given);
    }
    for (String set : List.of("inheritable", "ambient")) {
      assertThat(probe.get("capabilities").get(set).isArray()).as(set).isTrue();
    }
    assertThat(probe.get("seccomp").asText()).isEqualTo("filter");
    assertThat(probe.get("noNewPrivileges").asBoolean()).isFalse();
    assertThat(probe.get("userNamespace").asText()).isEqualTo("initial");
    assertThat(probe.get("kernel").get("release").asText())
        .isEqualTo(Programs.run("uname", "-r").out().strip());
    assertThat(probe.get("abilities")).isNotEmpty();
    probe.get("abilities").forEach(CommandLineIT::assertExplained);
  }

  private static void assertExplained(JsonNode ability) {
    if (ability.get("available").asBoolean()) {
      assertThat(ability.get("blockedBy").isNull()).as("%s", ability).isTrue();
    } else {
      assertThat(ability.get("blockedBy").asText()).isIn(BLOCKERS);
      assertThat(ability.get("detail").asText()).as("%s", ability).isNotBlank();
    }
  }

  @Test
  void seesThatNothingIsFiltered() {
    JsonNode probe = Launcher.on(root).option("--security-opt", "seccomp=unconfined").probe();
    assertThat(probe.get("seccomp").asText()).isEqualTo("disabled");
  }

  @Test
  void changesNothingToProbeAndToPlan() {
    List<String> before = root.inventory();
    Launcher launcher = Launcher.on(root).user("agent");
    JsonNode probe = launcher.probe();
    JsonNode plan = launcher.plan();
    succeeded(launcher.planText());
    assertThat(probe.get("abilities")).isNotEmpty();
    assertThat(plan.get("decision").asText()).isEqualTo("launch");
    assertThat(root.inventory()).isEqualTo(before);
  }

  @Test
  void plansEveryStepWithAReason() {
    JsonNode plan = Launcher.on(root).user("agent").plan();
    assertThat(plan.get("schemaVersion").asInt()).isEqualTo(1);
    assertThat(plan.fieldNames())
        .toIterable()
        .contains("decision", "mode", "user", "steps", "modules", "capabilities")
        .contains("problems", "warnings", "settings");
    plan.get("steps")
        .forEach(step -> assertThat(step.get("reason").asText()).as("%s", step).isNotBlank());
    assertThat(plan.get("steps").findValuesAsText("action"))
        .containsSubsequence("seal-tree", "verify-seal", "enter-root", "become-user", "execute");
  }

  @Test
  void saysWhereEachValueComesFrom() {
    JsonNode plan =
        Launcher.on(root)
            .user("agent")
            .environment("SMARTAGENT_USER", "nobody")
            .environment("SMARTAGENT_MODULES", "host-events")
            .plan();
    assertThat(plan.get("user").get("name").asText()).isEqualTo("agent");
    assertThat(setting(plan, "SMARTAGENT_USER")).isEqualTo("agent from --user");
    assertThat(setting(plan, "SMARTAGENT_MODULES"))
        .isEqualTo("host-events from SMARTAGENT_MODULES");
    assertThat(setting(plan, "SMARTAGENT_MODE")).isEqualTo("auto from default");
  }

  private static String setting(JsonNode plan, String name) {
    for (JsonNode setting : plan.get("settings")) {
      if (setting.get("name").asText().equals(name)) {
        return setting.get("value").asText() + " from " + setting.get("source").asText();
      }
    }
    throw new AssertionError("no setting " + name + " in " + plan);
  }

  @Test
  void saysWhereNoAgentAnswers() {
    Launches.refused(Launcher.on(root).invoke(List.of("status")), Launches.UNAVAILABLE)
        .contains("No agent answers on 127.0.0.1:")
        .contains("SMARTAGENT_STATUS_ADDRESS");
  }
}
