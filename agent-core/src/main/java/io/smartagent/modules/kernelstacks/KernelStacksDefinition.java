package io.smartagent.modules.kernelstacks;

import static io.smartagent.kernel.capability.Capability.CAP_DAC_READ_SEARCH;
import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;

import io.smartagent.module.Module;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.module.ModuleTelemetry;
import io.smartagent.module.Setting;
import io.smartagent.module.SharedSettings;
import io.smartagent.modules.container.RuntimePaths;
import io.smartagent.modules.kernellog.KernelLogOpener;
import io.smartagent.needs.HostAccess;
import io.smartagent.needs.Needs;
import io.smartagent.needs.Source;
import io.smartagent.probe.Ability;
import java.time.Duration;
import java.util.List;

/** The module {@code kernel-stacks}. */
public final class KernelStacksDefinition implements ModuleDefinition {

  /** The kernel stack of any task: /proc/PID/stack. */
  public static final String PROC_STACK = "proc-stack";

  /** The traces in the kernel log, by its device. */
  public static final String KMSG = KernelLogOpener.KMSG;

  /** The traces in the kernel log, by syslog(2). */
  public static final String SYSLOG = KernelLogOpener.SYSLOG;

  /** The function that a task waits in: /proc/PID/wchan. */
  public static final String WCHAN = "wchan";

  /** The states of tasks, which anybody may read. */
  public static final String STATES = "states";

  private static final String LOGGED_ONLY =
      "a stack is known only of tasks that the kernel itself reports as hung, after"
          + " kernel.hung_task_timeout_secs and kernel.hung_task_warnings times";

  /** How long a task has to be blocked to be reported. */
  static final Setting<Duration> BLOCKED_TASK =
      Setting.seconds(
          "BLOCKED_TASK_SECONDS",
          1,
          86_400,
          30,
          "how long a task has to wait uninterruptibly for kernel-stacks to report it");

  private static final HostAccess HOST =
      HostAccess.NONE
          .reads("/proc", "/sys/fs/cgroup/freezer")
          .reads(RuntimePaths.ALL)
          .mount("proc", "/proc");

  private static final Needs NEEDS =
      Needs.firstOf(
              Source.of(PROC_STACK, CAP_SYS_ADMIN, CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH)
                  .abilities(Ability.PTRACE_READ),
              Source.of(KMSG, CAP_SYSLOG)
                  .abilities(Ability.KMSG)
                  .with(HostAccess.NONE.reads("/dev/kmsg"))
                  .degradedTo(LOGGED_ONLY),
              Source.of(SYSLOG, CAP_SYSLOG)
                  .abilities(Ability.SYSLOG)
                  .with(HostAccess.NONE.systemCalls("syslog"))
                  .degradedTo(LOGGED_ONLY),
              Source.of(WCHAN, CAP_SYS_PTRACE)
                  .abilities(Ability.PTRACE_READ)
                  .degradedTo("of each stack only the innermost function is known"),
              Source.of(STATES)
                  .degradedTo("which tasks are blocked is known, and not where in the kernel"))
          .with(HOST);

  @Override
  public String id() {
    return "kernel-stacks";
  }

  @Override
  public String summary() {
    return "reports tasks that wait in the kernel for too long, with their kernel stacks";
  }

  @Override
  public String loss() {
    return "tasks that hang in the kernel are not reported";
  }

  @Override
  public Needs needs() {
    return NEEDS;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(SharedSettings.CONTAINER_ROOTS, BLOCKED_TASK);
  }

  @Override
  public ModuleTelemetry telemetry() {
    return KernelStacksTelemetry.telemetry();
  }

  @Override
  public Module create() {
    return new KernelStacks();
  }
}
