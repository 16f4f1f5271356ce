package io.smartagent.modules.kernelstacks;

import static io.smartagent.kernel.capability.Capability.CAP_DAC_READ_SEARCH;
import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;

import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.ModuleSetting;
import io.smartagent.module.Need;
import io.smartagent.module.Source;
import io.smartagent.modules.kernellog.KernelLogOpener;
import io.smartagent.probe.Ability;

/** What {@code kernel-stacks} needs. */
public final class KernelStacksDescriptor {

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

  /** The module as the planner knows it. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
              "kernel-stacks",
              "reports tasks that wait in the kernel for too long, with their kernel stacks",
              "tasks that hang in the kernel are not reported",
              Need.anyOf(
                  Source.of(PROC_STACK, CAP_SYS_ADMIN, CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH)
                      .and(Ability.PTRACE_READ),
                  Source.of(KMSG, CAP_SYSLOG).and(Ability.KMSG).degradedTo(LOGGED_ONLY),
                  Source.of(SYSLOG, CAP_SYSLOG).and(Ability.SYSLOG).degradedTo(LOGGED_ONLY),
                  Source.of(WCHAN, CAP_SYS_PTRACE)
                      .and(Ability.PTRACE_READ)
                      .degradedTo("of each stack only the innermost function is known"),
                  Source.of(STATES)
                      .degradedTo("which tasks are blocked is known, and not where in the kernel")))
          .using(ModuleSetting.CONTAINER_ROOTS, ModuleSetting.BLOCKED_AFTER);

  private KernelStacksDescriptor() {}
}
