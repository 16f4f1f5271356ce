package io.smartagent.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.json.JsonTree;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.module.HealthState;
import io.smartagent.module.ModuleHealth;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleStatus;
import io.smartagent.plan.Situation;
import io.smartagent.sample.SampleDefinition;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A module of one package is in the agent's status as every other one. */
final class SampleModuleStatusTest {

  private static StatusReport report() {
    ModulePlan plan =
        new Situation().modules(List.of(new SampleDefinition())).plan().modules().getFirst();
    ModuleHealth health = new ModuleHealth(HealthState.HEALTHY, null, "load 4.5", Instant.now(), 0);
    return new StatusReport(
        "1",
        "",
        Instant.EPOCH,
        "read-only",
        "remount",
        new StatusReport.User("nobody", 65534, 65534, List.of(), false),
        CapabilitySet.NONE,
        CapabilitySet.NONE,
        List.of(new ModuleStatus(plan, health)),
        new AttestationReport(List.of()),
        List.of(),
        true,
        ConfigurationReport.UNKNOWN);
  }

  @Test
  void isInTheJson() throws IOException {
    JsonTree module =
        JsonTree.parse(StatusJson.toJson(report(), List.of())).get("modules").items().getFirst();

    assertThat(module.get("id").text()).isEqualTo("sample");
    assertThat(module.get("state").text()).isEqualTo("enabled");
    assertThat(module.get("source").text()).isEqualTo("log");
    assertThat(module.get("health").get("observed").text()).isEqualTo("load 4.5");
  }

  @Test
  void isOnThePage() {
    assertThat(new StatusPage().write(report())).contains("sample", "load 4.5");
  }
}
