package io.smartagent.modules.hostevents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.kernel.log.KernelLogRecords;
import io.smartagent.module.Event;
import io.smartagent.modules.TestModuleContext;
import io.smartagent.modules.hostevents.KernelLogSource.Batch;
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
    TestModuleContext context = context(HostEventsDescriptor.SYSLOG).then(() -> {});
    Instant before = Instant.now();

    HostEvents.follow(
        context, source(batch(KILLED.formatted(400, 11)), batch(KILLED.formatted(999, 12))));

    assertThat(context.events()).hasSize(2);
    Event history = context.events().get(0);
    Event live = context.events().get(1);
    assertThat(history.attributes()).containsEntry("historical", true).containsEntry("pid", 11);
    assertThat(history.time()).isBetween(before.minusSeconds(601), before.minusSeconds(590));
    assertThat(live.attributes()).containsEntry("historical", false).containsEntry("pid", 12);
    assertThat(live.time()).isBetween(before, Instant.now());
    assertThat(context.value("smartagent_host_events_total", live.type())).isEqualTo(1);
    assertThat(context.lastObserved()).isEqualTo("last event OOMKilling at " + live.time());
  }

  @Test
  void countsRecordsThatWereOverwritten() throws Exception {
    TestModuleContext context = context(HostEventsDescriptor.KMSG).then(() -> {});

    HostEvents.follow(context, source(batch(), new Batch(List.of(), 5, true)));

    assertThat(context.value("smartagent_kernel_log_records_lost_total")).isEqualTo(5);
    assertThat(context.lastObserved()).isEqualTo("no event yet");
  }

  @Test
  void attributesAHungTaskThatIsStillThere() throws Exception {
    write("proc/812/comm", "cat\n");
    write("proc/812/cgroup", "0::/system.slice/docker-" + ID + ".scope\n");
    write("proc/813/comm", "another\n");
    write("proc/813/cgroup", "0::/system.slice/docker-" + ID + ".scope\n");
    TestModuleContext context = context(HostEventsDescriptor.KMSG).then(() -> {});

    HostEvents.follow(
        context,
        source(
            batch(),
            batch(
                "<3>[  999.000000] INFO: task cat:812 blocked for more than 120 seconds.",
                "<3>[  999.000001] INFO: task cat:813 blocked for more than 120 seconds.")));

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
        context(HostEventsDescriptor.COUNTERS)
            .then(() -> {
              write(container, "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
              write("proc/vmstat", "oom_kill 10\n");
              write("proc/sys/kernel/hung_task_detect_count", "3\n");
            })
            .then(() -> {})
            .run(new HostEvents());

    assertThat(context.events())
        .extracting(Event::type)
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
  void findsThePodWhereTheContainersControlGroupIsGone() throws Exception {
    write("sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n");
    String pod = "sys/fs/cgroup/kubepods/burstable/pod" + POD;
    write(pod + "/memory.events", "oom 0\noom_kill 0\n");
    write(pod + "/" + ID + "/memory.events", "oom 0\noom_kill 0\n");
    TestModuleContext context =
        context(HostEventsDescriptor.COUNTERS)
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
        context(HostEventsDescriptor.COUNTERS)
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
  void saysSoWhereNothingIsCounted() throws Exception {
    Files.delete(root.resolve("proc/vmstat"));
    Files.delete(root.resolve("proc/sys/kernel/hung_task_detect_count"));

    TestModuleContext context = context(HostEventsDescriptor.COUNTERS).run(new HostEvents());

    assertThat(context.events()).isEmpty();
    assertThat(context.lastTrouble()).contains("SYSLOG");
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
      assumeTrue(false, denied.getMessage());
    }
    TestModuleContext context = new TestModuleContext(HostEventsDescriptor.KMSG, kernel, "");

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
