package io.smartagent.modules.kernelstacks;

import io.smartagent.module.EventOwner;
import io.smartagent.module.MetricFamily;
import io.smartagent.module.ModuleTelemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What {@code kernel-stacks} reports. Every event has all of its attributes always. */
final class KernelStacksTelemetry {

  static final MetricFamily BLOCKED =
      MetricFamily.gauge(
          "smartagent_blocked_tasks",
          "Tasks that have waited uninterruptibly for longer than SMARTAGENT_BLOCKED_TASK_SECONDS,"
              + " by container; empty for the host's own. The 100 containers with the most",
          "container_id");

  static final MetricFamily BLOCKED_TRUNCATED =
      MetricFamily.gauge(
          "smartagent_blocked_tasks_truncated",
          "Tasks in uninterruptible sleep that are in no other metric: of more than 100 containers,"
              + " or beyond 2000 that are looked at closely");

  static final MetricFamily LONGEST =
      MetricFamily.gauge(
          "smartagent_blocked_tasks_max_seconds",
          "For how long the longest blocked task has waited");

  static final MetricFamily PROCESSES_TRUNCATED =
      MetricFamily.gauge(
          "smartagent_kernel_stacks_processes_truncated",
          "Processes whose other threads were not looked at in the last pass: one looks at 20000"
              + " threads");

  static final MetricFamily PASS =
      MetricFamily.gauge(
          "smartagent_kernel_stacks_pass_seconds", "How long the last look at all tasks took");

  /** All of them. */
  static final List<MetricFamily> METRICS =
      List.of(BLOCKED, BLOCKED_TRUNCATED, LONGEST, PROCESSES_TRUNCATED, PASS);

  private KernelStacksTelemetry() {}

  /** Returns an example of each event, and the metrics. */
  static ModuleTelemetry telemetry() {
    BlockedTaskEvents events = new BlockedTaskEvents("proc-stack");
    WaitingTask task = new WaitingTask(11071, 11071, "touch", "touch", false, 0, 0);
    EventOwner owner =
        new EventOwner(
            "3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8",
            "api",
            "containerd",
            "registry.example/api:2.1",
            "0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11",
            "api-7d4b9",
            "shop");
    Place place =
        new Place(
            "percpu_rwsem_wait",
            List.of("percpu_rwsem_wait+0x15f/0x1d0", "mnt_want_write+0x96/0xc0"));
    Instant time = Instant.parse("2026-03-01T10:15:30.123Z");
    return new ModuleTelemetry(
        List.of(
            events.blocked(task, Duration.ofSeconds(31), false, place, owner, time),
            events.ended(task, Duration.ofSeconds(150), true, owner, time.plusSeconds(120))),
        METRICS);
  }
}
