package io.smartagent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.Option;
import io.smartagent.kernel.capability.Capability;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What carries the capabilities over the execve where the kernel has no ambient ones. */
final class FileCapabilityDecisionTest {

  private final Situation situation = new Situation().withoutAmbient();

  private List<String> steps() {
    LaunchPlan plan = situation.plan();
    assertThat(plan.problems()).isEmpty();
    return plan.steps().stream().map(step -> step.action() + " " + step.subject()).toList();
  }

  @Test
  void givesThemToTheAgentsLoaderBeforeTheRootIsEntered() {
    assertThat(steps())
        .containsSubsequence(
            "bind-runtime /tmp/.smartagent",
            "set-file-capabilities /tmp/.smartagent/bin/smartagent"
                + " DAC_READ_SEARCH NET_ADMIN SYSLOG SYS_PTRACE",
            "enter-root pivot_root",
            "become-user nobody (65534:65534, groups 65534)",
            "inherit-capabilities DAC_READ_SEARCH NET_ADMIN SYSLOG SYS_PTRACE")
        .noneMatch(step -> step.startsWith("raise-ambient"));
    assertThat(situation.plan().user().isRoot()).isFalse();
  }

  @Test
  void leavesNoNewPrivilegesOffAndSaysSo() {
    assertThat(situation.plan().steps())
        .noneMatch(PrivilegeStep.ForbidNewPrivileges.class::isInstance);
    assertThat(situation.plan().warnings())
        .containsExactly(
            "This kernel has no ambient capabilities, so the agent's program file carries them, and"
                + " no_new_privs is not set: it would make them void.");
  }

  @Test
  void passesTheLoaderThePathsThatItIgnoresInSecureMode() {
    ProcessStep.Execute execute = (ProcessStep.Execute) situation.plan().steps().getLast();

    String home = "/tmp/.smartagent";
    assertThat(execute.arguments())
        .startsWith(
            home + "/bin/smartagent",
            "--inhibit-cache",
            "--library-path",
            home + "/lib:" + home + "/jre/lib:" + home + "/jre/lib/server",
            home + "/jre/bin/java",
            "-Dsun.jnu.encoding=UTF-8");
  }

  @Test
  void needsNoneWhereNothingIsKept() {
    situation.option(Option.MODULES, "none").noNewPrivileges().without(Capability.CAP_SETFCAP);

    assertThat(situation.plan().user().user().name()).isEqualTo("nobody");
    assertThat(situation.plan().steps())
        .noneMatch(PrivilegeStep.SetFileCapabilities.class::isInstance)
        .anyMatch(PrivilegeStep.ForbidNewPrivileges.class::isInstance);
  }

  @Test
  void needsNoneForRoot() {
    situation.option(Option.NON_ROOT_MODE, "false");

    assertThat(situation.plan().steps())
        .noneMatch(PrivilegeStep.SetFileCapabilities.class::isInstance)
        .anyMatch(PrivilegeStep.ForbidNewPrivileges.class::isInstance);
  }

  @Test
  void givesThemToTheInstalledCopyWhereNothingMayBeMounted() {
    situation.without(Capability.CAP_SYS_ADMIN).variable(Option.NO_REMOUNT_ROOT, "true");

    assertThat(steps())
        .containsSubsequence(
            "install-runtime /opt/smartagent/runtime",
            "set-file-capabilities /opt/smartagent/runtime/bin/smartagent"
                + " DAC_READ_SEARCH NET_ADMIN SYSLOG SYS_PTRACE",
            "enter-root chroot");
    assertThat(situation.plan().steps())
        .filteredOn(PrivilegeStep.SetFileCapabilities.class::isInstance)
        .singleElement()
        .satisfies(
            step -> assertThat(((PrivilegeStep.SetFileCapabilities) step).mounted()).isFalse());
  }

  @Test
  void locksNoSecurebitsThatSuchAKernelDoesNotKnow() {
    situation.with(Capability.CAP_SETPCAP);

    assertThat(situation.plan().steps())
        .anyMatch(PrivilegeStep.DropBounding.class::isInstance)
        .noneMatch(PrivilegeStep.LockSecurebits.class::isInstance);
  }

  @Test
  void needsSetfcapOnlyOnSuchAKernel() {
    assertThat(situation.plan().capabilities().surplus().contains(Capability.CAP_SETFCAP))
        .isFalse();
    assertThat(new Situation().plan().capabilities().surplus().contains(Capability.CAP_SETFCAP))
        .isTrue();
  }
}
