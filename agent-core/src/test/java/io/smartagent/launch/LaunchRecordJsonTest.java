package io.smartagent.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smartagent.config.ConfigurationParser;
import io.smartagent.config.Option;
import io.smartagent.config.ReportSettings;
import io.smartagent.config.SettingValue;
import io.smartagent.config.Variables;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.module.ModuleSettings;
import io.smartagent.module.ModuleState;
import io.smartagent.module.SharedSettings;
import io.smartagent.modules.ModuleCatalog;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.plan.Situation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LaunchRecordJsonTest {

  private static final io.smartagent.module.Setting<?> BLOCKED_TASK =
      Variables.of(ModuleCatalog.modules()).ofModules().stream()
          .filter(setting -> setting.variable().equals("SMARTAGENT_BLOCKED_TASK_SECONDS"))
          .findFirst()
          .orElseThrow();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void readsWhatThePlanWrote() throws IOException {
    LaunchPlan plan =
        new Situation()
            .without(Capability.CAP_SYS_PTRACE)
            .option(Option.USER, "4294967294:4294967293")
            .variable(Option.NODE_NAME, "node-\u00e4 \"1\"")
            .variable(SharedSettings.CONTAINER_ROOTS, "containerd=/run/k3s,docker=/data/docker")
            .variable(BLOCKED_TASK, "7")
            .variable(Option.STATUS_ADDRESS, "[::1]:9000")
            .variable(Option.KUBERNETES_EVENTS, "false")
            .variable(Option.AGENT_NODE_SPREAD_SECONDS, "5")
            .plan();

    LaunchRecord record = LaunchRecordJson.parse(PlanJson.toJson(plan));

    assertThat(record)
        .isEqualTo(
            new LaunchRecord(
                record.version(),
                new LaunchRecord.Root(
                    "read-only",
                    true,
                    plan.writable().stream().sorted().toList(),
                    "remount",
                    List.of(),
                    0),
                new LaunchRecord.User("4294967294", -2, -3, false),
                new LaunchRecord.Privileges(
                    plan.capabilities().kept(), plan.capabilities().dropped(), true),
                new LaunchRecord.Node("node-\u00e4 \"1\"", "[::1]:9000", "/var/lib/bonree", null),
                new LaunchRecord.Decisions(plan.modules(), plan.warnings()),
                plan.settings().values().stream()
                    .sorted(Comparator.comparing(SettingValue::name))
                    .toList()));
    assertThat(record.reports()).isEqualTo(new ReportSettings(false, true, Duration.ofSeconds(5)));
    ModuleSettings modules =
        new ConfigurationParser(
                record.settings(), record.decisions().modules(), ModuleCatalog.modules())
            .parse()
            .modules();
    assertThat(modules.get(SharedSettings.CONTAINER_ROOTS).paths())
        .isEqualTo(Map.of("containerd", List.of("/run/k3s"), "docker", List.of("/data/docker")));
    assertThat((Object) modules.get(BLOCKED_TASK)).isEqualTo(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "{\"schemaVersion\":2}", "1", "{\"schemaVersion\":\"1\"}"})
  void refusesAnotherVersion(String json) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> LaunchRecordJson.parse(bytes(json)))
        .withMessage("schemaVersion is not 1");
  }

  @Test
  void takesForDisabledWhatItDoesNotKnow() throws IOException {
    LaunchRecord record =
        LaunchRecordJson.parse(
            bytes(
                """
                {"schemaVersion": 1, "capabilities": {"kept": ["CAP_KILL", "CAP_NEW", 3]},
                 "modules": [{"id": "x", "state": "sleeping", "blockedBy": "moon"}]}
                """));

    assertThat(record.decisions().modules().getFirst().state()).isEqualTo(ModuleState.DISABLED);
    assertThat(record.decisions().modules().getFirst().blockedBy()).isNull();
    assertThat(record.privileges().kept().names()).containsExactly("CAP_KILL");
  }
}
