package io.smartagent.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smartagent.config.ExitStatus;
import io.smartagent.config.Option;
import io.smartagent.host.DirectoryFacts;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.kernel.process.UserIds;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.plan.Situation;
import io.smartagent.probe.Ability;
import io.smartagent.probe.Blocker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class PlanExecutorTest {

  private static final String KEPT = "DAC_READ_SEARCH NET_ADMIN SYSLOG SYS_PTRACE";

  @TempDir private Path container;

  private final Situation situation = new Situation().with(Capability.CAP_SETPCAP);

  private RecordingKernel kernel = new RecordingKernel();

  @BeforeEach
  void makeContainer() throws Exception {
    for (String directory : List.of("opt", "var/lib/bonree", "boot", "tmp", "proc")) {
      Files.createDirectories(container.resolve("mnt/root").resolve(directory));
    }
    Files.createFile(container.resolve("mnt/root/vmlinuz"));
    Files.createDirectories(container.resolve("smartagent"));
    Files.createFile(container.resolve("smartagent/empty"));
    kernel = kernelFor(situation);
  }

  private RecordingKernel kernelFor(Situation launch) {
    RecordingKernel fresh = new RecordingKernel();
    fresh.filesystem(container);
    fresh.capabilities(launch.container().capabilities());
    return fresh;
  }

  private void execute() throws LaunchFailure {
    LaunchPlan plan = situation.plan();
    assertThat(plan.problems()).isEmpty();
    Program program =
        new Program(
            List.of("agent".getBytes(StandardCharsets.UTF_8)),
            List.of("A=b".getBytes(StandardCharsets.UTF_8)));
    new PlanExecutor(kernel, kernel.execution(), "/mnt/root", situation.container(), plan, program)
        .execute();
  }

  private LaunchFailure failure() {
    LaunchFailure failure = catchThrowableOfType(LaunchFailure.class, this::execute);
    assertThat(failure).isNotNull();
    assertThat(kernel.executed()).isEmpty();
    return failure;
  }

  @Test
  void sealsAtOnceEntersByPivotAndBecomesTheUser() throws Exception {
    String all = situation.container().capabilities().permitted().toString();

    execute();

    assertThat(kernel.calls())
        .containsExactly(
            "mkdir(\"/mnt/root/var/lib/bonree/runtime\", 0755)",
            "fchown(\"/mnt/root/var/lib/bonree\", 65534:65534)",
            "unshare(CLONE_NEWNS|CLONE_FS)",
            "mount(\"/\", MS_REC|MS_PRIVATE)",
            "open_tree(\"/mnt/root/opt\", OPEN_TREE_CLONE|AT_RECURSIVE)",
            "open_tree(\"/mnt/root/var/lib/bonree\", OPEN_TREE_CLONE|AT_RECURSIVE)",
            "mount_setattr(\"/mnt/root\", AT_RECURSIVE, MOUNT_ATTR_RDONLY)",
            "move_mount(\"/mnt/root/opt\")",
            "move_mount(\"/mnt/root/var/lib/bonree\")",
            "mount(\"/mnt/root/boot\", tmpfs, MS_RDONLY|MS_NOSUID|MS_NODEV|MS_NOEXEC)",
            "mount(\"/smartagent/empty\", \"/mnt/root/vmlinuz\", MS_BIND)",
            "mount(\"/mnt/root/vmlinuz\", MS_RDONLY|MS_REMOUNT|MS_BIND)",
            "mount(\"/mnt/root/tmp\", tmpfs, MS_NOSUID|MS_NODEV)",
            "mount(\"/smartagent\", \"/mnt/root/var/lib/bonree/runtime\", MS_BIND|MS_REC)",
            "mount(\"/mnt/root/var/lib/bonree/runtime\", MS_RDONLY|MS_REMOUNT|MS_BIND)",
            "chdir(\"/mnt/root\")",
            "pivot_root(\".\", \".\")",
            "umount2(\".\", MNT_DETACH)",
            "chdir(\"/\")",
            "setrlimit(RLIMIT_CORE, 0, 0)",
            "close_range(3, ~0U, CLOSE_RANGE_CLOEXEC)",
            "rt_sigaction(ignored signals, SIG_DFL)",
            "rt_sigprocmask(SIG_SETMASK, none)",
            "umask(022)",
            "prctl(PR_CAPBSET_DROP, CAP_CHOWN)",
            "prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)",
            "prctl(PR_CAPBSET_DROP, CAP_FOWNER)",
            "prctl(PR_CAPBSET_DROP, CAP_FSETID)",
            "prctl(PR_CAPBSET_DROP, CAP_KILL)",
            "prctl(PR_CAPBSET_DROP, CAP_SETGID)",
            "prctl(PR_CAPBSET_DROP, CAP_SETUID)",
            "prctl(PR_CAPBSET_DROP, CAP_SETPCAP)",
            "prctl(PR_CAPBSET_DROP, CAP_NET_BROADCAST)",
            "prctl(PR_CAPBSET_DROP, CAP_NET_RAW)",
            "prctl(PR_CAPBSET_DROP, CAP_SYS_CHROOT)",
            "prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN)",
            "prctl(PR_CAPBSET_DROP, CAP_SYS_RESOURCE)",
            "prctl(PR_CAPBSET_DROP, CAP_SETFCAP)",
            "prctl(PR_SET_KEEPCAPS, true)",
            "setgroups([65534])",
            "setresgid(65534)",
            "setresuid(65534)",
            "prctl(PR_SET_KEEPCAPS, false)",
            "rename(\"/var/lib/bonree/launch.json\")",
            "capset(effective: %s; permitted: %s; inheritable: %s)".formatted(all, all, KEPT),
            "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_READ_SEARCH)",
            "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN)",
            "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_PTRACE)",
            "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYSLOG)",
            "prctl(PR_SET_SECUREBITS, SECBIT_NOROOT|SECBIT_NOROOT_LOCKED|SECBIT_NO_SETUID_FIXUP"
                + "|SECBIT_NO_SETUID_FIXUP_LOCKED|SECBIT_KEEP_CAPS_LOCKED"
                + "|SECBIT_NO_CAP_AMBIENT_RAISE|SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED)",
            "capset(effective: %s; permitted: %s; inheritable: %s)".formatted(KEPT, KEPT, KEPT),
            "prctl(PR_SET_NO_NEW_PRIVS)",
            "execve(\"/var/lib/bonree/runtime/bin/smartagent\")");
  }

  @Test
  void executesTheProgramWithItsOwnArgumentsAndEnvironment() throws Exception {
    execute();

    RecordingKernel.Executed executed = kernel.executed().orElseThrow();
    assertThat(executed.arguments()).containsExactly("agent");
    assertThat(executed.environment()).containsOnlyKeys("A");
  }

  @Test
  void sealsMountByMountOnOldKernels() throws Exception {
    situation.blocked(Ability.MOUNT_SETATTR, Blocker.KERNEL);

    execute();

    assertThat(kernel.calls())
        .containsSubsequence(
            "mount(\"/\", MS_REC|MS_PRIVATE)",
            "mount(\"/mnt/root/opt\", \"/mnt/root/opt\", MS_BIND|MS_REC)",
            "mount(\"/mnt/root/var/lib/bonree\", \"/mnt/root/var/lib/bonree\", MS_BIND|MS_REC)",
            "mount(\"/mnt/root\", MS_RDONLY|MS_REMOUNT|MS_BIND)",
            "mount(\"/mnt/root/boot\", MS_RDONLY|MS_NOSUID|MS_REMOUNT|MS_BIND)",
            "mount(\"/mnt/root/proc\", MS_RDONLY|MS_NOSUID|MS_NODEV|MS_NOEXEC|MS_REMOUNT|MS_BIND)",
            "mount(\"/mnt/root/var\", MS_RDONLY|MS_REMOUNT|MS_NOATIME|MS_BIND)",
            "pivot_root(\".\", \".\")")
        .noneMatch(call -> call.startsWith("mount_setattr(") || call.startsWith("open_tree("))
        .noneMatch(call -> call.startsWith("mount(\"/mnt/root/opt\", MS_RDONLY"));
  }

  @Test
  void givesUpOnAMountThatNeverSettles() {
    situation.blocked(Ability.MOUNT_SETATTR, Blocker.KERNEL);
    kernel.failOn("mount(\"/mnt/root/run\", MS_RDONLY", Errno.EINVAL);

    assertThat(failure().getMessage())
        .startsWith("The seal of the host does not hold: /mnt/root/run can still be written.");
    assertThat(kernel.calls())
        .filteredOn(call -> call.startsWith("mount(\"/mnt/root/run\", MS_RDONLY"))
        .hasSize(8);
  }

  @Test
  void leavesAnAutomountAloneSoAsNotToTriggerIt() throws Exception {
    situation.blocked(Ability.MOUNT_SETATTR, Blocker.KERNEL);
    kernel.mountTable(
        """
        100 1 0:50 / / rw - overlay overlay rw
        104 100 8:1 / /mnt/root rw - ext4 /dev/sda1 rw
        105 104 0:40 / /mnt/root/misc rw - autofs systemd-1 rw
        """);

    execute();

    assertThat(kernel.calls()).noneMatch(call -> call.contains("/mnt/root/misc"));
  }

  @Test
  void entersByMovingTheRootWherePivotIsBlocked() throws Exception {
    situation.blocked(Ability.PIVOT_ROOT, Blocker.SECCOMP);

    execute();

    assertThat(kernel.calls())
        .containsSubsequence(
            "chdir(\"/mnt/root\")",
            "mount(\".\", \"/\", MS_MOVE)",
            "chroot(\".\")",
            "chdir(\"/\")",
            "rename(\"/var/lib/bonree/launch.json\")");
  }

  @Test
  void onlyChangesTheRootWhereNothingMayBeMounted() throws Exception {
    situation
        .without(Capability.CAP_SYS_ADMIN)
        .variable(Option.NO_REMOUNT_ROOT, "true")
        .program("/bin/agent", "");
    kernel = kernelFor(situation);

    execute();

    assertThat(kernel.calls())
        .startsWith(
            "fchown(\"/mnt/root/var/lib/bonree\", 65534:65534)",
            "chdir(\"/mnt/root\")",
            "chroot(\".\")",
            "chdir(\"/\")")
        .endsWith("execve(\"/bin/agent\")")
        .noneMatch(call -> call.startsWith("mount"));
  }

  @Test
  void staysRootWithOnlyTheKeptCapabilities() throws Exception {
    situation.option(Option.NON_ROOT_MODE, "false");

    execute();

    assertThat(kernel.calls()).contains("setgroups([0])", "setresgid(0)", "setresuid(0)");
    ThreadCapabilities sets = kernel.capabilities().read();
    assertThat(sets.permitted()).isEqualTo(situation.plan().capabilities().kept());
    assertThat(sets.ambient()).isEqualTo(sets.permitted());
    assertThat(sets.bounding()).isEqualTo(sets.permitted());
  }

  @Test
  void becomesAUserWhoseNumberIsAboveTwoBillion() throws Exception {
    situation.option(Option.USER, "4294967294:4294967293");

    execute();

    assertThat(kernel.calls())
        .contains(
            "fchown(\"/mnt/root/var/lib/bonree\", 4294967294:4294967293)",
            "setresgid(4294967293)",
            "setresuid(4294967294)");
  }

  @Test
  void makesADataDirectoryOnAWritableHost() throws Exception {
    String path = "/var/lib/bonree";
    Files.delete(container.resolve("mnt/root" + path));
    situation
        .hostReadOnly(false)
        .runtime(Situation.missing(path, DirectoryFacts.State.ABSENT, path));

    execute();

    assertThat(container.resolve("mnt/root/var/lib/bonree/runtime")).isDirectory();
    assertThat(kernel.calls())
        .startsWith("mkdir(\"/mnt/root/var/lib/bonree\", 0755)")
        .noneMatch(call -> call.startsWith("mount_setattr("));
  }

  @Test
  void leavesTheRecordThatTheAgentReads() throws Exception {
    execute();

    Path file = container.resolve("mnt/root/var/lib/bonree/launch.json");
    LaunchRecord record = LaunchRecordJson.parse(Files.readAllBytes(file));
    assertThat(record.userName()).isEqualTo("nobody");
    assertThat(record.sealed()).isTrue();
    assertThat(record.kept()).isEqualTo(situation.plan().capabilities().kept());
  }

  static Stream<Arguments> ways() {
    return Stream.of(
        way("at once", s -> {}),
        way("mount by mount", s -> s.blocked(Ability.OPEN_TREE, Blocker.KERNEL)),
        way("moved", s -> s.blocked(Ability.PIVOT_ROOT, Blocker.SECCOMP)),
        way("without a procfs", s -> s.noMountPoint().noProc(true)),
        way("root", s -> s.option(Option.NON_ROOT_MODE, "false")),
        way(
            "unmounted",
            s -> s.variable(Option.NO_REMOUNT_ROOT, "true").program("/bin/agent", "")));
  }

  private static Arguments way(String name, Consumer<Situation> change) {
    return Arguments.argumentSet(name, change);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void stopsAtTheFirstCallThatFailsAndSaysWhichAndWhatToDo(Consumer<Situation> way)
      throws Exception {
    way.accept(situation);
    execute();
    List<String> calls = new ArrayList<>(kernel.calls());
    calls.removeIf(call -> call.startsWith("umask("));

    for (String call : calls) {
      Files.deleteIfExists(container.resolve("mnt/root/var/lib/bonree/runtime"));
      kernel = kernelFor(situation);
      kernel.failOn(call, Errno.EPERM);

      LaunchFailure failure = failure();

      assertThat(kernel.calls().getLast()).isEqualTo(call + ": EPERM");
      assertThat(failure.status())
          .as(call)
          .isEqualTo(
              call.startsWith("execve(") ? ExitStatus.UNAVAILABLE : ExitStatus.NOT_PERMITTED);
      assertThat(failure.getMessage())
          .startsWith(
              call
                  + ": EPERM (Operation not permitted). A seccomp filter or a missing capability"
                  + " forbids it (seccomp is filter). This was step ")
          .matches("(?s).+\\)\\. [A-Z][^\\n]+\\.");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MOUNT_SETATTR", "SETNS"})
  void startsNothingWhereTheSealDoesNotHold(Ability blocked) {
    situation.blocked(blocked, Blocker.KERNEL);
    kernel.ignoreSeals();

    LaunchFailure failure = failure();

    assertThat(failure.status()).isEqualTo(ExitStatus.INTERNAL);
    assertThat(failure.getMessage())
        .startsWith("The seal of the host does not hold: /mnt/root, /mnt/root/")
        .contains("Nothing was started.")
        .endsWith("until then set SMARTAGENT_NO_REMOUNT_ROOT=true.");
    assertThat(kernel.calls()).noneMatch(call -> call.startsWith("pivot_root("));
  }

  @Test
  void startsNothingWhereACapabilitySetIsNotAsPlanned() {
    ThreadCapabilities planned = situation.container().capabilities();
    CapabilitySet more = planned.bounding().with(Capability.CAP_BPF);
    kernel.capabilities(
        new ThreadCapabilities(
            planned.effective(),
            planned.permitted(),
            planned.inheritable(),
            more,
            planned.ambient()));

    LaunchFailure failure = failure();

    assertThat(failure.status()).isEqualTo(ExitStatus.INTERNAL);
    assertThat(failure.getMessage())
        .isEqualTo(
            "The drop of privileges does not hold: bounding set is BPF "
                + KEPT
                + " and should be "
                + KEPT
                + ". Nothing was started. Report it with the output of probe.");
  }

  @Test
  void startsNothingWhereTheUserIsNotAsPlanned() {
    situation
        .option(Option.NON_ROOT_MODE, "false")
        .without(Capability.CAP_SETUID, Capability.CAP_SETGID);
    kernel = kernelFor(situation);
    kernel.credentials(new UserIds(0, 0, 7), new UserIds(0, 0, 0), List.of());

    assertThat(failure().getMessage())
        .startsWith(
            "The drop of privileges does not hold: real, effective and saved user is 0 0 7 and"
                + " should be 0 0 0.");
  }

  @ParameterizedTest
  @CsvSource({
    "EPERM, NOT_PERMITTED",
    "EACCES, NOT_PERMITTED",
    "EROFS, NOT_PERMITTED",
    "ENOSPC, UNAVAILABLE",
    "EDQUOT, UNAVAILABLE",
    "ENOMEM, UNAVAILABLE",
    "EINVAL, INTERNAL",
    "EIO, INTERNAL"
  })
  void endsWithTheStatusOfTheCause(Errno errno, ExitStatus status) {
    kernel.failOn("mount(\"/\"", errno);

    assertThat(failure().status()).isEqualTo(status);
  }

  @Test
  void blamesAnLsmOrAModeForEacces() {
    kernel.failOn("mount(\"/\"", Errno.EACCES);

    assertThat(failure().getMessage())
        .isEqualTo(
            "mount(\"/\", MS_REC|MS_PRIVATE): EACCES (Permission denied). A Linux Security Module,"
                + " a seccomp filter or a file's mode forbids it. This was step make-private (/)."
                + " Set appArmorProfile and seccompProfile to Unconfined, or"
                + " SMARTAGENT_NO_REMOUNT_ROOT=true to keep the mounts of the YAML.");
  }
}
