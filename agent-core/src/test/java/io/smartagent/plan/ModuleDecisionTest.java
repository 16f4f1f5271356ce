package io.smartagent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.Option;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleState;
import io.smartagent.probe.Ability;
import io.smartagent.probe.Blocker;
import org.junit.jupiter.api.Test;

final class ModuleDecisionTest {

  private final Situation situation = new Situation();

  private ModulePlan discovery() {
    return module("application-discovery");
  }

  private ModulePlan events() {
    return module("host-events");
  }

  private ModulePlan module(String id) {
    return situation.plan().modules().stream()
        .filter(module -> module.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void enablesAModuleThatHasAllItNeeds() {
    assertThat(discovery())
        .isEqualTo(
            new ModulePlan(
                "application-discovery",
                ModuleState.ENABLED,
                "proc-events",
                CapabilitySet.of(
                    Capability.CAP_SYS_PTRACE,
                    Capability.CAP_DAC_READ_SEARCH,
                    Capability.CAP_NET_ADMIN),
                null,
                null,
                null,
                null));
  }

  @Test
  void isNotDegradedByASecondSourceThatShowsAll() {
    assertThat(events().state()).isEqualTo(ModuleState.ENABLED);
    assertThat(events().source()).isEqualTo("syslog");
    assertThat(events().remedy()).isNull();
  }

  @Test
  void degradesAModuleAndSaysWhatIsLostAndWhatGivesItBack() {
    situation.without(Capability.CAP_SYS_PTRACE);

    assertThat(discovery().state()).isEqualTo(ModuleState.DEGRADED);
    assertThat(discovery().capabilities()).isEqualTo(CapabilitySet.NONE);
    assertThat(discovery().missing()).isEqualTo("CAP_SYS_PTRACE, ptrace-read");
    assertThat(discovery().blockedBy()).isEqualTo(Blocker.BOUNDING);
    assertThat(discovery().effect())
        .startsWith("executables of other users' processes are unknown");
    assertThat(discovery().remedy())
        .isEqualTo("securityContext:\n  capabilities:\n    add: [SYS_PTRACE]");
  }

  @Test
  void namesEveryCapabilityThatIsMissingInOneRemedy() {
    situation.without(Capability.CAP_SYS_PTRACE, Capability.CAP_DAC_READ_SEARCH);

    assertThat(discovery().remedy())
        .isEqualTo("securityContext:\n  capabilities:\n    add: [DAC_READ_SEARCH, SYS_PTRACE]");
  }

  @Test
  void proposesTheSourceThatTheYamlCanGiveAndNotTheDevice() {
    situation.without(Capability.CAP_SYSLOG).blocked(Ability.KMSG, Blocker.DEVICE_CGROUP);

    assertThat(events().source()).isEqualTo("counters");
    assertThat(events().missing()).isEqualTo("CAP_SYSLOG, syslog");
    assertThat(events().remedy()).isEqualTo("securityContext:\n  capabilities:\n    add: [SYSLOG]");
  }

  @Test
  void proposesToStartTheContainerAsRootWhereItsUserIsWhatLacksTheCapability() {
    situation.notRoot();

    assertThat(discovery().blockedBy()).isEqualTo(Blocker.CAPABILITY);
    assertThat(discovery().remedy()).isEqualTo("securityContext:\n  runAsUser: 0");
  }

  @Test
  void putsTwoRemediesUnderOneKey() {
    situation.without(Capability.CAP_DAC_READ_SEARCH).blocked(Ability.PTRACE_READ, Blocker.LSM);

    assertThat(discovery().remedy())
        .isEqualTo(
            """
            securityContext:
              capabilities:
                add: [DAC_READ_SEARCH]
              appArmorProfile:
                type: Unconfined\
            """);
  }

  @Test
  void proposesNothingWhereNoYamlHelps() {
    situation.blocked(Ability.SYSLOG, Blocker.KERNEL).blocked(Ability.KMSG, Blocker.DEVICE_CGROUP);

    assertThat(events().state()).isEqualTo(ModuleState.DEGRADED);
    assertThat(events().missing()).isEqualTo("kmsg");
    assertThat(events().blockedBy()).isEqualTo(Blocker.DEVICE_CGROUP);
    assertThat(events().remedy()).isNull();
  }

  @Test
  void leavesOutWhatIsNotChosen() {
    situation.option(Option.MODULES, "host-events");

    assertThat(discovery().state()).isEqualTo(ModuleState.DISABLED);
    assertThat(discovery().source()).isNull();
    assertThat(discovery().effect()).startsWith("excluded by --modules: ");
    assertThat(events().state()).isEqualTo(ModuleState.ENABLED);
  }
}
