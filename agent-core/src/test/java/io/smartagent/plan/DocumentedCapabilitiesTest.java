package io.smartagent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.module.ModulePlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each documented capability taken away alone: what the launch and the modules lose. */
final class DocumentedCapabilitiesTest {

  private final Situation situation = new Situation();

  @Test
  void withAllOfThemEverythingRuns() {
    LaunchPlan plan = situation.plan();

    assertThat(summary(plan)).isEqualTo("nobody, PIVOT_ROOT, proc-full, syslog");
    assertThat(plan.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CAP_CHOWN           | root, PIVOT_ROOT, proc-full, syslog
          CAP_DAC_OVERRIDE    | nobody, PIVOT_ROOT, proc-full, syslog
          CAP_DAC_READ_SEARCH | nobody, PIVOT_ROOT, proc-links, syslog
          CAP_FOWNER          | nobody, PIVOT_ROOT, proc-full, syslog
          CAP_FSETID          | nobody, PIVOT_ROOT, proc-full, syslog
          CAP_SYS_RESOURCE    | nobody, PIVOT_ROOT, proc-full, syslog
          CAP_SYS_CHROOT      | nobody, PIVOT_ROOT, proc-full, syslog
          CAP_SYS_ADMIN       | refused
          CAP_SYSLOG          | nobody, PIVOT_ROOT, proc-full, counters
          CAP_NET_ADMIN       | nobody, PIVOT_ROOT, proc-full, syslog
          CAP_NET_RAW         | nobody, PIVOT_ROOT, proc-full, syslog
          CAP_NET_BROADCAST   | nobody, PIVOT_ROOT, proc-full, syslog
          CAP_KILL            | nobody, PIVOT_ROOT, proc-full, syslog
          CAP_SETFCAP         | nobody, PIVOT_ROOT, proc-full, syslog
          CAP_SETGID          | root, PIVOT_ROOT, proc-full, syslog
          CAP_SETUID          | root, PIVOT_ROOT, proc-full, syslog
          CAP_SYS_PTRACE      | nobody, PIVOT_ROOT, proc-public, syslog
          """)
  void losesWithoutOneOnlyWhatIsThatOnes(Capability missing, String left) {
    assertThat(summary(situation.without(missing).plan())).isEqualTo(left);
  }

  @Test
  void losesNothingWithoutSysAdminButTheSealWhereTheMountsMayStay() {
    situation
        .without(Capability.CAP_SYS_ADMIN)
        .variable(io.smartagent.config.Option.NO_REMOUNT_ROOT, "true");

    assertThat(summary(situation.plan())).isEqualTo("nobody, CHROOT, proc-full, syslog");
    assertThat(situation.plan().sealed()).isFalse();
  }

  @Test
  void losesNothingWithoutAnyNetworkCapability() {
    situation.without(
        Capability.CAP_NET_ADMIN, Capability.CAP_NET_RAW, Capability.CAP_NET_BROADCAST);

    assertThat(summary(situation.plan())).isEqualTo("nobody, PIVOT_ROOT, proc-full, syslog");
  }

  /** The least container spec of README. */
  @Test
  void needsOnlyEightOfThem() {
    CapabilitySet least =
        CapabilitySet.of(
            Capability.CAP_SYS_ADMIN,
            Capability.CAP_SYS_CHROOT,
            Capability.CAP_SETUID,
            Capability.CAP_SETGID,
            Capability.CAP_CHOWN,
            Capability.CAP_SYS_PTRACE,
            Capability.CAP_DAC_READ_SEARCH,
            Capability.CAP_SYSLOG);

    LaunchPlan plan = situation.capabilities(least).plan();

    assertThat(summary(plan)).isEqualTo("nobody, PIVOT_ROOT, proc-full, syslog");
    assertThat(plan.capabilities().surplus())
        .isEqualTo(CapabilitySet.of(Capability.CAP_SYS_CHROOT));
  }

  private static String summary(LaunchPlan plan) {
    if (plan.isRefused()) {
      return "refused";
    }
    Step.EnterRoot enter =
        plan.steps().stream()
            .filter(Step.EnterRoot.class::isInstance)
            .map(Step.EnterRoot.class::cast)
            .findFirst()
            .orElseThrow();
    return String.join(
        ", ",
        plan.user().user().name(),
        enter.entry().name(),
        String.join(", ", plan.modules().stream().map(ModulePlan::source).toList()));
  }
}
