package io.smartagent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.Option;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleState;
import io.smartagent.modules.ModuleCatalog;
import io.smartagent.needs.Source;
import io.smartagent.probe.Ability;
import io.smartagent.probe.Blocker;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every source of every module: with exactly what it needs, and with one thing less. */
final class ModuleSourcesTest {

  /** What a launch needs that leaves the mounts as they are. */
  private static final CapabilitySet LAUNCH =
      CapabilitySet.of(
          Capability.CAP_SYS_CHROOT,
          Capability.CAP_SETUID,
          Capability.CAP_SETGID,
          Capability.CAP_CHOWN);

  static Stream<Arguments> sources() {
    return ModuleCatalog.modules().stream()
        .flatMap(module ->
            module.needs().sources().stream()
                .map(source -> Arguments.of(module.id(), source.name(), module, source)));
  }

  private static Situation exactly(String modules, CapabilitySet capabilities, Source source) {
    Situation situation =
        new Situation()
            .capabilities(LAUNCH.union(capabilities))
            .variable(Option.NO_REMOUNT_ROOT, "true")
            .option(Option.MODULES, modules);
    for (Ability ability : Ability.values()) {
      if (source.abilities().contains(ability)) {
        situation.available(ability);
      } else if (ability != Ability.CHROOT) {
        situation.blocked(ability, Blocker.KERNEL);
      }
    }
    return situation;
  }

  private static ModulePlan plan(Situation situation, String id) {
    LaunchPlan plan = situation.plan();
    assertThat(plan.isRefused()).as("%s", plan.problems()).isFalse();
    return module(plan, id);
  }

  private static ModulePlan module(LaunchPlan plan, String id) {
    return plan.modules().stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
  }

  @ParameterizedTest(name = "{0} from {1}")
  @MethodSource("sources")
  void isUsedWithExactlyWhatItNeeds(
      String id, String name, ModuleDefinition module, Source source) {
    ModulePlan planned = plan(exactly(id, source.capabilities(), source), id);

    assertThat(planned.source()).isEqualTo(name);
    assertThat(planned.capabilities()).isEqualTo(source.capabilities());
    assertThat(planned.effect()).isEqualTo(source.limitation());
    assertThat(planned.state())
        .isEqualTo(source.limitation() == null ? ModuleState.ENABLED : ModuleState.DEGRADED);
  }

  @ParameterizedTest(name = "{0} from {1}")
  @MethodSource("sources")
  void isNotUsedWithOneThingLess(String id, String name, ModuleDefinition module, Source source) {
    for (Capability capability : Capability.values()) {
      if (source.capabilities().contains(capability) && !LAUNCH.contains(capability)) {
        CapabilitySet less = source.capabilities().minus(CapabilitySet.of(capability));
        assertThat(plan(exactly(id, less, source), id).source())
            .as("without %s", capability)
            .isNotEqualTo(name);
      }
    }
    for (Ability ability : source.abilities()) {
      Situation situation =
          exactly(id, source.capabilities(), source).blocked(ability, Blocker.SECCOMP);
      assertThat(plan(situation, id).source()).as("without %s", ability).isNotEqualTo(name);
    }
  }

  /** What keeps SYS_ADMIN can undo the seal: it has to be named. */
  @ParameterizedTest(name = "{0} from {1}")
  @MethodSource("sources")
  void keepsSysAdminOnlyForAModuleThatIsNamed(
      String id, String name, ModuleDefinition module, Source source) {
    ModulePlan planned = plan(exactly("auto", source.capabilities(), source), id);

    boolean powerful = source.capabilities().contains(Capability.CAP_SYS_ADMIN);
    assertThat(planned.capabilities().contains(Capability.CAP_SYS_ADMIN)).isFalse();
    assertThat(name.equals(planned.source())).isEqualTo(!powerful);
    if (powerful) {
      ModulePlan named = plan(exactly("auto," + id, source.capabilities(), source), id);
      assertThat(named.source()).isEqualTo(name);
    }
  }

  @Test
  void saysHowToGiveTheWord() {
    ModulePlan stacks = module(new Situation().plan(), "kernel-stacks");

    assertThat(stacks.source()).isEqualTo("syslog");
    assertThat(stacks.missing()).isNull();
    assertThat(stacks.blockedBy()).isNull();
    assertThat(stacks.remedy())
        .isEqualTo("env:\n- name: SMARTAGENT_MODULES\n  value: \"auto,kernel-stacks\"");
  }

  @Test
  void putsTheWordAndTheCapabilityIntoOneRemedy() {
    ModulePlan stacks =
        module(
            new Situation()
                .without(Capability.CAP_SYS_ADMIN)
                .variable(Option.NO_REMOUNT_ROOT, "true")
                .plan(),
            "kernel-stacks");

    assertThat(stacks.missing()).isEqualTo("CAP_SYS_ADMIN");
    assertThat(stacks.remedy())
        .isEqualTo(
            """
            env:
            - name: SMARTAGENT_MODULES
              value: "auto,kernel-stacks"
            securityContext:
              capabilities:
                add: [SYS_ADMIN]\
            """);
  }

  @Test
  void proposesASecondBestSourceBeforeSysAdmin() {
    ModulePlan stacks =
        module(new Situation().without(Capability.CAP_SYSLOG).plan(), "kernel-stacks");

    assertThat(stacks.source()).isEqualTo("wchan");
    assertThat(stacks.remedy()).isEqualTo("securityContext:\n  capabilities:\n    add: [SYSLOG]");
  }

  /** The order of preference is one of knowledge: what comes first must not be lost to a later. */
  @Test
  void everySourceButTheFirstSaysWhatItCannotSeeOrShowsAll() {
    for (ModuleDefinition module : ModuleCatalog.modules()) {
      List<Source> sources = module.needs().sources();
      assertThat(sources.getFirst().limitation()).as(module.id()).isNull();
      assertThat(sources.getLast().capabilities()).as(module.id()).isEqualTo(CapabilitySet.NONE);
      if (sources.size() > 1) {
        assertThat(sources.getLast().limitation()).as(module.id()).isNotBlank();
      }
    }
  }
}
