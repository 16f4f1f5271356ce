package io.smartagent.modules.kernelstacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.module.ModuleSettings;
import io.smartagent.modules.TestModuleContext;
import io.smartagent.modules.kernellog.KernelLogSource;
import io.smartagent.modules.kernellog.SyslogText;
import io.smartagent.modules.process.ProcessFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelStacksTest {

  private static final String ID =
      "3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";

  /** PF_KTHREAD. */
  private static final int KERNEL_THREAD = 0x0020_0000;

  private static final String STACK =
      "[<0>] percpu_rwsem_wait+0x15f/0x1d0\n[<0>] mnt_want_write+0x96/0xc0\n";

  @TempDir private Path root;

  private TestModuleContext context(String source) {
    return new TestModuleContext(source, new LinuxKernel(), root.toString())
        .with(
            ModuleSettings.DEFAULTS.with(
                KernelStacksDefinition.BLOCKED_TASK, Duration.ofSeconds(10)));
  }

  private static void run(TestModuleContext context) throws Exception {
    context.run(new KernelStacks());
  }

  private static List<Object> blockedSeconds(TestModuleContext context) {
    return context.events().stream()
        .map(event -> event.attributes().get("blockedSeconds"))
        .toList();
  }

  @Test
  void reportsATaskThatHasNotRunForLongEnough() throws Exception {
    at(100);
    task(812, 812, "touch", 'D', 4, 1);
    write("proc/812/cgroup", "0::/system.slice/docker-" + ID + ".scope\n");
    write("proc/812/task/812/stack", STACK);
    write("proc/812/task/812/wchan", "percpu_rwsem_wait");
    TestModuleContext context =
        context(KernelStacksDefinition.PROC_STACK).then(() -> at(109)).then(() -> at(110));
    run(context);

    assertThat(context.events()).hasSize(1);
    assertThat(context.events().getFirst().attributes())
        .containsEntry("source", "proc-stack")
        .containsEntry("update", false)
        .containsEntry("pid", 812)
        .containsEntry("tid", 812)
        .containsEntry("process", "touch")
        .containsEntry("kernelThread", false)
        .containsEntry("state", "D")
        .containsEntry("blockedSeconds", 10L)
        .containsEntry("wchan", "percpu_rwsem_wait")
        .containsEntry(
            "kernelStack", List.of("percpu_rwsem_wait+0x15f/0x1d0", "mnt_want_write+0x96/0xc0"))
        .containsEntry("containerId", ID);
    assertThat(context.value("smartagent_blocked_tasks", ID)).isEqualTo(1);
    assertThat(context.value("smartagent_blocked_tasks", "")).isEqualTo(0);
    assertThat(context.value("smartagent_blocked_tasks_max_seconds")).isEqualTo(10);
    assertThat(context.lastObserved()).isEqualTo("1 blocked task, 1 in uninterruptible sleep");
  }

  @Test
  void reportsItAgainWhenItsTimeHasDoubledAndThenItsEnd() throws Exception {
    at(100);
    task(812, 812, "touch", 'D', 4, 1);
    TestModuleContext context = context(KernelStacksDefinition.STATES);
    for (int second = 105; second <= 145; second += 5) {
      int now = second;
      context.then(() -> at(now));
    }
    context.then(() -> {
      at(150);
      task(812, 812, "touch", 'S', 5, 1);
    });
    run(context);

    assertThat(context.events())
        .extracting(
            event -> event.type().name(),
            event -> event.attributes().get("blockedSeconds"),
            event -> event.attributes().get("update"),
            event -> event.attributes().get("outcome"))
        .containsExactly(
            tuple("BlockedTask", 10L, false, null),
            tuple("BlockedTask", 20L, true, null),
            tuple("BlockedTask", 40L, true, null),
            tuple("BlockedTaskEnded", 45L, null, "ran"));
  }

  /** A disk that is busy shows a task waiting at each look. */
  @Test
  void doesNotReportATaskThatRunsInBetween() throws Exception {
    at(100);
    task(812, 812, "dd", 'D', 4, 1);
    TestModuleContext context = context(KernelStacksDefinition.STATES);
    for (int i = 1; i < 20; i++) {
      int look = i;
      context.then(() -> {
        at(100 + look * 5);
        task(812, 812, "dd", 'D', 4 + look, 1);
      });
    }
    run(context);

    assertThat(context.events()).isEmpty();
    assertThat(context.value("smartagent_blocked_tasks", "")).isEqualTo(0);
  }

  @Test
  void doesNotTakeATasksSuccessorForIt() throws Exception {
    at(100);
    task(812, 812, "one", 'D', 4, 1);
    TestModuleContext context =
        context(KernelStacksDefinition.STATES)
            .then(() -> at(111))
            .then(() -> {
              at(115);
              task(812, 812, "two", 'D', 4, 1, 0, 9999);
            });
    run(context);

    assertThat(context.events())
        .extracting(event -> event.type().name(), event -> event.attributes().get("outcome"))
        .containsExactly(tuple("BlockedTask", null), tuple("BlockedTaskEnded", "exited"));
  }

  @Test
  void findsOtherThreadsAndTheKernels() throws Exception {
    at(100);
    task(812, 812, "java", 'S', 4, 3);
    task(812, 813, "GC, \"x\"\n", 'D', 4, 3);
    task(2, 2, "kthreadd", 'S', 1, 1, KERNEL_THREAD, 1);
    task(3, 3, "rcu_gp", 'I', 1, 1, KERNEL_THREAD, 1);
    task(40, 40, "jbd2/sda1-8", 'D', 1, 1, KERNEL_THREAD, 1);
    TestModuleContext context = context(KernelStacksDefinition.STATES).then(() -> at(110));
    run(context);

    assertThat(context.events())
        .extracting(
            event -> event.attributes().get("pid"),
            event -> event.attributes().get("tid"),
            event -> event.attributes().get("process"),
            event -> event.attributes().get("thread"),
            event -> event.attributes().get("kernelThread"))
        .containsExactlyInAnyOrder(
            tuple(812, 813, "java", "GC, \"x\"\n", false),
            tuple(40, 40, "jbd2/sda1-8", "jbd2/sda1-8", true));
  }

  /** Before Linux 4.14 the kernel's idle threads look like that. */
  @Test
  void doesNotReportIdleThreadsOfTheKernel() throws Exception {
    at(100);
    task(40, 40, "kworker/0:1", 'D', 1, 1, KERNEL_THREAD, 1);
    TestModuleContext context = context(KernelStacksDefinition.STATES).then(() -> at(110));
    run(context);

    assertThat(context.events()).isEmpty();
  }

  @Test
  void doesNotReportFrozenTasks() throws Exception {
    at(100);
    task(812, 812, "paused", 'D', 4, 1);
    write("proc/812/cgroup", "5:freezer:/docker/" + ID + "\n");
    write("sys/fs/cgroup/freezer/docker/" + ID + "/freezer.state", "FROZEN\n");
    task(900, 900, "suspended", 'D', 4, 1);
    write("proc/900/task/900/stack", "[<0>] __refrigerator+0xe1/0x1b0\n");
    TestModuleContext context =
        context(KernelStacksDefinition.PROC_STACK).then(() -> at(111)).then(() -> at(140));
    run(context);

    assertThat(context.events()).isEmpty();
  }

  @Test
  void asksATaskOnceThatDoesNotLetItsStackBeRead() throws Exception {
    at(100);
    task(812, 812, "exec", 'D', 4, 1);
    Path stack = root.resolve("proc/812/task/812/stack");
    new ProcessBuilder("mkfifo", stack.toString()).start().waitFor();
    BlockedTasks blocked = new BlockedTasks(Duration.ZERO);
    WaitingTask task = new WaitingTask(812, 812, "exec", "exec", false, 4242, 5);
    blocked.look(List.of(task), Duration.ofSeconds(100), any -> true);
    ProcessFiles processes = new ProcessFiles(new LinuxKernel().filesystem(), root.toString());
    try (ProcPlaces places = new ProcPlaces(processes, true)) {
      places.place(blocked.blocked().getFirst());
      places.place(blocked.blocked().getFirst());

      assertThat(places.degraded()).startsWith("1 task does not let the stack be read");
    } finally {
      // Lets those go that wait for a writer, and waits for no reader itself.
      new RandomAccessFile(stack.toFile(), "rw").close();
    }
  }

  @Test
  void doesNotLetFrozenTasksHideBlockedOnes() throws Exception {
    at(100);
    for (int pid = 1000; pid < 1120; pid++) {
      task(pid, pid, "paused", 'D', 4, 1);
      write("proc/" + pid + "/cgroup", "5:freezer:/docker/" + ID + "\n");
    }
    write("sys/fs/cgroup/freezer/docker/" + ID + "/freezer.state", "FROZEN\n");
    TestModuleContext context =
        context(KernelStacksDefinition.STATES)
            .then(() -> {
              at(105);
              task(2000, 2000, "touch", 'D', 4, 1);
            })
            .then(() -> at(115));
    run(context);

    assertThat(context.events())
        .extracting(event -> event.attributes().get("pid"))
        .containsExactly(2000);
  }

  @Test
  void asksTheLogForTheStack() throws Exception {
    at(100);
    task(12040, 12040, "touch", 'D', 4, 1);
    Queue<String> texts = new ArrayDeque<>(List.of(log(), "", "", log(), ""));
    TestModuleContext context =
        context(KernelStacksDefinition.SYSLOG)
            .then(() -> at(110))
            .then(() -> at(111))
            .then(() -> at(112))
            .then(() -> at(113));
    context.run(new KernelStacks(given -> source(texts)));

    assertThat(context.events())
        .extracting(
            event -> event.attributes().get("blockedSeconds"),
            event -> event.attributes().get("update"),
            event ->
                event.attributes().get("kernelStack") instanceof List<?> frames
                    ? frames.size()
                    : -1)
        .containsExactly(tuple(10L, false, 0), tuple(12L, true, 11));
  }

  @Test
  void tellsOfAFloodBitByBit() throws Exception {
    at(100);
    for (int pid = 1000; pid < 1120; pid++) {
      task(pid, pid, "nfs", 'D', 4, 1);
    }
    TestModuleContext context =
        context(KernelStacksDefinition.STATES)
            .then(() -> at(110))
            .then(() -> at(111))
            .then(() -> at(112));
    run(context);

    assertThat(blockedSeconds(context)).hasSize(120).contains(10L, 11L, 12L);
    assertThat(context.value("smartagent_blocked_tasks", "")).isEqualTo(120);
  }

  @Test
  void runsOnTheRealMachine() throws Exception {
    TestModuleContext context =
        new TestModuleContext(KernelStacksDefinition.STATES, new LinuxKernel(), "");
    context.then(() -> {}).run(new KernelStacks());

    assertThat(context.lastObserved()).contains("in uninterruptible sleep");
  }

  private static String log() throws IOException {
    try (InputStream text =
        KernelStacksTest.class.getResourceAsStream(
            "/modules/kernel-log/linux-6.18-hung-task.log")) {
      return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static KernelLogSource source(Queue<String> texts) {
    return new KernelLogSource() {
      @Override
      public Batch poll() {
        String text = texts.poll();
        return new Batch(SyslogText.parse(text == null ? "" : text), 0, true);
      }

      @Override
      public void close() {}
    };
  }

  private void at(int seconds) throws IOException {
    write("proc/uptime", seconds + ".00 0.00\n");
  }

  private void task(int pid, int tid, String name, char state, int switches, int threads)
      throws IOException {
    task(pid, tid, name, state, switches, threads, 0, 4242);
  }

  private void task(
      int pid, int tid, String name, char state, int switches, int threads, int flags, int start)
      throws IOException {
    String stat =
        "%d (%s) %c 1 1 1 0 -1 %d 0 0 0 0 0 0 0 0 20 0 %d 0 %d 0\n"
            .formatted(tid, name, state, flags, threads, start);
    String directory = "proc/" + pid + "/";
    if (pid == tid) {
      write(directory + "stat", stat);
    }
    write(directory + "task/" + tid + "/stat", stat);
    write(
        directory + "task/" + tid + "/status",
        "Name:\tx\nvoluntary_ctxt_switches:\t%d\nnonvoluntary_ctxt_switches:\t1\n"
            .formatted(switches));
  }

  private void write(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
