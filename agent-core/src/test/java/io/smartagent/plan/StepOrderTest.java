package io.smartagent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.Option;
import io.smartagent.host.DirectoryFacts;
import io.smartagent.host.HostFacts.PrunedEntry;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.Securebits;
import io.smartagent.probe.Ability;
import io.smartagent.probe.Blocker;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class StepOrderTest {

  private static final CapabilitySet KEPT =
      CapabilitySet.of(
          Capability.CAP_SYS_PTRACE,
          Capability.CAP_DAC_READ_SEARCH,
          Capability.CAP_NET_ADMIN,
          Capability.CAP_SYSLOG);

  private final Situation situation = new Situation();

  private List<String> steps() {
    LaunchPlan plan = situation.plan();
    assertThat(plan.problems()).isEmpty();
    return plan.steps().stream().map(step -> step.action() + " " + step.subject()).toList();
  }

  private <T extends Step> T step(Class<T> type) {
    return situation.plan().steps().stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void sealsEntersDropsAndExecutesInThisOrder() {
    assertThat(steps())
        .containsExactly(
            "change-owner /var/lib/bonree to 65534:65534",
            "unshare-mounts CLONE_NEWNS|CLONE_FS",
            "make-private /",
            "seal-tree / except /opt, /var/lib/bonree",
            "hide /boot",
            "hide /vmlinuz",
            "mount-tmpfs /tmp",
            "bind-runtime /tmp/.smartagent",
            "verify-seal /",
            "enter-root pivot_root",
            "set-limit RLIMIT_CORE 0",
            "close-descriptors above 2, on exec",
            "reset-signals mask and dispositions",
            "set-umask 022",
            "become-user nobody (65534:65534, groups 65534)",
            "write-launch-record /var/lib/bonree/launch.json",
            "inherit-capabilities DAC_READ_SEARCH NET_ADMIN SYSLOG SYS_PTRACE",
            "raise-ambient DAC_READ_SEARCH NET_ADMIN SYSLOG SYS_PTRACE",
            "limit-capabilities DAC_READ_SEARCH NET_ADMIN SYSLOG SYS_PTRACE",
            "set-no-new-privileges PR_SET_NO_NEW_PRIVS",
            "verify-identity nobody with DAC_READ_SEARCH NET_ADMIN SYSLOG SYS_PTRACE",
            "execute the built-in agent");
  }

  @Test
  void everyStepSaysWhy() {
    for (Step step : situation.with(Capability.CAP_SETPCAP).noMountPoint().plan().steps()) {
      assertThat(step.reason()).as(step.action()).isNotBlank().endsWith(".");
    }
  }

  @Test
  void locksSecurebitsAfterTheAmbientSetAndBeforeSetpcapIsGone() {
    situation.with(Capability.CAP_SETPCAP);

    assertThat(steps().stream().map(step -> step.split(" ", 2)[0]))
        .containsSubsequence(
            "drop-bounding",
            "become-user",
            "inherit-capabilities",
            "raise-ambient",
            "lock-securebits",
            "limit-capabilities");
    assertThat(step(PrivilegeStep.DropBounding.class).capabilities())
        .isEqualTo(Situation.DOCUMENTED.with(Capability.CAP_SETPCAP).minus(KEPT));
    assertThat(step(PrivilegeStep.VerifyIdentity.class).bounding()).isEqualTo(KEPT);
  }

  @Test
  void neitherDropsTheBoundingSetNorLocksSecurebitsWithoutSetpcap() {
    assertThat(situation.plan().steps())
        .noneMatch(PrivilegeStep.DropBounding.class::isInstance)
        .noneMatch(PrivilegeStep.LockSecurebits.class::isInstance);
  }

  @Test
  void raisesNoAmbientCapabilityWhereTheKernelOrASecurebitForbidsIt() {
    situation.option(Option.NON_ROOT_MODE, "false").withoutAmbient();
    assertThat(situation.plan().steps()).noneMatch(PrivilegeStep.RaiseAmbient.class::isInstance);

    Situation forbidden =
        new Situation().option(Option.NON_ROOT_MODE, "false").securebits(new Securebits(1 << 6));
    assertThat(forbidden.plan().steps()).noneMatch(PrivilegeStep.RaiseAmbient.class::isInstance);
  }

  @ParameterizedTest
  @EnumSource(names = {"MOUNT_SETATTR", "OPEN_TREE"})
  void sealsMountByMountWhereTheNewCallsAreNotToBeHad(Ability ability) {
    assertThat(step(MountStep.SealTree.class).recursively()).isTrue();

    situation.blocked(ability, Blocker.KERNEL);

    assertThat(step(MountStep.SealTree.class).recursively()).isFalse();
  }

  @Test
  void movesTheRootWherePivotRootIsBlocked() {
    situation.blocked(Ability.PIVOT_ROOT, Blocker.SECCOMP);

    assertThat(steps()).contains("enter-root MS_MOVE and chroot");
  }

  @Test
  void mountsNothingAndInstallsTheRuntimeWhereTheMountsStay() {
    situation.variable(Option.NO_REMOUNT_ROOT, "true");

    assertThat(steps())
        .startsWith(
            "change-owner /var/lib/bonree to 65534:65534",
            "install-runtime /opt/smartagent/runtime",
            "enter-root chroot")
        .endsWith("execute the built-in agent");
    assertThat(step(ProcessStep.Execute.class).path())
        .isEqualTo("/opt/smartagent/runtime/bin/smartagent");
  }

  @Test
  void installsEachImagesRuntimeInADirectoryOfItsOwn() {
    situation.variable(Option.NO_REMOUNT_ROOT, "true").runtimeId("0123456789abcdef");

    assertThat(step(HostStep.InstallRuntime.class).directory())
        .isEqualTo("/opt/smartagent/runtime/0123456789abcdef");
    assertThat(step(ProcessStep.Execute.class).path())
        .isEqualTo("/opt/smartagent/runtime/0123456789abcdef/bin/smartagent");
  }

  @Test
  void installsNoRuntimeForAProgramOfTheHost() {
    situation.variable(Option.NO_REMOUNT_ROOT, "true").program("/bin/agent", "", "-v");

    assertThat(situation.plan().steps()).noneMatch(HostStep.InstallRuntime.class::isInstance);
    assertThat(step(ProcessStep.Execute.class).arguments()).containsExactly("/bin/agent", "-v");
    assertThat(steps()).endsWith("execute /bin/agent -v");
  }

  @Test
  void leavesTheTreeAsItIsInModeFull() {
    situation.hostReadOnly(false);

    assertThat(steps())
        .startsWith(
            "create-directory /var/lib/bonree/runtime",
            "change-owner /var/lib/bonree to 65534:65534",
            "unshare-mounts CLONE_NEWNS|CLONE_FS",
            "make-private /",
            "bind-runtime /var/lib/bonree/runtime",
            "enter-root pivot_root");
    assertThat(situation.plan().writable()).isEmpty();
  }

  @Test
  void changesTheOwnerLastOfAllThatItDoesToTheHost() {
    situation
        .hostReadOnly(false)
        .runtime(
            Situation.missing("/var/lib/bonree", DirectoryFacts.State.ABSENT, "/var/lib/bonree"));

    assertThat(steps())
        .startsWith(
            "create-directory /var/lib/bonree",
            "create-directory /var/lib/bonree/runtime",
            "change-owner /var/lib/bonree to 65534:65534",
            "unshare-mounts CLONE_NEWNS|CLONE_FS");
  }

  @Test
  void changesNothingOnAHostWhereItHasRunBefore() {
    situation.runtime(Situation.directory("/var/lib/bonree", 65534, "runtime"));

    assertThat(steps()).startsWith("unshare-mounts CLONE_NEWNS|CLONE_FS");
  }

  @Test
  void bindsTheTreeWhereItIsNoMountOfItsOwn() {
    situation.noMountPoint();

    assertThat(steps())
        .containsSubsequence(
            "make-private /", "bind-tree /", "seal-tree / except /opt, /var/lib/bonree");
  }

  @Test
  void showsTheContainersProcfsWhereTheHostsRootHasNone() {
    situation.noProc(true);

    assertThat(steps())
        .containsSubsequence(
            "make-private /", "bind-proc /proc", "seal-tree / except /opt, /var/lib/bonree");
    assertThat(situation.plan().warnings())
        .containsExactly(
            "The host's root has no procfs at /proc, so the container's own is shown there.");
    assertThat(situation.noProc(false).plan().steps())
        .noneMatch(MountStep.BindProc.class::isInstance);
    assertThat(situation.plan().warnings())
        .containsExactly("The host's root has no procfs at /proc.");
  }

  @Test
  void promisesNoProcfsWhereItMountsNothing() {
    situation.noProc(true).variable(Option.NO_REMOUNT_ROOT, "true");

    assertThat(situation.plan().warnings()).contains("The host's root has no procfs at /proc.");
  }

  @Test
  void hidesWhatIsThereAndMountsTmpOnlyOnADirectory() {
    situation.pruned(new PrunedEntry("/lost+found", true)).noTmp();

    assertThat(steps())
        .contains("hide /lost+found")
        .doesNotContain("hide /boot", "mount-tmpfs /tmp");
    assertThat(situation.plan().writable()).isEqualTo(Set.of("/opt", "/var/lib/bonree"));
  }

  @Test
  void leavesTmpWritableToo() {
    assertThat(situation.plan().writable()).isEqualTo(Set.of("/opt", "/var/lib/bonree", "/tmp"));
    assertThat(step(MountStep.VerifySeal.class).writable()).isEqualTo(situation.plan().writable());
  }

  @Test
  void startsTheAgentWithItsOwnLoaderAndLibraries() {
    assertThat(step(ProcessStep.Execute.class).arguments())
        .containsExactly(
            "/tmp/.smartagent/bin/smartagent",
            "--inhibit-cache",
            "--library-path",
            "/tmp/.smartagent/lib",
            "/tmp/.smartagent/jre/bin/java",
            "-Xshare:auto",
            "-jar",
            "/tmp/.smartagent/a.jar",
            "/var/lib/bonree/launch.json");
  }

  @Test
  void setsNeitherGroupsNorUserWhereItMayNot() {
    situation.without(Capability.CAP_SETUID, Capability.CAP_SETGID);

    PrivilegeStep.BecomeUser become = step(PrivilegeStep.BecomeUser.class);
    assertThat(become.changeUser()).isFalse();
    assertThat(become.changeGroups()).isFalse();
    assertThat(step(PrivilegeStep.VerifyIdentity.class).groups()).isFalse();
  }
}
