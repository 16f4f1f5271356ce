package io.smartagent.modules.applicationdiscovery;

import static io.smartagent.kernel.capability.Capability.CAP_DAC_READ_SEARCH;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;

import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.Need;
import io.smartagent.module.Source;
import io.smartagent.probe.Ability;

/** What {@code application-discovery} needs. */
public final class ApplicationDiscoveryDescriptor {

  /** Links and environments of all processes: /proc/PID/exe and environ. */
  public static final String PROC_FULL = "proc-full";

  /** Links of all processes: /proc/PID/exe. */
  public static final String PROC_LINKS = "proc-links";

  /** What /proc shows to anybody: command line, name, user, cgroup. */
  public static final String PROC_PUBLIC = "proc-public";

  /** The module as the planner knows it. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
          "application-discovery",
          "finds the applications on the host: executable, command line, user, container, language",
          "applications are not discovered",
          Need.anyOf(
              Source.of(PROC_FULL, CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH).and(Ability.PTRACE_READ),
              Source.of(PROC_LINKS, CAP_SYS_PTRACE)
                  .and(Ability.PTRACE_READ)
                  .degradedTo(
                      "versions that only a process's environment or files tell are unknown"),
              Source.of(PROC_PUBLIC)
                  .degradedTo(
                      "executables of other users' processes are unknown: language and product are"
                          + " guessed from command lines")));

  private ApplicationDiscoveryDescriptor() {}
}
