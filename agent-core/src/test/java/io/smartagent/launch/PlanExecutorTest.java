package io.smartagent.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smartagent.config.ExitStatus;
import io.smartagent.config.Option;
import io.smartagent.host.AccountTool;
import io.smartagent.host.DirectoryFacts;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.FileCapabilities;
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
import org.junit.jupiter.params.provider.ValueSource;

final class PlanExecutorTest {

  private static final String KEPT = "DAC_READ_SEARCH NET_ADMIN SYSLOG SYS_PTRACE";

  private static final AccountTool SHADOW =
      new AccountTool(AccountTool.Kind.SHADOW, "/usr/sbin/groupadd", "/usr/sbin/useradd");

  @TempDir private Path container;

  private final Situation situation = new Situation().with(Capability.CAP_SETPCAP);

  private final List<String> printed = new ArrayList<>();

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
    new PlanExecutor(
            kernel,
            kernel.execution(),
            "/mnt/root",
            situation.container(),
            plan,
            program,
            printed::add)
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
            "mkdir(\"/mnt/root/tmp/.smartagent\", 0755)",
            "mount(\"/smartagent\", \"/mnt/root/tmp/.smartagent\", MS_BIND|MS_REC)",
            "mount(\"/mnt/root/tmp/.smartagent\", MS_RDONLY|MS_REMOUNT|MS_BIND)",
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
            "execve(\"/tmp/.smartagent/bin/smartagent\")");
  }

  @Test
  void executesTheProgramWithItsOwnArgumentsAndEnvironment() throws Exception {
    execute();

    RecordingKernel.Executed executed = kernel.executed().orElseThrow();
    assertThat(executed.arguments()).containsExactly("agent");
    assertThat(executed.environment()).containsOnlyKeys("A");
  }

  @Test
  void takesADirectoryThatAnotherStartHasMadeMeanwhile() throws Exception {
    Files.createDirectory(container.resolve("mnt/root/var/lib/bonree/runtime"));

    execute();

    assertThat(kernel.executed()).isPresent();
  }

  @Test
  void takesNoLinkForADirectory() throws Exception {
    situation.hostReadOnly(false);
    Files.createSymbolicLink(
        container.resolve("mnt/root/var/lib/bonree/runtime"), Path.of("../../../opt"));

    assertThat(failure().getMessage()).contains("mkdir(").contains("EEXIST");
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
  void saysThatTheWayToAMountIsClosed() {
    situation.blocked(Ability.MOUNT_SETATTR, Blocker.KERNEL);
    kernel.failOn("mount(\"/mnt/root/run\", MS_RDONLY", Errno.EACCES);
    kernel.failOn("open(\"/mnt/root/run\", O_PATH)", Errno.EACCES);

    LaunchFailure failure = failure();

    assertThat(failure.status()).isEqualTo(ExitStatus.NOT_PERMITTED);
    assertThat(failure.getMessage())
        .isEqualTo(
            "The mount at \"/mnt/root/run\" cannot be sealed: EACCES (Permission denied). Without"
                + " mount_setattr and open_tree each mount is sealed by its path, and a directory"
                + " above this one is closed to this container. Nothing was started. Add the"
                + " capability DAC_READ_SEARCH.");
  }

  @Test
  void blamesAnLsmWhereTheWayToAMountIsOpen() throws Exception {
    Files.createDirectories(container.resolve("mnt/root/run"));
    situation.blocked(Ability.MOUNT_SETATTR, Blocker.KERNEL);
    kernel.failOn("mount(\"/mnt/root/run\", MS_RDONLY", Errno.EACCES);

    assertThat(failure().getMessage())
        .startsWith("mount(\"/mnt/root/run\", MS_RDONLY")
        .contains("Linux Security Module");
  }

  @Test
  void saysThatAPathIsTooLong() {
    situation.blocked(Ability.MOUNT_SETATTR, Blocker.KERNEL);
    kernel.failOn("mount(\"/mnt/root/run\", MS_RDONLY", Errno.ENAMETOOLONG);

    LaunchFailure failure = failure();

    assertThat(failure.status()).isEqualTo(ExitStatus.UNAVAILABLE);
    assertThat(failure.getMessage()).contains("longer than the kernel accepts");
  }

  @Test
  void namesMountsThatAreNotSealedInOneLine() {
    kernel.mountTable(
        """
        100 1 0:50 / / rw - overlay overlay rw
        104 100 8:1 / /mnt/root rw - ext4 /dev/sda1 rw
        105 104 8:1 / /mnt/root/a\\012b rw - ext4 /dev/sda1 rw
        """);
    kernel.ignoreSeals();

    assertThat(failure().getMessage())
        .startsWith("The seal of the host does not hold: /mnt/root, /mnt/root/a\\nb, /mnt/root/")
        .contains(" can still be written.");
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

  private void restrict() {
    situation
        .without(Capability.CAP_SYS_ADMIN, Capability.CAP_SYS_PTRACE)
        .variable(Option.NO_REMOUNT_ROOT, "true")
        .program("/bin/agent", "");
    kernel = kernelFor(situation);
  }

  @Test
  void givesUpWritingWhereNothingMayBeMounted() throws Exception {
    Files.createDirectories(container.resolve("mnt/root/dev"));
    Files.createFile(container.resolve("mnt/root/dev/null"));
    restrict();

    execute();

    String directory =
        "WRITE_FILE|REMOVE_DIR|REMOVE_FILE|MAKE_DIR|MAKE_REG|MAKE_SOCK|MAKE_FIFO|MAKE_SYM|REFER"
            + "|TRUNCATE)";
    assertThat(kernel.calls())
        .containsSubsequence(
            "prctl(PR_SET_NO_NEW_PRIVS)",
            "landlock_create_ruleset(WRITE_FILE|REMOVE_DIR|REMOVE_FILE|MAKE_CHAR|MAKE_DIR|MAKE_REG"
                + "|MAKE_SOCK|MAKE_FIFO|MAKE_BLOCK|MAKE_SYM|REFER|TRUNCATE)",
            "landlock_add_rule(LANDLOCK_RULE_PATH_BENEATH, \"/opt\", " + directory,
            "landlock_add_rule(LANDLOCK_RULE_PATH_BENEATH, \"/var/lib/bonree\", " + directory,
            "landlock_add_rule(LANDLOCK_RULE_PATH_BENEATH, \"/dev/null\", WRITE_FILE|TRUNCATE)",
            "landlock_restrict_self()",
            "execve(\"/bin/agent\")")
        .anyMatch(call -> call.matches("mkdir\\(\"/etc/\\.smartagent.*: EACCES"));
  }

  @Test
  void asksNoRightOfAnOldKernelThatItDoesNotKnow() throws Exception {
    restrict();
    kernel.landlockAbi(1);

    execute();

    assertThat(kernel.calls())
        .filteredOn(call -> call.startsWith("landlock_"))
        .isNotEmpty()
        .noneMatch(call -> call.contains("REFER") || call.contains("TRUNCATE"));
  }

  @Test
  void startsNothingWhereLandlockDoesNotHold() {
    restrict();
    kernel.ignoreRestrictions();

    LaunchFailure failure = failure();

    assertThat(failure.status()).isEqualTo(ExitStatus.INTERNAL);
    assertThat(failure.getMessage())
        .startsWith(
            "Landlock does not keep the agent from writing to the host: a device could be made in"
                + " /var/lib/bonree; a directory could be made in /;");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"landlock_create_ruleset(", "landlock_add_rule(", "landlock_restrict_self("})
  void startsNothingWhereLandlockIsRefused(String call) {
    restrict();
    kernel.failOn(call, Errno.EPERM);

    assertThat(failure().getMessage())
        .contains(
            "This was step restrict-writes (/ except /opt, /var/lib/bonree and devices). Run"
                + " probe");
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

  private void anotherStartHasMadeTheUser() throws Exception {
    Files.createDirectories(container.resolve("mnt/root/etc"));
    Files.writeString(
        container.resolve("mnt/root/etc/passwd"),
        "smartagent:x:999:999::/nonexistent:/bin/false\n");
    Files.writeString(container.resolve("mnt/root/etc/group"), "smartagent:x:999:\n");
    situation.without(Option.USER).writableEtc(SHADOW);
  }

  @Test
  void sealsEtcWhenTheUserIsThere() throws Exception {
    anotherStartHasMadeTheUser();

    execute();

    assertThat(kernel.calls())
        .containsSubsequence(
            "open_tree(\"/mnt/root/etc\", OPEN_TREE_CLONE|AT_RECURSIVE)",
            "mount_setattr(\"/mnt/root\", AT_RECURSIVE, MOUNT_ATTR_RDONLY)",
            "move_mount(\"/mnt/root/etc\")",
            "pivot_root(\".\", \".\")",
            "chdir(\"/\")",
            "mount_setattr(\"/etc\", AT_RECURSIVE, MOUNT_ATTR_RDONLY)",
            "setresuid(999)");
  }

  @Test
  void sealsEtcMountByMountOnOldKernels() throws Exception {
    anotherStartHasMadeTheUser();
    situation.blocked(Ability.MOUNT_SETATTR, Blocker.KERNEL);

    execute();

    assertThat(kernel.calls())
        .containsSubsequence(
            "mount(\"/mnt/root/etc\", \"/mnt/root/etc\", MS_BIND|MS_REC)",
            "pivot_root(\".\", \".\")",
            "mount(\"/etc\", MS_RDONLY|MS_REMOUNT|MS_BIND)",
            "setresuid(999)");
  }

  @Test
  void startsNothingWhereEtcStaysWritable() throws Exception {
    anotherStartHasMadeTheUser();
    kernel.ignoreSeals();

    assertThat(failure().getMessage())
        .startsWith("The seal of the host does not hold: /, ")
        .contains("/etc");
  }

  private void kernelWithoutAmbient() throws Exception {
    Files.createDirectories(container.resolve("smartagent/bin"));
    Files.writeString(container.resolve("smartagent/bin/smartagent"), "loader");
    Files.createDirectories(container.resolve("mnt/root/tmp/.smartagent/bin"));
    Files.createDirectories(container.resolve("mnt/root/var/lib/bonree/runtime/bin"));
    situation.withoutAmbient().runtime(Situation.directory("/var/lib/bonree", 65534));
    kernel.withoutAmbientCapabilities();
  }

  @Test
  void coversTheLoaderWithACopyThatCarriesTheCapabilities() throws Exception {
    kernelWithoutAmbient();

    execute();

    String bin = "/mnt/root/tmp/.smartagent/bin";
    assertThat(kernel.calls())
        .containsSubsequence(
            "mount(\"/smartagent\", \"/mnt/root/tmp/.smartagent\", MS_BIND|MS_REC)",
            "mount(\"" + bin + "\", tmpfs, MS_NOSUID|MS_NODEV)",
            "rename(\"" + bin + "/smartagent\")",
            "setxattr(\"" + bin + "/smartagent\", security.capability)",
            "mount(\"" + bin + "\", MS_RDONLY|MS_NODEV|MS_REMOUNT|MS_BIND)",
            "pivot_root(\".\", \".\")")
        .doesNotContain("prctl(PR_SET_NO_NEW_PRIVS)");
    FileCapabilities given = kernel.capabilities().ofFile(bin + "/smartagent").orElseThrow();
    assertThat(given.permitted()).isEqualTo(CapabilitySet.NONE);
    assertThat(given.inheritable()).isEqualTo(situation.plan().capabilities().kept());
    assertThat(given.effective()).isTrue();
    Path file = container.resolve("mnt/root/var/lib/bonree/launch.json");
    assertThat(LaunchRecordJson.parse(Files.readAllBytes(file)).privileges().noNewPrivileges())
        .isFalse();
  }

  @Test
  void startsNothingWhereFileCapabilitiesWouldBeIgnored() throws Exception {
    kernelWithoutAmbient();
    kernel.ignoreSeals();
    situation.hostReadOnly(false);

    assertThat(failure().getMessage()).contains("nosuid, where the kernel ignores file");
  }

  @Test
  void leavesTheRecordThatTheAgentReads() throws Exception {
    execute();

    Path file = container.resolve("mnt/root/var/lib/bonree/launch.json");
    LaunchRecord record = LaunchRecordJson.parse(Files.readAllBytes(file));
    assertThat(record.user().name()).isEqualTo("nobody");
    assertThat(record.root().sealed()).isTrue();
    assertThat(record.privileges().kept()).isEqualTo(situation.plan().capabilities().kept());
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
