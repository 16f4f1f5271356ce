package io.smartagent.plan;

import static io.smartagent.kernel.capability.Capability.CAP_CHOWN;
import static io.smartagent.kernel.capability.Capability.CAP_DAC_READ_SEARCH;
import static io.smartagent.kernel.capability.Capability.CAP_KILL;
import static io.smartagent.kernel.capability.Capability.CAP_NET_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SETGID;
import static io.smartagent.kernel.capability.Capability.CAP_SETPCAP;
import static io.smartagent.kernel.capability.Capability.CAP_SETUID;
import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_CHROOT;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.Option;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.probe.Ability;
import io.smartagent.probe.Blocker;
import org.junit.jupiter.api.Test;

final class CapabilityDecisionTest {

  private static final CapabilitySet OF_THE_MODULES =
      CapabilitySet.of(CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH, CAP_SYSLOG, CAP_NET_ADMIN);

  private static final CapabilitySet OF_THE_LAUNCH =
      CapabilitySet.of(CAP_SYS_ADMIN, CAP_SETUID, CAP_SETGID, CAP_CHOWN);

  private final Situation situation = new Situation();

  @Test
  void keepsWhatTheModulesNeedAndDropsTheRest() {
    CapabilityDecision decision = situation.plan().capabilities();

    assertThat(decision.kept()).isEqualTo(OF_THE_MODULES);
    assertThat(decision.dropped()).isEqualTo(Situation.DOCUMENTED.minus(OF_THE_MODULES));
  }

  @Test
  void callsSurplusWhatNeitherLaunchNorModulesNeed() {
    assertThat(situation.plan().capabilities().surplus())
        .isEqualTo(Situation.DOCUMENTED.minus(OF_THE_MODULES).minus(OF_THE_LAUNCH));
  }

  @Test
  void needsSysChrootOnlyWherePivotRootIsBlocked() {
    assertThat(situation.plan().capabilities().surplus().contains(CAP_SYS_CHROOT)).isTrue();

    situation.blocked(Ability.PIVOT_ROOT, Blocker.SECCOMP);

    assertThat(situation.plan().capabilities().surplus().contains(CAP_SYS_CHROOT)).isFalse();
  }

  @Test
  void needsNothingToChangeTheUserWhereItStaysRoot() {
    CapabilitySet surplus =
        situation.option(Option.NON_ROOT_MODE, "false").plan().capabilities().surplus();

    assertThat(surplus.containsAll(CapabilitySet.of(CAP_SETUID, CAP_SETGID, CAP_CHOWN))).isTrue();
  }

  @Test
  void needsNoSysAdminWhereTheMountsStay() {
    CapabilitySet surplus =
        situation.variable(Option.NO_REMOUNT_ROOT, "true").plan().capabilities().surplus();

    assertThat(surplus.contains(CAP_SYS_ADMIN)).isTrue();
  }

  @Test
  void takesTheRestOutOfTheBoundingSetWhereItMay() {
    LaunchPlan without = situation.plan();
    LaunchPlan with = new Situation().with(CAP_SETPCAP).plan();

    assertThat(without.capabilities().bounding()).isEqualTo(Situation.DOCUMENTED);
    assertThat(with.capabilities().bounding()).isEqualTo(OF_THE_MODULES);
    assertThat(with.capabilities().surplus().contains(CAP_SETPCAP)).isFalse();
  }

  @Test
  void keepsNothingWithoutModules() {
    assertThat(situation.option(Option.MODULES, "none").plan().capabilities().kept())
        .isEqualTo(CapabilitySet.NONE);
  }

  @Test
  void keepsForACommandWhatItIsGivenAndNothingElse() {
    situation.program("/bin/agent", "").option(Option.CAPABILITIES, "kill,CAP_SYS_PTRACE");

    assertThat(situation.plan().capabilities().kept())
        .isEqualTo(CapabilitySet.of(CAP_KILL, CAP_SYS_PTRACE));
    assertThat(situation.option(Option.CAPABILITIES, "none").plan().capabilities().kept())
        .isEqualTo(CapabilitySet.NONE);
    assertThat(situation.option(Option.CAPABILITIES, "auto").plan().capabilities().kept())
        .isEqualTo(OF_THE_MODULES);
  }

  @Test
  void givesTheAgentNoMoreThanItsModulesNeedWhateverIsAsked() {
    LaunchPlan plan = situation.option(Option.CAPABILITIES, "KILL").plan();

    assertThat(plan.capabilities().kept()).isEqualTo(OF_THE_MODULES);
    assertThat(plan.warnings())
        .containsExactly(
            "--capabilities applies to the command of run: the built-in agent keeps what its"
                + " modules need.");
  }
}
