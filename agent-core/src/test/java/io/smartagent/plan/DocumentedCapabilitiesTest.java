package io.smartagent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.probe.ClusterFacts;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each documented capability taken away alone: what the launch and the modules lose. */
final class DocumentedCapabilitiesTest {

  private static final Set<String> WITH_ALL_OF_THEM =
      Set.of(
          "application-discovery proc-events",
          "container-metrics runtime-files",
          "host-events syslog",
          "kernel-stacks syslog",
          "log-discovery open-files",
          "kubernetes-attributes informers",
          "network-interfaces netlink");

  private final Situation situation =
      new Situation()
          .cluster(
              new ClusterFacts(
                  "https://10.0.0.1:443", "/var/lib/bonree/serviceaccount", true, "team", true));

  @Test
  void withAllOfThemEverythingRuns() {
    LaunchPlan plan = situation.plan();

    assertThat(summary(plan)).isEqualTo("nobody, PIVOT_ROOT");
    assertThat(plan.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CAP_CHOWN           | root, PIVOT_ROOT
          CAP_DAC_OVERRIDE    | nobody, PIVOT_ROOT
          CAP_DAC_READ_SEARCH | nobody, PIVOT_ROOT, application-discovery proc-links, container-metrics cgroups, log-discovery public-directories
          CAP_FOWNER          | nobody, PIVOT_ROOT
          CAP_FSETID          | nobody, PIVOT_ROOT
          CAP_SYS_RESOURCE    | nobody, PIVOT_ROOT
          CAP_SYS_CHROOT      | nobody, PIVOT_ROOT
          CAP_SYS_ADMIN       | refused
          CAP_SYSLOG          | nobody, PIVOT_ROOT, host-events counters, kernel-stacks wchan
          CAP_NET_ADMIN       | nobody, PIVOT_ROOT, application-discovery proc-full, network-interfaces proc
          CAP_NET_RAW         | nobody, PIVOT_ROOT
          CAP_NET_BROADCAST   | nobody, PIVOT_ROOT
          CAP_KILL            | nobody, PIVOT_ROOT
          CAP_SETFCAP         | nobody, PIVOT_ROOT
          CAP_SETGID          | root, PIVOT_ROOT
          CAP_SETUID          | root, PIVOT_ROOT
          CAP_SYS_PTRACE      | nobody, PIVOT_ROOT, application-discovery proc-public, log-discovery log-directories
          """)
  void losesWithoutOneOnlyWhatIsThatOnes(Capability missing, String left) {
    assertThat(summary(situation.without(missing).plan())).isEqualTo(left);
  }

  @Test
  void losesNothingWithoutSysAdminButTheSealWhereTheMountsMayStay() {
    situation
        .without(Capability.CAP_SYS_ADMIN)
        .variable(io.smartagent.config.Option.NO_REMOUNT_ROOT, "true");

    assertThat(summary(situation.plan())).isEqualTo("nobody, CHROOT");
    assertThat(situation.plan().sealed()).isFalse();
  }

  @Test
  void losesNoMoreWithoutAllNetworkCapabilitiesThanWithoutNetAdmin() {
    String withoutNetAdmin = summary(situation.without(Capability.CAP_NET_ADMIN).plan());

    situation.without(Capability.CAP_NET_RAW, Capability.CAP_NET_BROADCAST);

    assertThat(summary(situation.plan())).isEqualTo(withoutNetAdmin);
  }

  /** The smallest container specification of README. */
  @Test
  void needsOnlyNineOfThem() {
    CapabilitySet least =
        CapabilitySet.of(
            Capability.CAP_SYS_ADMIN,
            Capability.CAP_SYS_CHROOT,
            Capability.CAP_SETUID,
            Capability.CAP_SETGID,
            Capability.CAP_CHOWN,
            Capability.CAP_SYS_PTRACE,
            Capability.CAP_DAC_READ_SEARCH,
            Capability.CAP_SYSLOG,
            Capability.CAP_NET_ADMIN);

    LaunchPlan plan = situation.capabilities(least).plan();

    assertThat(summary(plan)).isEqualTo("nobody, PIVOT_ROOT");
    assertThat(plan.capabilities().surplus())
        .isEqualTo(CapabilitySet.of(Capability.CAP_SYS_CHROOT));
  }

  /** Returns the user, how the root is entered, and every source that is another one. */
  private static String summary(LaunchPlan plan) {
    if (plan.isRefused()) {
      return "refused";
    }
    MountStep.EnterRoot enter =
        plan.steps().stream()
            .filter(MountStep.EnterRoot.class::isInstance)
            .map(MountStep.EnterRoot.class::cast)
            .findFirst()
            .orElseThrow();
    List<String> changed =
        plan.modules().stream()
            .map(module -> module.id() + " " + module.source())
            .filter(module -> !WITH_ALL_OF_THEM.contains(module))
            .toList();
    return Stream.concat(
            Stream.of(plan.user().user().name(), enter.entry().name()), changed.stream())
        .collect(Collectors.joining(", "));
  }
}
