package io.smartagent.modules.hostevents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.kernel.log.KernelLogRecords;
import io.smartagent.module.Event;
import io.smartagent.modules.TestModuleContext;
import io.smartagent.modules.TestModuleContext.Happening;
import io.smartagent.modules.kernellog.KernelLogSource;
import io.smartagent.modules.kernellog.KernelLogSource.Batch;
import io.smartagent.modules.kernellog.KmsgRecord;
import io.smartagent.modules.kernellog.SyslogText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostEventsTest {

  private static final String ID =
      "3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";
  private static final String POD = "0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11";
  private static final String KILLED =
      "<3>[  %d.000001] Memory cgroup out of memory: Killed process %d (hog) total-vm:100kB,"
          + " anon-rss:10kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1kB oom_score_adj:0";

  @TempDir private Path root;

  @BeforeEach
  void makeAHost() throws IOException {
    write("proc/uptime", "1000.00 1500.00\n");
    write("proc/vmstat", "nr_free_pages 1\noom_kill 7\n");
    write("proc/sys/kernel/hung_task_detect_count", "2\n");
  }

  @Test
  void tellsWhatWasBeforeItsStartAsHistory() throws Exception {
    TestModuleContext context = context(HostEventsDefinition.SYSLOG).then(() -> {});
    Instant before = Instant.now();

    context.run(
        new HostEvents(
            given -> source(batch(KILLED.formatted(400, 11)), batch(KILLED.formatted(999, 12)))));

    assertThat(context.events()).hasSize(2);
    Event history = context.events().get(0);
    Event live = context.events().get(1);
    assertThat(history.attributes()).containsEntry("historical", true).containsEntry("pid", 11);
    assertThat(history.time()).isBetween(before.minusSeconds(601), before.minusSeconds(590));
    assertThat(live.attributes()).containsEntry("historical", false).containsEntry("pid", 12);
    assertThat(live.time()).isBetween(before, Instant.now());
    assertThat(context.value("smartagent_host_events_total", live.type().name())).isEqualTo(1);
    assertThat(context.lastObserved()).isEqualTo("last event OOMKilling at " + live.time());
  }

  @Test
  void countsRecordsThatWereOverwritten() throws Exception {
    TestModuleContext context = context(HostEventsDefinition.KMSG).then(() -> {});

    context.run(new HostEvents(given -> source(batch(), new Batch(List.of(), 5, true))));

    assertThat(context.value("smartagent_kernel_log_records_lost_total")).isEqualTo(5);
    assertThat(context.lastObserved()).isEqualTo("no event yet");
  }

  @Test
  void attributesAHungTaskThatIsStillThere() throws Exception {
    write("proc/812/comm", "cat\n");
    write("proc/812/cgroup", "0::/system.slice/docker-" + ID + ".scope\n");
    write("proc/813/comm", "another\n");
    write("proc/813/cgroup", "0::/system.slice/docker-" + ID + ".scope\n");
    TestModuleContext context = context(HostEventsDefinition.KMSG).then(() -> {}).then(() -> {});

    context.run(
        new HostEvents(given ->
            source(
                batch(),
                batch(
                    "<3>[  999.000000] INFO: task cat:812 blocked for more than 120 seconds.",
                    "<3>[  999.000001] INFO: task cat:813 blocked for more than 120"
                        + " seconds."))));

    assertThat(context.events())
        .extracting(event -> event.attributes().get("containerId"))
        .containsExactly(ID, null);
  }

  @Test
  void countsKillsByContainerWithControlGroupsOfVersionOne() throws Exception {
    write("sys/fs/cgroup/memory/memory.oom_control", "oom_kill_disable 0\noom_kill 0\n");
    String container = "sys/fs/cgroup/memory/docker/" + ID + "/memory.oom_control";
    write(container, "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
    TestModuleContext context =
        context(HostEventsDefinition.COUNTERS)
            .then(() -> {
              write(container, "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
              write("proc/vmstat", "oom_kill 10\n");
              write("proc/sys/kernel/hung_task_detect_count", "3\n");
            })
            .then(() -> {})
            .run(new HostEvents());

    assertThat(context.events())
        .extracting(event -> event.type().name())
        .containsExactly("PodOOMKilling", "OOMKilling", "TaskHung");
    assertThat(context.events().get(0).attributes())
        .containsEntry("containerId", ID)
        .containsEntry("memoryCgroup", "/docker/" + ID)
        .containsEntry("scope", "container")
        .containsEntry("count", 2L);
    assertThat(context.events().get(1).attributes())
        .containsEntry("containerId", null)
        .containsEntry("scope", "unknown")
        .containsEntry("count", 1L);
    assertThat(context.value("smartagent_host_events_total", "PodOOMKilling")).isEqualTo(2);
  }

  @Test
  void countsKillsOfBundlesThatRuncRunsAlone() throws Exception {
    bundle("nightly", "/batch/nightly");
    write("sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n");
    write("sys/fs/cgroup/batch/nightly/memory.events", "oom_kill 0\n");
    TestModuleContext context =
        context(HostEventsDefinition.COUNTERS)
            .then(() -> {
              write("sys/fs/cgroup/batch/nightly/memory.events", "oom_kill 1\n");
              write("proc/vmstat", "oom_kill 8\n");
            })
            .run(new HostEvents());

    assertThat(context.events()).hasSize(1);
    assertThat(context.events().getFirst().attributes())
        .containsEntry("containerId", "nightly")
        .containsEntry("scope", "container");
  }

  @Test
  void attributesAKillToABundleThatRuncRunsAlone() throws Exception {
    bundle("nightly", "/batch/nightly");
    TestModuleContext context = context(HostEventsDefinition.SYSLOG).then(() -> {});

    context.run(
        new HostEvents(given ->
            source(
                batch(
                    "<6>[  400.000000]"
                        + " oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,"
                        + "mems_allowed=0,oom_memcg=/batch/nightly,task_memcg=/batch/nightly,"
                        + "task=hog,pid=11,uid=0",
                    KILLED.formatted(400, 11)))));

    assertThat(context.events())
        .extracting(event -> event.type().name())
        .containsExactly("PodOOMKilling");
    assertThat(context.events().getFirst().attributes())
        .containsEntry("containerId", "nightly")
        .containsEntry("scope", "container");
  }

  private void bundle(String id, String cgroup) throws IOException {
    write(
        "run/runc/" + id + "/state.json",
        """
        {"id":"%s","init_process_pid":1,"created":"2026-01-01T00:00:00Z",
         "config":{"rootfs":"/b/rootfs","labels":["bundle=/b"]},
         "cgroup_paths":{"":"/sys/fs/cgroup%s"}}
        """
            .formatted(id, cgroup));
  }

  @Test
  void findsThePodWhereTheContainersControlGroupIsGone() throws Exception {
    write("sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n");
    String pod = "sys/fs/cgroup/kubepods/burstable/pod" + POD;
    write(pod + "/memory.events", "oom 0\noom_kill 0\n");
    write(pod + "/" + ID + "/memory.events", "oom 0\noom_kill 0\n");
    TestModuleContext context =
        context(HostEventsDefinition.COUNTERS)
            .then(() -> {
              Files.delete(root.resolve(pod + "/" + ID + "/memory.events"));
              write(pod + "/memory.events", "oom 1\noom_kill 1\n");
              write("proc/vmstat", "oom_kill 8\n");
            })
            .run(new HostEvents());

    assertThat(context.events()).hasSize(1);
    assertThat(context.events().getFirst().attributes())
        .containsEntry("podUid", POD)
        .containsEntry("containerId", null)
        .containsEntry("scope", "pod")
        .containsEntry("count", 1L);
  }

  @Test
  void doesNotCountAContainersKillAgainForItsPod() throws Exception {
    write("sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n");
    String pod = "sys/fs/cgroup/kubepods/burstable/pod" + POD;
    write(pod + "/memory.events", "oom_kill 0\n");
    write(pod + "/" + ID + "/memory.events", "oom_kill 0\n");
    TestModuleContext context =
        context(HostEventsDefinition.COUNTERS)
            .then(() -> {
              // The machine's counter is read before the control groups', and may be behind.
              write(pod + "/" + ID + "/memory.events", "oom_kill 1\n");
              write(pod + "/memory.events", "oom_kill 1\n");
            })
            .then(() -> write("proc/vmstat", "oom_kill 8\n"))
            .run(new HostEvents());

    assertThat(context.events()).hasSize(1);
    assertThat(context.events().getFirst().attributes()).containsEntry("containerId", ID);
  }

  @Test
  void tellsOfEachHungTaskOnceHoweverOftenTheKernelSaysSo() throws Exception {
    TestModuleContext context = context(HostEventsDefinition.SYSLOG).then(() -> {}).then(() -> {});

    context.run(
        new HostEvents(given ->
            source(
                batch(
                    hung(100, 812, 120),
                    hung(220, 812, 241),
                    hung(340, 812, 362),
                    hung(400, 812, 421),
                    hung(900, 812, 120)))));

    assertThat(context.events())
        .extracting(
            event -> event.attributes().get("blockedSeconds"),
            event -> event.attributes().get("update"))
        .containsExactly(tuple(120L, false), tuple(421L, true), tuple(120L, false));
  }

  /** So do Linux 3.10 and others that do not know when a task has run last. */
  @Test
  void tellsOfOneHangOnceWhereTheKernelNamesItsTimeoutEachTime() throws Exception {
    TestModuleContext context = context(HostEventsDefinition.SYSLOG).then(() -> {}).then(() -> {});

    context.run(
        new HostEvents(given ->
            source(
                batch(
                    hung(100, 812, 120),
                    hung(220, 812, 120),
                    hung(340, 812, 120),
                    hung(460, 812, 120),
                    hung(900, 812, 120)))));

    assertThat(context.events())
        .extracting(event -> event.attributes().get("update"))
        .containsExactly(false, true, false);
  }

  private static String hung(int second, int pid, int blocked) {
    return "<3>[  %d.000000] INFO: task cat:%d blocked for more than %d seconds."
        .formatted(second, pid, blocked);
  }

  @Test
  void countsWhatIsSaidAgainWithinAMinute() throws Exception {
    String error =
        "<3>[  %d.000000] Buffer I/O error on dev sdb1, logical block %d, async page read";
    TestModuleContext context = context(HostEventsDefinition.SYSLOG).then(() -> {});

    context.run(
        new HostEvents(given ->
            source(
                batch(
                    error.formatted(100, 1),
                    error.formatted(101, 2),
                    error.formatted(102, 3),
                    error.formatted(500, 4)))));

    assertThat(context.events())
        .extracting(event -> event.type().name(), event -> event.attributes().get("count"))
        .containsExactly(tuple("IOError", 1L), tuple("IOError", 2L), tuple("IOError", 1L));
  }

  private void mounts(String ext4, String btrfs, String xfsMount, String xfs) throws IOException {
    write(
        "proc/1/mountinfo",
        """
        27 1 254:0 / / rw,relatime - ext4 /dev/vda1 rw
        48 27 7:0 / /data\\040one rw,relatime - ext4 /dev/loop0 %s
        49 27 7:0 /sub /other rw,relatime - ext4 /dev/loop0 %s
        50 27 0:50 / /pool rw - btrfs /dev/loop1 %s
        51 27 7:2 / /plain %s - xfs /dev/loop2 %s
        52 27 0:60 / /tmp rw - tmpfs tmpfs ro
        """
            .formatted(ext4, ext4, btrfs, xfsMount, xfs));
  }

  private TestModuleContext fivePauses(TestModuleContext context, Happening happening) {
    return context.then(happening).then(() -> {}).then(() -> {}).then(() -> {}).then(() -> {});
  }

  @Test
  void seesFilesystemsTurnReadOnlyWithoutAnyLog() throws Exception {
    mounts("rw", "rw", "rw", "rw");
    write("proc/77/cgroup", "0::/system.slice/docker-" + ID + ".scope\n");
    write("proc/77/mountinfo", "99 98 7:0 /sub /in\\040side rw - ext4 /dev/loop0 rw\n");
    write("proc/78/cgroup", "0::/system.slice/docker-" + ID + ".scope\n");
    TestModuleContext context = context(HostEventsDefinition.COUNTERS);
    fivePauses(context, () -> mounts("rw,emergency_ro", "ro", "ro", "ro"));
    fivePauses(context, () -> {});
    context.run(new HostEvents());

    assertThat(context.events())
        .extracting(
            event -> event.type().name(),
            event -> event.attributes().get("source"),
            event -> event.attributes().get("historical"),
            event -> event.attributes().get("filesystem"),
            event -> event.attributes().get("device"),
            event -> event.attributes().get("containerId"))
        .containsExactly(
            tuple("ReadonlyFilesystem", "counters", false, "ext4", "loop0", ID),
            tuple("ReadonlyFilesystem", "counters", false, "btrfs", "loop1", null));
    assertThat(context.events().getFirst().attributes())
        .containsEntry("mountPoints", List.of("/data one", "/other"))
        .containsEntry("mountPointsTruncated", 0);
    assertThat(String.valueOf(context.events().getFirst().attributes().get("containers")))
        .contains("mountPoint=/in side", ID);
  }

  /** Remounting sets the file system and the one mount: whoever binds it keeps a writable one. */
  @Test
  void doesNotTakeARemountForAFault() throws Exception {
    String bound =
        """
        48 27 7:0 / /data %s - ext4 /dev/loop0 %s
        49 27 7:0 /sub /other rw - ext4 /dev/loop0 %s
        50 27 7:1 / /faulty rw - ext4 /dev/loop1 %s
        51 27 7:1 / /shown ro - ext4 /dev/loop1 %s
        """;
    write("proc/1/mountinfo", bound.formatted("rw", "rw", "rw", "rw", "rw"));
    TestModuleContext context = context(HostEventsDefinition.COUNTERS);
    fivePauses(
        context, () -> write("proc/1/mountinfo", bound.formatted("ro", "ro", "ro", "ro", "ro")));
    context.run(new HostEvents());

    assertThat(context.events())
        .extracting(event -> event.type().name(), event -> event.attributes().get("device"))
        .containsExactly(tuple("ReadonlyFilesystem", "loop1"));
  }

  @Test
  void tellsOfAFilesystemAgainOnlyAfterItWasMended() throws Exception {
    mounts("rw,emergency_ro", "rw", "rw", "rw");
    TestModuleContext context = context(HostEventsDefinition.COUNTERS);
    fivePauses(context, () -> mounts("rw", "rw", "rw", "rw"));
    context.run(new HostEvents());

    assertThat(context.events()).hasSize(1);
    assertThat(context.events().getFirst().attributes()).containsEntry("historical", true);
  }

  @Test
  void countsTheErrorsOfExt4() throws Exception {
    write("sys/fs/ext4/loop0/errors_count", "3\n");
    write("sys/fs/ext4/loop0/last_error_time", "1700000000\n");
    write("sys/fs/ext4/loop0/last_error_func", "ext4_lookup\n");
    mounts("rw", "rw", "rw", "rw");
    TestModuleContext context = context(HostEventsDefinition.COUNTERS);
    fivePauses(
        context,
        () -> {
          write("sys/fs/ext4/loop0/errors_count", "5\n");
          write("sys/fs/ext4/loop0/last_error_time", Instant.now().getEpochSecond() + "\n");
        });
    context.run(new HostEvents());

    assertThat(context.events())
        .extracting(
            event -> event.type().name(),
            event -> event.attributes().get("historical"),
            event -> event.attributes().get("count"))
        .containsExactly(tuple("Ext4Error", true, 3L), tuple("Ext4Error", false, 2L));
    assertThat(context.events().getFirst().time()).isEqualTo("2023-11-14T22:13:20Z");
  }

  @Test
  void countsTheErrorsOfExt4OnceHoweverOftenItIsMounted() throws Exception {
    String device = "sys/fs/ext4/loop0/";
    Path count = root.resolve(device + "errors_count");
    mounts("rw", "rw", "rw", "rw");
    TestModuleContext context = context(HostEventsDefinition.COUNTERS);
    fivePauses(
        context,
        () -> {
          write(device + "errors_count", "2\n");
          write(device + "last_error_time", Instant.now().getEpochSecond() + 120 + "\n");
        });
    fivePauses(context, () -> Files.delete(count));
    fivePauses(context, () -> Files.writeString(count, "2\n")).then(() -> {});
    context.run(new HostEvents());

    assertThat(context.events())
        .extracting(event -> event.type().name())
        .containsExactly("Ext4Error");
    assertThat(context.events().getFirst().attributes()).containsEntry("count", 2L);
  }

  /** The log is read more often than the mounts, and either may come first. */
  @Test
  void makesOneEventOfAFaultThatLogAndStateShow() throws Exception {
    mounts("rw", "rw", "rw", "rw");
    String ext4 = "<2>[  999.000001] EXT4-fs (loop0): Remounting filesystem read-only";
    String btrfs = "<6>[  999.000002] BTRFS info (device loop1): forced readonly";
    TestModuleContext context = context(HostEventsDefinition.SYSLOG);
    fivePauses(context, () -> mounts("rw,emergency_ro", "ro", "rw", "rw")).then(() -> {});

    context.run(
        new HostEvents(given ->
            source(batch(), batch(ext4), batch(), batch(), batch(), batch(), batch(btrfs))));

    assertThat(context.events())
        .extracting(
            event -> event.type().name(),
            event -> event.attributes().get("device"),
            event -> event.attributes().get("source"))
        .containsExactly(
            tuple("ReadonlyFilesystem", "loop0", "syslog"),
            tuple("ReadonlyFilesystem", "loop1", "counters"));
  }

  @Test
  void makesOneEventOfHistoryThatLogAndStateShow() throws Exception {
    mounts("rw,emergency_ro", "rw", "rw", "rw");
    TestModuleContext context = context(HostEventsDefinition.SYSLOG).then(() -> {});

    context.run(
        new HostEvents(given ->
            source(batch("<2>[  10.000001] EXT4-fs (loop0): Remounting filesystem read-only"))));

    assertThat(context.events()).hasSize(1);
    assertThat(context.events().getFirst().attributes())
        .containsEntry("source", "syslog")
        .containsEntry("historical", true);
  }

  /** What happens a moment after the start is none of what happened a moment before. */
  @Test
  void doesNotCountWhatHappensNowToHistory() throws Exception {
    String error = "<2>[  %d.000000] EXT4-fs error (device loop0): f:1: comm a: x";
    String readOnly = "<2>[  %d.000001] EXT4-fs (loop0): Remounting filesystem read-only";
    TestModuleContext context = context(HostEventsDefinition.SYSLOG).then(() -> {});

    context.run(
        new HostEvents(given ->
            source(
                batch(error.formatted(990), error.formatted(991), readOnly.formatted(991)),
                batch(error.formatted(999), readOnly.formatted(999)))));

    assertThat(context.events())
        .extracting(
            event -> event.type().name(),
            event -> event.attributes().get("historical"),
            event -> event.attributes().get("count"))
        .containsExactly(
            tuple("Ext4Error", true, 1L),
            tuple("ReadonlyFilesystem", true, 1L),
            tuple("Ext4Error", true, 1L),
            tuple("Ext4Error", false, 1L),
            tuple("ReadonlyFilesystem", false, 1L));
  }

  @Test
  void goesOnWhereNobodyCanReadTheMounts() throws Exception {
    write("proc/1/mountinfo", "this is no mountinfo\n");
    TestModuleContext context = context(HostEventsDefinition.COUNTERS).then(() -> {});
    context.run(new HostEvents());

    assertThat(context.events()).isEmpty();
  }

  @Test
  void saysSoWhereNothingIsCounted() throws Exception {
    Files.delete(root.resolve("proc/vmstat"));
    Files.delete(root.resolve("proc/sys/kernel/hung_task_detect_count"));

    TestModuleContext context = context(HostEventsDefinition.COUNTERS).run(new HostEvents());

    assertThat(context.events()).isEmpty();
    assertThat(context.lastDegraded()).contains("SYSLOG");
  }

  @Test
  void readsTheRealLogToItsEndWithoutWaiting() throws Exception {
    LinuxKernel kernel = new LinuxKernel();
    try (KernelLogRecords records = kernel.log().openRecords("/dev/kmsg")) {
      byte[] first = records.next();
      if (first != null) {
        assertThat(KmsgRecord.parse(first)).isNotNull();
      }
    } catch (ErrnoException denied) {
      // Only the attempt tells: the device needs CAP_SYSLOG, and a device cgroup that allows it.
      assumeTrue(false, denied.getMessage());
    }
    TestModuleContext context = new TestModuleContext(HostEventsDefinition.KMSG, kernel, "");

    context.run(new HostEvents());

    assertThat(context.lastObserved()).isNotEmpty();
    assertThat(context.events())
        .allSatisfy(event -> assertThat(event.attributes()).containsEntry("historical", true));
  }

  private TestModuleContext context(String source) {
    return new TestModuleContext(source, new LinuxKernel(), root.toString());
  }

  private static Batch batch(String... lines) {
    return new Batch(SyslogText.parse(String.join("\n", lines)), 0, true);
  }

  private static KernelLogSource source(Batch... batches) {
    Queue<Batch> left = new ArrayDeque<>(Arrays.asList(batches));
    return new KernelLogSource() {
      @Override
      public Batch poll() {
        Batch next = left.poll();
        return next == null ? batch() : next;
      }

      @Override
      public void close() {}
    };
  }

  private void write(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
