package io.smartagent.modules.applicationdiscovery;

import static io.smartagent.kernel.capability.Capability.CAP_DAC_READ_SEARCH;
import static io.smartagent.kernel.capability.Capability.CAP_NET_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;

import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.ModuleSetting;
import io.smartagent.module.Need;
import io.smartagent.module.Source;
import io.smartagent.probe.Ability;

/** What {@code application-discovery} needs. */
public final class ApplicationDiscoveryDescriptor {

  /** As {@link #PROC_FULL}, and the kernel's news of processes: netlink's connector. */
  public static final String PROC_EVENTS = "proc-events";

  /**
   * Links, environments, files and descriptors of all processes: /proc/PID/exe, environ, root, fd.
   */
  public static final String PROC_FULL = "proc-full";

  /** Links of all processes: /proc/PID/exe. */
  public static final String PROC_LINKS = "proc-links";

  /** What /proc shows to anybody: command line, name, user, cgroup. */
  public static final String PROC_PUBLIC = "proc-public";

  /** The module as the planner knows it. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
              "application-discovery",
              "finds the applications on the host: product, language, versions, command line, user,"
                  + " ports, container",
              "applications are not discovered",
              Need.anyOf(
                  Source.of(PROC_EVENTS, CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH, CAP_NET_ADMIN)
                      .and(Ability.PTRACE_READ, Ability.PROCESS_EVENTS),
                  Source.of(PROC_FULL, CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH)
                      .and(Ability.PTRACE_READ)
                      .degradedTo(
                          "applications that live for less than ten seconds may be missed, and others"
                              + " are seen late"),
                  Source.of(PROC_LINKS, CAP_SYS_PTRACE)
                      .and(Ability.PTRACE_READ)
                      .degradedTo(
                          "versions that only a process's environment or files tell are unknown, and so"
                              + " are ports but of a container's single application"),
                  Source.of(PROC_PUBLIC)
                      .degradedTo(
                          "executables of other users' processes are unknown: language and product are"
                              + " guessed from command lines, ports are known only of a container's"
                              + " single application")))
          .using(ModuleSetting.CONTAINER_ROOTS);

  private ApplicationDiscoveryDescriptor() {}
}
