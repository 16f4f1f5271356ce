package io.smartagent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.ExitStatus;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.host.DirectoryFacts;
import io.smartagent.host.HostFacts;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.probe.Ability;
import io.smartagent.probe.Blocker;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class RefusalTest {

  private final Situation situation = new Situation();

  private static void assertRefused(LaunchPlan plan, ExitStatus status, String fault) {
    assertThat(plan.isRefused()).isTrue();
    assertThat(plan.steps()).isEmpty();
    assertThat(plan.capabilities()).isEqualTo(CapabilityDecision.NONE);
    assertThat(plan.problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.status()).isEqualTo(status);
          assertThat(problem.fault()).isEqualTo(fault);
          assertThat(problem.remedy()).isNotBlank();
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ABSENT          |              | There is no "/mnt/root".
          NOT_A_DIRECTORY |              | "/mnt/root" is not a directory.
          NOT_A_ROOT      | it is empty  | "/mnt/root" is not the root of a host: it is empty.
          UNREADABLE      | EACCES       | "/mnt/root" cannot be read: EACCES.
          """)
  void refusesToStartWithoutAHostRoot(HostFacts.State state, String detail, String fault) {
    LaunchPlan plan = situation.hostState(state, detail == null ? "" : detail).plan();

    assertRefused(plan, ExitStatus.CONFIGURATION, fault);
    assertThat(plan.problems().getFirst().remedy()).contains("mountPath: /mnt/root");
  }

  @Test
  void refusesToStartWithoutAPasswdFile() {
    LaunchPlan plan = situation.noPasswd().option(Option.NON_ROOT_MODE, "false").plan();

    assertRefused(
        plan,
        ExitStatus.CONFIGURATION,
        "The host's /etc/passwd cannot be read: open(\"/etc/passwd\"): ENOENT (No such file or"
            + " directory).");
  }

  @Test
  void startsWithBrokenLinesInPasswdAndNamesTheFirstThree() {
    String broken = "x\n".repeat(5) + "nobody:x:65534:65534::/:/bin/false\n";

    LaunchPlan plan = situation.passwd(broken).plan();

    assertThat(plan.problems()).isEmpty();
    assertThat(plan.warnings()).hasSize(4);
    assertThat(plan.warnings().getFirst())
        .startsWith("Line 1 of the host's /etc/passwd is not an account and is ignored.");
    assertThat(plan.warnings().getLast())
        .isEqualTo("2 more lines of the host's /etc/passwd are not accounts.");
  }

  @Test
  void refusesToStartWithoutSysChrootAndSysAdmin() {
    LaunchPlan plan = situation.without(Capability.CAP_SYS_CHROOT, Capability.CAP_SYS_ADMIN).plan();

    assertThat(plan.problems()).hasSize(2);
    assertThat(Problem.statusOf(plan.problems())).isEqualTo(ExitStatus.NOT_PERMITTED);
    assertThat(plan.problems().getFirst().text())
        .isEqualTo(
            """
            The host's mounts cannot be sealed: The container was not given CAP_SYS_ADMIN. \
            Change the container spec:
            securityContext:
              capabilities:
                add: [SYS_ADMIN]
            To keep the mounts of the YAML instead:
            env:
            - name: SMARTAGENT_NO_REMOUNT_ROOT
              value: "true"\
            """);
    assertThat(plan.problems().getLast().text())
        .isEqualTo(
            """
            The host's root cannot be entered: The container was not given CAP_SYS_CHROOT. Nor can \
            pivot_root be used: it needs a separate mount namespace, so CAP_SYS_ADMIN. \
            Change the container spec:
            securityContext:
              capabilities:
                add: [SYS_CHROOT]\
            """);
  }

  @Test
  void refusesToStartWithoutSysAdminUnlessTheMountsMayStay() {
    situation.without(Capability.CAP_SYS_ADMIN);

    assertRefused(
        situation.plan(),
        ExitStatus.NOT_PERMITTED,
        "The host's mounts cannot be sealed: The container was not given CAP_SYS_ADMIN.");
    assertThat(situation.variable(Option.NO_REMOUNT_ROOT, "true").plan().problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "SECCOMP, seccompProfile",
    "LSM, appArmorProfile",
    "CAPABILITY, runAsUser: 0",
    "BOUNDING, 'add: [SYS_CHROOT]'"
  })
  void namesTheYamlThatUnblocksTheWayIntoTheRoot(Blocker blocker, String yaml) {
    LaunchPlan plan =
        situation
            .blocked(Ability.PIVOT_ROOT, Blocker.SECCOMP)
            .blocked(Ability.CHROOT, blocker)
            .plan();

    assertRefused(
        plan,
        ExitStatus.NOT_PERMITTED,
        "The host's root cannot be entered: chroot is blocked in this test. Nor can pivot_root be"
            + " used: pivot-root is blocked in this test.");
    assertThat(plan.problems().getFirst().remedy()).contains(yaml);
  }

  @ParameterizedTest
  @CsvSource({"SECCOMP, seccompProfile", "LSM, appArmorProfile"})
  void namesTheYamlThatUnblocksMounts(Blocker blocker, String yaml) {
    LaunchPlan plan = situation.blocked(Ability.MOUNT, blocker).plan();

    assertThat(plan.problems().getFirst().remedy())
        .contains(yaml, "SMARTAGENT_NO_REMOUNT_ROOT")
        .startsWith("Change the container spec:\n");
  }

  @Test
  void offersOnlyToKeepTheMountsWhereNoYamlUnblocksThem() {
    LaunchPlan plan = situation.blocked(Ability.MOUNT, Blocker.KERNEL).plan();

    assertThat(plan.problems().getFirst().remedy())
        .startsWith(
            "No YAML can change that on this node.\nTo keep the mounts of the YAML instead:\nenv:\n");
  }

  static Stream<Arguments> unusableDirectories() {
    return Stream.of(
        Arguments.of(DirectoryFacts.State.ABSENT, "", "does not exist"),
        Arguments.of(DirectoryFacts.State.ABSENT, "/a", "does not exist: \"/a\" is missing"),
        Arguments.of(
            DirectoryFacts.State.LINK, "", "is a symbolic link, which could lead anywhere"),
        Arguments.of(
            DirectoryFacts.State.LINK,
            "/a",
            "leads through a symbolic link: \"/a\" is one, which could lead anywhere"),
        Arguments.of(DirectoryFacts.State.NOT_A_DIRECTORY, "", "is not a directory"),
        Arguments.of(
            DirectoryFacts.State.NOT_A_DIRECTORY, "/a", "is not a directory: \"/a\" is a file"),
        Arguments.of(DirectoryFacts.State.UNREADABLE, "/a", "cannot be reached: \"/a\" is closed"));
  }

  @ParameterizedTest
  @MethodSource("unusableDirectories")
  void refusesAnInstallationDirectoryThatIsNone(
      DirectoryFacts.State state, String at, String fault) {
    String where = at.isEmpty() ? "/opt" : at;

    LaunchPlan plan = situation.install(Situation.missing("/opt", state, where)).plan();

    assertRefused(plan, ExitStatus.CONFIGURATION, "Installation directory \"/opt\" " + fault + ".");
    assertThat(plan.problems().getFirst().remedy()).contains("\"/mnt/root/opt\"");
  }

  @ParameterizedTest
  @MethodSource("unusableDirectories")
  void refusesARuntimeDirectoryThatIsNone(DirectoryFacts.State state, String at, String fault) {
    String path = "/var/lib/bonree";

    LaunchPlan plan =
        situation.runtime(Situation.missing(path, state, at.isEmpty() ? path : at)).plan();

    assertRefused(
        plan, ExitStatus.CONFIGURATION, "Runtime directory \"" + path + "\" " + fault + ".");
    assertThat(plan.problems().getFirst().remedy()).contains("DirectoryOrCreate");
  }

  @Test
  void createsAnAbsentRuntimeDirectoryOnlyWhereTheHostIsWritable() {
    DirectoryFacts absent =
        Situation.missing("/var/lib/bonree", DirectoryFacts.State.ABSENT, "/var/lib/bonree");

    LaunchPlan plan = situation.hostReadOnly(false).runtime(absent).plan();

    assertThat(plan.problems()).isEmpty();
    assertThat(plan.steps().getFirst()).isInstanceOf(HostStep.CreateRuntimeDirectory.class);
  }

  @Test
  void refusesDirectoriesThatTheAgentsUserCannotPass() {
    DirectoryFacts closed =
        new DirectoryFacts(
            "/opt",
            DirectoryFacts.State.DIRECTORY,
            "",
            false,
            0,
            0,
            List.of("/opt (0700)"),
            List.of());

    assertRefused(
        situation.install(closed).plan(),
        ExitStatus.CONFIGURATION,
        "Installation directory \"/opt\" is not open to the agent's user at every level: /opt"
            + " (0700).");
  }

  @Test
  void refusesDirectoriesThatAreMountedReadOnly() {
    DirectoryFacts sealed =
        new DirectoryFacts(
            "/var/lib/bonree",
            DirectoryFacts.State.DIRECTORY,
            "",
            true,
            0,
            0,
            List.of(),
            List.of());

    LaunchPlan plan = situation.runtime(sealed).plan();

    assertRefused(
        plan,
        ExitStatus.CONFIGURATION,
        "Runtime directory \"/var/lib/bonree\" is mounted read-only.");
    assertThat(plan.problems().getFirst().remedy())
        .endsWith("mountPath: /mnt/root/var/lib/bonree\n  readOnly: false");
  }

  @Test
  void refusesADataDirectoryInWhichNoMountPointCanBeMade() {
    situation
        .hostReadOnly(false)
        .without(Capability.CAP_DAC_OVERRIDE)
        .runtime(Situation.directory("/var/lib/bonree", 65534));

    assertRefused(
        situation.plan(),
        ExitStatus.NOT_PERMITTED,
        "Runtime directory \"/var/lib/bonree\" belongs to uid 65534, and the container lacks"
            + " CAP_DAC_OVERRIDE to make \"runtime\" in it.");
  }

  @Test
  void needsNoMountPointWhereNothingIsMounted() {
    LaunchPlan plan =
        situation
            .without(Capability.CAP_DAC_OVERRIDE)
            .runtime(Situation.directory("/var/lib/bonree", 65534))
            .variable(Option.NO_REMOUNT_ROOT, "true")
            .plan();

    assertThat(plan.problems()).isEmpty();
  }

  @Test
  void refusesToStartWithoutARequiredModule() {
    LaunchPlan plan =
        situation
            .without(Capability.CAP_SYSLOG)
            .option(Option.MODULES, "application-discovery")
            .variable(Option.REQUIRE, "host-events")
            .plan();

    assertRefused(
        plan,
        ExitStatus.NOT_PERMITTED,
        "SMARTAGENT_REQUIRE names module host-events, which cannot run.");
    assertThat(plan.problems().getFirst().remedy())
        .isEqualTo("Take it out of --require, or into --modules.");
  }

  @Test
  void startsWithARequiredModuleThatIsDegraded() {
    LaunchPlan plan =
        situation.without(Capability.CAP_SYSLOG).option(Option.REQUIRE, "host-events").plan();

    assertThat(plan.problems()).isEmpty();
  }

  @Test
  void refusesAProgramThatTheHostDoesNotHave() {
    LaunchPlan plan = situation.program("/bin/agent", "does not exist on the host").plan();

    assertRefused(
        plan, ExitStatus.CONFIGURATION, "Program \"/bin/agent\" does not exist on the host.");
  }

  @Test
  void refusesToKeepACapabilityThatTheContainerLacks() {
    LaunchPlan plan =
        situation.program("/bin/agent", "").option(Option.CAPABILITIES, "BPF,SYSLOG").plan();

    assertRefused(
        plan,
        ExitStatus.NOT_PERMITTED,
        "--capabilities names CAP_BPF, which the container does not have.");
    assertThat(plan.problems().getFirst().remedy()).endsWith("add: [BPF]");
  }

  @Test
  void reportsEveryProblemAtOnceAndExitsWithTheFirstKind() {
    LaunchPlan plan =
        situation
            .option(Option.USER, "a:b:c")
            .variable(Option.STATUS_ADDRESS, "localhost")
            .without(Capability.CAP_SYS_ADMIN)
            .install(Situation.missing("/opt", DirectoryFacts.State.ABSENT, "/opt"))
            .noPasswd()
            .plan();

    assertThat(plan.problems())
        .extracting(Problem::status)
        .containsExactly(
            ExitStatus.USAGE,
            ExitStatus.CONFIGURATION,
            ExitStatus.CONFIGURATION,
            ExitStatus.NOT_PERMITTED,
            ExitStatus.CONFIGURATION);
    assertThat(Problem.statusOf(plan.problems())).isEqualTo(ExitStatus.USAGE);
    assertThat(Problem.statusOf(plan.problems().subList(1, 5))).isEqualTo(ExitStatus.CONFIGURATION);
  }
}
