package io.smartagent.modules.hostevents;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.module.Event;
import io.smartagent.modules.TestModuleContext;
import io.smartagent.modules.hostevents.KernelReport.Blocker;
import io.smartagent.modules.hostevents.KernelReport.FilesystemFault;
import io.smartagent.modules.hostevents.KernelReport.HungTask;
import io.smartagent.modules.hostevents.KernelReport.OomKill;
import io.smartagent.modules.hostevents.KernelReport.Problem;
import io.smartagent.modules.kernellog.KernelLogLine;
import io.smartagent.modules.kernellog.SyslogText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class KernelLogInterpreterTest {

  private static final String A =
      "3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";
  private static final String B =
      "b5c6d7e8f90a1b2c3d4e5f60718293a4b53f1c9a7b5d2e4f60718293a4b5c6d7";
  private static final String POD = "0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11";
  private static final String BURSTABLE_POD =
      "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod"
          + POD.replace('-', '_')
          + ".slice";

  @Test
  void readsAKillOfRedHat7() throws Exception {
    String cgroup = "/kubepods/burstable/pod" + POD + "/" + A;

    assertThat(reports("linux-3.10-rhel7.log"))
        .containsExactly(
            new OomKill(
                8_312_104_361L,
                4015,
                "python",
                1000L,
                OomScope.CONTAINER,
                cgroup,
                cgroup,
                33_554_432L,
                32812 * 1024L,
                23588 * 1024L));
  }

  @Test
  void reportsTheChildThatWasSacrificedInsteadOfTheChosenProcess() throws Exception {
    assertThat(reports("linux-4.15-sacrificed-child.log"))
        .containsExactly(
            new OomKill(
                901_000_005L,
                25170,
                "y (child), z",
                null,
                OomScope.CONTAINER,
                "/docker/" + A,
                "/docker/" + A,
                67_108_864L,
                70000 * 1024L,
                60000 * 1024L));
  }

  @Test
  void readsAGlobalKillBeforeLinux5() throws Exception {
    assertThat(reports("linux-4.19-global.log"))
        .containsExactly(
            new OomKill(
                500_100_110L,
                1312,
                "mysqld",
                null,
                OomScope.GLOBAL,
                null,
                null,
                null,
                4_012_344 * 1024L,
                3_301_200 * 1024L));
  }

  @Test
  void readsTheConstraintLineOfLinux5AndAStaticPodsUid() throws Exception {
    Event event = onlyEvent("linux-5.0.log");

    assertThat(event.type().name()).isEqualTo("PodOOMKilling");
    assertThat(event.summary())
        .isEqualTo(
            "The process hog (7024) was killed for want of memory, at a limit of 50 MiB: the"
                + " container's limit was reached.");
    assertThat(event.attributes())
        .containsEntry("scope", "container")
        .containsEntry("pid", 7024)
        .containsEntry("process", "hog")
        .containsEntry("uid", 65534L)
        .containsEntry("containerId", A)
        .containsEntry("podUid", "d41d8cd98f00b204e9800998ecf8427e")
        .containsEntry("limitBytes", 52_428_800L);
  }

  @Test
  void reportsEveryVictimOfAGroupKillOnce() throws Exception {
    String container = BURSTABLE_POD + "/cri-containerd-" + A + ".scope";

    assertThat(reports("linux-5.10-pod-limit-group.log"))
        .containsExactly(
            new OomKill(
                6_000_000_004L,
                301,
                "worker",
                33L,
                OomScope.POD,
                BURSTABLE_POD,
                container,
                536_870_912L,
                400_000 * 1024L,
                300_000 * 1024L),
            new OomKill(
                6_000_000_007L,
                300,
                "master",
                0L,
                OomScope.POD,
                BURSTABLE_POD,
                container,
                536_870_912L,
                9000 * 1024L,
                2000 * 1024L));
  }

  @Test
  void attachesTheVictimsPodToAGlobalKill() throws Exception {
    Event event = onlyEvent("linux-5.15-global.log");

    assertThat(event.type().name()).isEqualTo("OOMKilling");
    assertThat(event.attributes())
        .containsEntry("scope", "global")
        .containsEntry("process", "java")
        .containsEntry("containerId", B)
        .containsEntry("podUid", POD)
        .containsEntry("limitBytes", null);
  }

  @Test
  void tellsAnExhaustedNodeAllocatableFromAPodsLimit() throws Exception {
    Event event = onlyEvent("linux-6.1-allocatable.log");

    assertThat(event.type().name()).isEqualTo("OOMKilling");
    assertThat(event.attributes())
        .containsEntry("scope", "allocatable")
        .containsEntry("containerId", B)
        .containsEntry("podUid", POD)
        .containsEntry("limitBytes", 8_589_934_592L);
  }

  @Test
  void reportsAPlainContainersKillWithoutAPod() throws Exception {
    Event event = onlyEvent("linux-6.18-docker.log");

    assertThat(event.type().name()).isEqualTo("PodOOMKilling");
    assertThat(event.attributes())
        .containsEntry("scope", "container")
        .containsEntry("pid", 17814)
        .containsEntry("process", "tail")
        .containsEntry("uid", 0L)
        .containsEntry("containerId", A)
        .containsEntry("podUid", null)
        .containsEntry("memoryCgroup", "/docker/" + A)
        .containsEntry("limitBytes", 33_554_432L)
        .containsEntry("anonRssBytes", 32256 * 1024L)
        .containsEntry("totalVmBytes", 34472 * 1024L);
  }

  @Test
  void isNotMisledByProcessNames() throws Exception {
    List<KernelReport> reports = reports("hostile-names.log");

    assertThat(reports).hasSize(3);
    assertThat(reports.get(0))
        .isInstanceOfSatisfying(
            OomKill.class,
            kill -> {
              assertThat(kill.process()).isEqualTo("a,task=b,uid=0");
              assertThat(kill.uid()).isEqualTo(5);
              assertThat(kill.memoryCgroup()).isEqualTo("/docker/" + A);
            });
    assertThat(reports.get(1))
        .isInstanceOfSatisfying(
            OomKill.class,
            kill -> {
              assertThat(kill.process()).isEqualTo("x) total-vm:1k");
              assertThat(kill.totalVmBytes()).isEqualTo(200 * 1024);
            });
    assertThat(reports.get(2))
        .isInstanceOfSatisfying(
            HungTask.class,
            task -> {
              assertThat(task.process()).isEqualTo("a:1 blocked fo");
              assertThat(task.pid()).isEqualTo(33);
            });
  }

  @Test
  void believesNothingThatTheKernelDidNotWrite() throws Exception {
    assertThat(reports("forged.log")).isEmpty();
  }

  @Test
  void doesNotGiveAKillTheCgroupOfAnother() throws Exception {
    List<KernelReport> reports = reports("rate-limited.log");

    assertThat(reports).hasSize(2);
    assertThat(reports.get(1))
        .isInstanceOfSatisfying(
            OomKill.class,
            kill -> {
              assertThat(kill.pid()).isEqualTo(1002);
              assertThat(kill.scope()).isEqualTo(OomScope.UNKNOWN);
              assertThat(kill.memoryCgroup()).isNull();
            });
  }

  @Test
  void readsHungTasksWithWhatBlocksThem() throws Exception {
    assertThat(reports("hung-tasks.log"))
        .containsExactly(
            new HungTask(368_100_000L, 11071, "touch", 120, false, null, List.of()),
            new HungTask(488_900_000L, 11071, "touch", 241, false, null, List.of()),
            new HungTask(600_000_000L, 500, "dd", 122, true, null, List.of()),
            new HungTask(
                700_000_000L,
                812,
                "cat",
                122,
                false,
                new Blocker(811, "holder x", "mutex"),
                List.of()),
            new HungTask(
                710_000_000L,
                813,
                "rm",
                122,
                false,
                new Blocker(811, "fsfreeze", "rw-semaphore"),
                List.of()));
  }

  @Test
  void joinsLinesThatComeOneByOne() throws Exception {
    KernelLogInterpreter interpreter = new KernelLogInterpreter();
    List<KernelReport> reports = new ArrayList<>();
    for (KernelLogLine line : lines("linux-6.18-docker.log")) {
      reports.addAll(interpreter.interpret(List.of(line)));
      reports.addAll(interpreter.caughtUp());
    }

    assertThat(reports).isEqualTo(reports("linux-6.18-docker.log")).hasSize(1);
  }

  @Test
  void givesAHungTaskItsStack() throws Exception {
    assertThat(reports("linux-6.18-hung-task.log"))
        .containsExactly(
            new HungTask(
                11_932_353_848L,
                12040,
                "touch",
                3,
                false,
                null,
                List.of(
                    "__schedule+0x3cc/0xf50",
                    "schedule+0x23/0xa0",
                    "percpu_rwsem_wait+0x15f/0x1d0",
                    "__percpu_down_read+0x88/0x150",
                    "mnt_want_write+0x96/0xc0",
                    "path_openat+0x4cf/0x12d0",
                    "do_filp_open+0xc3/0x180",
                    "do_sys_openat2+0x6e/0xd0",
                    "__x64_sys_openat+0x5d/0xa0",
                    "do_syscall_64+0x71/0x280",
                    "entry_SYSCALL_64_after_hwframe+0x76/0x7e")));
  }

  @Test
  void readsStacksOfOlderKernels() throws Exception {
    assertThat(reports("linux-3.10-hung-task.log"))
        .singleElement()
        .isInstanceOfSatisfying(
            HungTask.class,
            task -> {
              assertThat(task.process()).isEqualTo("jbd2/sda1-8");
              assertThat(task.kernelStack())
                  .containsExactly(
                      "schedule+0x29/0x70",
                      "schedule_timeout+0x209/0x2d0",
                      "jbd2_journal_commit_transaction+0x243/0x19a0 [jbd2]",
                      "ret_from_fork+0x58/0x90");
            });
    assertThat(reports("linux-5.4-hung-task.log"))
        .singleElement()
        .isInstanceOfSatisfying(
            HungTask.class,
            task ->
                assertThat(task.kernelStack())
                    .containsExactly(
                        "__schedule+0x2e3/0x740",
                        "schedule+0x42/0xb0",
                        "nfs_wait_bit_killable+0x24/0xa0 [nfs]",
                        "do_syscall_64+0x57/0x190",
                        "entry_SYSCALL_64_after_hwframe+0x44/0xa9"));
  }

  @Test
  void doesNotTakeTheBlockersStackForTheTasks() throws Exception {
    assertThat(reports("linux-6.16-hung-task-blocker.log"))
        .containsExactly(
            new HungTask(
                700_000_000L,
                812,
                "cat",
                122,
                false,
                new Blocker(811, "holder x", "mutex"),
                List.of("__schedule+0x5a1/0x1610", "__mutex_lock+0x36e/0xc30")));
  }

  @Test
  void waitsForAStackThatIsStillBeingWritten() throws Exception {
    KernelLogInterpreter interpreter = new KernelLogInterpreter();
    List<KernelReport> reports = new ArrayList<>();
    for (KernelLogLine line : lines("linux-6.18-hung-task.log")) {
      assertThat(reports).isEmpty();
      reports.addAll(interpreter.interpret(List.of(line)));
      reports.addAll(interpreter.caughtUp());
    }
    reports.addAll(interpreter.caughtUp());

    assertThat(reports).isEqualTo(reports("linux-6.18-hung-task.log"));
  }

  @Test
  void readsFaultsOfFilesystemsOfThisKernel() throws Exception {
    assertThat(reports("linux-6.18-filesystems.log").stream().map(KernelLogInterpreterTest::told))
        .startsWith(
            "Ext4Error ext4 loop0 bash",
            "Ext4Error ext4 loop0 bash",
            "ReadonlyFilesystem ext4 loop0 null",
            "XfsShutdown xfs loop0 null",
            "IOError btrfs loop0 null")
        .endsWith("IOError btrfs loop0 null", "ReadonlyFilesystem btrfs loop0 null")
        .hasSize(15);
  }

  @Test
  void readsFaultsOfFilesystemsAndDevicesOfOtherKernels() throws Exception {
    assertThat(reports("filesystems.log").stream().map(KernelLogInterpreterTest::told))
        .containsExactly(
            "Ext4Error ext4 sda1 a: comm b: x",
            "Ext4Error ext4 dm-3 null",
            "ReadonlyFilesystem ext4 dm-3 null",
            "ReadonlyFilesystem ext3 sdb2 null",
            "Ext4Warning ext4 nvme0n1p1 null",
            "XfsShutdown xfs dm-0 null",
            "XfsShutdown xfs sdc null",
            "IOError xfs sdc null",
            "ReadonlyFilesystem btrfs sdb null",
            "ReadonlyFilesystem vfat sdd1 null",
            "ReadonlyFilesystem ext4 vdb null",
            "IOError null sda null",
            "IOError null sdb null",
            "IOError null loop0 null",
            "IOError null sdb1 null",
            "IOError null sdb1 null",
            "IOError null nvme0 null",
            "IOError null nvme1 null");
  }

  @Test
  void makesOneReportOfTheSentencesOfAnOops() throws Exception {
    assertThat(reports("oopses.log").stream().map(KernelLogInterpreterTest::told))
        .containsExactly(
            "KernelOops sysrq_handle_crash 2303 bash [__handle_sysrq+0xa7/0x170,"
                + " vfs_write+0xbd/0x1e0]",
            "KernelOops div_it 77 a b, c [do_one_initcall+0x46/0x1c3]",
            "KernelOops xfs_trans_brelse 812 cat [xfs_attr_leaf_get+0x66/0xb0 [xfs]]",
            "KernelOops worker_thread 9 kworker/2:1 [worker_thread+0x1f0/0x4a0,"
                + " kthread+0x150/0x160]",
            "KernelOops ext4_writepages 55 kworker/u8:1 []",
            "KernelOops null null null []",
            "SoftLockup CPU#1 4711 stress x [on_each_cpu_cond_mask+0x24/0x40]",
            "HardLockup CPU#3 null null []");
  }

  @Test
  void readsOtherProblems() throws Exception {
    assertThat(reports("problems.log").stream().map(KernelLogInterpreterTest::told))
        .containsExactly(
            "UnregisterNetDevice veth0a1b null null []",
            "ConntrackFull null null null []",
            "ConntrackFull null null null []",
            "MemoryReadError MC0 null null []",
            "CperHardwareErrorFatal null null null []",
            "CperHardwareErrorRecoverable null null null []",
            "CperHardwareErrorCorrected null null null []",
            "RcuStall rcu_sched null null []",
            "RcuStall rcu_preempt null null []");
  }

  /** Anybody may name a mount option: the first three lines are what Linux 6.18 made of one. */
  @Test
  void believesNoLineThatAUserHasSmuggledIntoARecord() throws Exception {
    assertThat(reports("forged-mount-option.log")).isEmpty();
  }

  /** A file may have a line break in its name, and so may a process. */
  @Test
  void believesNoLineThatSaysWhatAProcessHasMet() {
    assertThat(
            reportsOf(
                "<6>[    1.000000] Tasks state x[77]: segfault at 0 ip 0 sp 0 error 4 in a",
                "<6>[    1.000000] EXT4-fs (sda1): Remounting filesystem read-only",
                "<6>[    1.000000] [400000+1000]",
                "<6>[    2.000000] XFS (sda1): ab[77]: segfault at 0 ip 0 sp 0 error 4 in x"
                    + " shutting down filesystem",
                "<6>[    2.000000] [400000+1000]",
                "<6>[    3.000000] traps: XFS (sda1): ab[77] trap int3 ip:0 sp:0 error:0 in x"
                    + " shutting down filesystem",
                "<6>[    4.000000] a 1",
                "<6>[    4.000000] XFS (sda1): ab[77]: bad frame in sigreturn frame:0 in x shutting"
                    + " down filesystem"))
        .isEmpty();
  }

  @Test
  void tellsOfAHungTaskThatIsNamedLikeAnother() {
    assertThat(
            reportsOf("<3>[    1.000000] INFO: task a[1]: b:12 blocked for more than 120 seconds."))
        .containsExactly(new HungTask(1_000_000L, 12, "a[1]: b", 120, false, null, List.of()));
  }

  @Test
  void doesNotHoldBackWhatTheLogHasGoneOnAfter() {
    KernelLogInterpreter interpreter = new KernelLogInterpreter();

    assertThat(
            interpreter.interpret(
                SyslogText.parse(
                    """
                    <3>[   10.000000] INFO: task cat:812 blocked for more than 120 seconds.
                    <0>[   10.500000] watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [dd:4711]
                    <6>[   12.100000] eth0: link becomes ready
                    <6>[   12.600000] eth0: link is down
                    """)))
        .extracting(KernelReport::microseconds)
        .containsExactly(10_000_000L, 10_500_000L);
  }

  @Test
  void believesNoRestOfARecordThatIsNoPartOfAnOops() {
    String oops =
        "<1>[    1.000000] BUG: kernel NULL pointer dereference, address: 0000000000000018";
    String forged = "<3>[    1.000002] EXT4-fs (sda1): Remounting filesystem read-only";

    assertThat(reportsOf(oops, "<3>[    1.000002] loop0: Unknown parameter 'a", forged))
        .singleElement()
        .isInstanceOf(Problem.class);
    assertThat(
            reportsOf(
                oops,
                "<4>[    1.000001] Call Trace:",
                "<3>[    1.000002] loop0: Unknown parameter 'a? ",
                forged))
        .singleElement()
        .isInstanceOf(Problem.class);
  }

  @Test
  void readsAnOopsThatWasWrittenWithinAMicrosecond() {
    assertThat(
            reportsOf(
                    "<1>[    1.000000] BUG: kernel NULL pointer dereference, address:"
                        + " 0000000000000018",
                    "<4>[    1.000001] Modules linked in: xfs libcrc32c",
                    "<4>[    1.000001] CPU: 3 UID: 1000 PID: 812 Comm: cat Not tainted 6.12.0 #1",
                    "<4>[    1.000001] Hardware name: QEMU Standard PC, BIOS 1.16 04/01/2014",
                    "<4>[    1.000001] RIP: 0010:xfs_trans_brelse+0x1a/0x90 [xfs]",
                    "<4>[    1.000001] RSP: 0018:ffffa0 EFLAGS: 00010246",
                    "<4>[    1.000001] R10: 0000000000000001 R11: 0000000000000000",
                    "<4>[    1.000001] CS:  0010 DS: 0000 ES: 0000 CR0: 0000000080050033",
                    "<4>[    1.000001] Call Trace:",
                    "<4>[    1.000001]  <IRQ>  [<ffffffff813b9567>] ? __die+0x23/0x70",
                    "<4>[    1.000001]  xfs_attr_leaf_get+0x66/0xb0 [xfs]")
                .stream()
                .map(KernelLogInterpreterTest::told))
        .containsExactly("KernelOops xfs_trans_brelse 812 cat [xfs_attr_leaf_get+0x66/0xb0 [xfs]]");
  }

  private static String told(KernelReport report) {
    return switch (report) {
      case OomKill kill -> kill.toString();
      case HungTask task -> task.toString();
      case FilesystemFault fault ->
          "%s %s %s %s"
              .formatted(fault.type(), fault.filesystem(), fault.device(), fault.process());
      case Problem problem ->
          "%s %s %s %s %s"
              .formatted(
                  problem.type(),
                  problem.subject(),
                  problem.pid(),
                  problem.process(),
                  problem.kernelStack());
    };
  }

  private static Event onlyEvent(String file) throws IOException {
    List<KernelReport> reports = reports(file);
    assertThat(reports).hasSize(1);
    LinuxKernel kernel = new LinuxKernel();
    HostEventFactory factory =
        new HostEventFactory(
            new TestModuleContext("syslog", kernel, "/nowhere"),
            new MountedFilesystems(kernel.filesystem(), "/nowhere"));
    Origin origin = new Origin("syslog", false);
    return switch (reports.getFirst()) {
      case OomKill kill -> factory.of(kill, Instant.EPOCH, origin);
      case HungTask task -> factory.of(task, Instant.EPOCH, origin, false);
      case FilesystemFault fault -> factory.of(fault, Instant.EPOCH, origin);
      case Problem problem -> factory.of(problem, Instant.EPOCH, origin);
    };
  }

  private static List<KernelReport> reports(String file) throws IOException {
    KernelLogInterpreter interpreter = new KernelLogInterpreter();
    List<KernelReport> reports = new ArrayList<>(interpreter.interpret(lines(file)));
    reports.addAll(interpreter.finish());
    return reports;
  }

  private static List<KernelReport> reportsOf(String... lines) {
    KernelLogInterpreter interpreter = new KernelLogInterpreter();
    List<KernelReport> reports =
        new ArrayList<>(interpreter.interpret(SyslogText.parse(String.join("\n", lines))));
    reports.addAll(interpreter.finish());
    return reports;
  }

  private static List<KernelLogLine> lines(String file) throws IOException {
    try (InputStream text =
        KernelLogInterpreterTest.class.getResourceAsStream("/modules/kernel-log/" + file)) {
      return SyslogText.parse(
          new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
