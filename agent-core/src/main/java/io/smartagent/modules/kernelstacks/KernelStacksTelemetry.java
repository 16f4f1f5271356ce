package io.smartagent.modules.kernelstacks;

import io.smartagent.module.EventType;
import io.smartagent.module.MetricFamily;
import io.smartagent.module.ModuleTelemetry;
import java.util.List;

/** What {@code kernel-stacks} tells. Every event has all of its attributes always. */
public final class KernelStacksTelemetry {

  static final MetricFamily BLOCKED =
      MetricFamily.gauge(
          "smartagent_blocked_tasks",
          "Tasks that have waited uninterruptibly for longer than SMARTAGENT_BLOCKED_TASK_SECONDS, by"
              + " container; empty for the host's own. The 100 containers with the most",
          "container_id");

  static final MetricFamily BLOCKED_LEFT_OUT =
      MetricFamily.gauge(
          "smartagent_blocked_tasks_left_out",
          "Tasks in uninterruptible sleep that are in no other metric: of more than 100 containers,"
              + " or beyond 2000 that are looked at closely");

  static final MetricFamily LONGEST =
      MetricFamily.gauge(
          "smartagent_blocked_tasks_longest_seconds",
          "For how long the longest blocked task has waited");

  static final MetricFamily PROCESSES_LEFT_OUT =
      MetricFamily.gauge(
          "smartagent_kernel_stacks_processes_left_out",
          "Processes whose other threads were not looked at in the last pass: one looks at 20000"
              + " threads");

  static final MetricFamily PASS =
      MetricFamily.gauge(
          "smartagent_kernel_stacks_pass_seconds", "How long the last look at all tasks took");

  /** Its events and metrics. */
  public static final ModuleTelemetry TELEMETRY =
      new ModuleTelemetry(
          List.of(
              new EventType(
                  BlockedTaskEvents.BLOCKED_TASK,
                  "A task, of a process or the kernel, waits uninterruptibly and has not"
                      + " run for `blockedSeconds` at least, which is more than"
                      + " SMARTAGENT_BLOCKED_TASK_SECONDS. Counted from the look that found it"
                      + " first; again, with `update` true, each time the wait has doubled,"
                      + " and when the kernel's log brings its stack. `wchan` is the function"
                      + " that it waits in, `kernelStack` the way there, the innermost frame"
                      + " first, 32 at most: what the source does not tell is null or empty."
                      + " Tasks that are frozen (docker pause) are left out.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"kernel-stacks\","
                      + "\"type\":\"BlockedTask\",\"source\":\"proc-stack\",\"update\":false,"
                      + "\"pid\":11071,\"tid\":11071,\"process\":\"touch\","
                      + "\"thread\":\"touch\",\"kernelThread\":false,\"state\":\"D\","
                      + "\"blockedSeconds\":31,\"wchan\":\"percpu_rwsem_wait\","
                      + "\"kernelStack\":[\"percpu_rwsem_wait+0x15f/0x1d0\","
                      + "\"mnt_want_write+0x96/0xc0\"],\"containerId\":\"3f1c9a7b5d2e4f60718293"
                      + "a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8\","
                      + "\"containerName\":\"api\",\"containerRuntime\":\"containerd\","
                      + "\"image\":\"registry.example/api:2.1\","
                      + "\"podUid\":\"0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11\","
                      + "\"podName\":\"api-7d4b9\",\"podNamespace\":\"shop\"}"),
              new EventType(
                  BlockedTaskEvents.BLOCKED_TASK_ENDED,
                  "A task that was told of has run again (`outcome` is `ran`) or is gone"
                      + " (`exited`). `blockedSeconds` is the time between the first and the"
                      + " last look that found it blocked.",
                  "{\"time\":\"2026-03-01T10:17:30.123Z\",\"module\":\"kernel-stacks\","
                      + "\"type\":\"BlockedTaskEnded\",\"source\":\"proc-stack\",\"pid\":11071,"
                      + "\"tid\":11071,\"process\":\"touch\",\"thread\":\"touch\","
                      + "\"kernelThread\":false,\"blockedSeconds\":150,\"outcome\":\"ran\","
                      + "\"containerId\":\"3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f607182"
                      + "93a4b5c6d7e8\",\"containerName\":\"api\","
                      + "\"containerRuntime\":\"containerd\","
                      + "\"image\":\"registry.example/api:2.1\","
                      + "\"podUid\":\"0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11\","
                      + "\"podName\":\"api-7d4b9\",\"podNamespace\":\"shop\"}")),
          List.of(BLOCKED, BLOCKED_LEFT_OUT, LONGEST, PROCESSES_LEFT_OUT, PASS));

  private KernelStacksTelemetry() {}
}
