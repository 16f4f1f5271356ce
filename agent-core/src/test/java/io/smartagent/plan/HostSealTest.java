package io.smartagent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.Option;
import io.smartagent.host.HostMounts;
import io.smartagent.host.HostMounts.WritableMount;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.probe.Ability;
import io.smartagent.probe.Blocker;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What keeps the agent from writing to the host. */
final class HostSealTest {

  private final Situation situation =
      new Situation()
          .without(Capability.CAP_SYS_ADMIN, Capability.CAP_SYS_PTRACE)
          .variable(Option.NO_REMOUNT_ROOT, "true");

  private static WritableMount mount(String path, String type) {
    return new WritableMount(path, type, false);
  }

  private HostSeal seal() {
    LaunchPlan plan = situation.plan();
    assertThat(plan.problems()).isEmpty();
    return plan.seal();
  }

  private String warnings() {
    return String.join("\n", situation.plan().warnings());
  }

  @Test
  void isTheRemountWhereItMayBeMade() {
    LaunchPlan plan = new Situation().plan();

    assertThat(plan.seal().kind()).isEqualTo(HostSeal.Kind.REMOUNT);
    assertThat(plan.seal().openMounts()).isEmpty();
    assertThat(plan.steps()).noneMatch(PrivilegeStep.RestrictWrites.class::isInstance);
    assertThat(plan.warnings()).noneMatch(warning -> warning.contains("Landlock"));
  }

  @Test
  void isNoneInModeFull() {
    LaunchPlan remounted = new Situation().hostReadOnly(false).plan();
    LaunchPlan not = situation.hostReadOnly(false).plan();

    assertThat(remounted.seal().kind()).isEqualTo(HostSeal.Kind.NONE);
    assertThat(not.seal().kind()).isEqualTo(HostSeal.Kind.NONE);
    assertThat(not.steps()).noneMatch(PrivilegeStep.RestrictWrites.class::isInstance);
  }

  @Test
  void isLandlockWhereNothingIsRemountedAndNoModuleReadsOtherProcesses() {
    LaunchPlan plan = situation.plan();

    assertThat(plan.seal().kind()).isEqualTo(HostSeal.Kind.LANDLOCK);
    assertThat(plan.sealed()).isFalse();
    assertThat(plan.writable()).containsExactlyInAnyOrder("/opt", "/var/lib/bonree");
    assertThat(plan.steps())
        .extracting(Step::action)
        .containsSubsequence(
            "set-no-new-privileges", "restrict-writes", "verify-identity", "execute");
    assertThat(warnings())
        .contains("All that are mounted now are read-only.")
        .contains("It is the weaker seal: it does not keep it from changing modes, owners");
  }

  @Test
  void isTheMountsWhereAModuleReadsOtherProcesses() {
    situation.with(Capability.CAP_SYS_PTRACE);

    assertThat(seal().kind()).isEqualTo(HostSeal.Kind.MOUNTS);
    assertThat(situation.plan().steps()).noneMatch(PrivilegeStep.RestrictWrites.class::isInstance);
    assertThat(warnings())
        .contains("as application-discovery, log-discovery do. Take SYS_PTRACE from the container");
  }

  @Test
  void isLandlockWhereThatModuleIsExcluded() {
    situation.with(Capability.CAP_SYS_PTRACE).option(Option.MODULES, "host-events");

    assertThat(seal().kind()).isEqualTo(HostSeal.Kind.LANDLOCK);
  }

  @Test
  void isTheMountsWhereThereIsNoLandlock() {
    situation.blocked(Ability.LANDLOCK, Blocker.KERNEL);

    assertThat(seal().kind()).isEqualTo(HostSeal.Kind.MOUNTS);
    assertThat(warnings())
        .contains(
            "Landlock cannot keep the agent from writing there either: landlock is blocked in this"
                + " test.");
  }

  @Test
  void isLandlockForAProgramThatDoesNotKeepSysPtrace() {
    situation.with(Capability.CAP_SYS_PTRACE).program("/bin/agent", "");
    situation.option(Option.CAPABILITIES, "SYSLOG");
    assertThat(seal().kind()).isEqualTo(HostSeal.Kind.LANDLOCK);

    situation.option(Option.CAPABILITIES, "SYSLOG,SYS_PTRACE");
    assertThat(seal().kind()).isEqualTo(HostSeal.Kind.MOUNTS);
    assertThat(warnings()).contains("for which --capabilities keeps SYS_PTRACE.");
  }

  @Test
  void saysOfAnInstalledAgentTooWhatKeepsSysPtrace() {
    situation.with(Capability.CAP_SYS_PTRACE).option(Option.CAPABILITIES, "SYSLOG,SYS_PTRACE");
    situation.variable(Option.INSTALLER_SCRIPT_URL, "https://server/installer.sh");

    assertThat(seal().kind()).isEqualTo(HostSeal.Kind.MOUNTS);
    assertThat(warnings()).contains("for which --capabilities keeps SYS_PTRACE.");
  }

  @Test
  void namesTheMountsThatStayOpenAndTheYamlThatClosesThem() {
    situation.mounts(
        new HostMounts(
            List.of(
                mount("/boot/efi", "vfat"),
                mount("/opt", "ext4"),
                mount("/proc", "proc"),
                new WritableMount("/tmp/apm", "ext4", true),
                mount("/var/lib/bonree/cache", "tmpfs")),
            0));

    assertThat(seal().openMounts())
        .extracting(WritableMount::path)
        .containsExactly("/boot/efi", "/proc");
    assertThat(seal().writable()).containsExactlyInAnyOrder("/opt", "/tmp/apm", "/var/lib/bonree");
    assertThat(warnings())
        .contains(
            """
            2 mounts below the host's root can be written to, for a read-only mount does not make \
            those below it read-only: /boot/efi (vfat), /proc (proc). Let the YAML do that \
            (Kubernetes 1.31, mountPropagation None):
            volumeMounts:
            - name: host-root
              mountPath: /mnt/root
              readOnly: true
              recursiveReadOnly: Enabled
            or, on older clusters, mount each separately:
            volumes:
            - name: host-boot-efi
              hostPath: {path: "/boot/efi"}
            volumeMounts:
            - name: host-boot-efi
              mountPath: "/mnt/root/boot/efi"
              readOnly: true\
            """);
  }

  @Test
  void showsTenOfManyAndListsThemAll() {
    situation.mounts(
        new HostMounts(
            IntStream.range(10, 40).mapToObj(i -> mount("/srv/" + i, "ext4")).toList(), 500));

    assertThat(seal().openMounts()).hasSize(30);
    assertThat(seal().unlisted()).isEqualTo(500);
    assertThat(warnings())
        .contains("530 mounts below the host's root can be written to")
        .contains("/srv/19 (ext4) and 520 more. Let the YAML")
        .doesNotContain("/srv/20");
  }
}
