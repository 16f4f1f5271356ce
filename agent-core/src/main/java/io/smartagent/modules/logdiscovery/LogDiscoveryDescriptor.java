package io.smartagent.modules.logdiscovery;

import static io.smartagent.kernel.capability.Capability.CAP_DAC_READ_SEARCH;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;

import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.ModuleSetting;
import io.smartagent.module.Need;
import io.smartagent.module.Source;
import io.smartagent.probe.Ability;

/** What {@code log-discovery} needs. */
public final class LogDiscoveryDescriptor {

  /** Files that processes hold open for writing: /proc/PID/fd. */
  public static final String OPEN_FILES = "open-files";

  /** Directories that kubelet and the container runtimes keep logs in. */
  public static final String LOG_DIRECTORIES = "log-directories";

  /** Those of the directories that anybody may read. */
  public static final String PUBLIC_DIRECTORIES = "public-directories";

  /** The module as the planner knows it. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
              "log-discovery",
              "finds the log files on the host: path, process, container, format, rotation",
              "log files are not discovered",
              Need.anyOf(
                  Source.of(OPEN_FILES, CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH)
                      .and(Ability.PTRACE_READ),
                  Source.of(LOG_DIRECTORIES, CAP_DAC_READ_SEARCH)
                      .degradedTo(
                          "only what containers print and what lies in /var/log is found, without the"
                              + " process that writes it"),
                  Source.of(PUBLIC_DIRECTORIES)
                      .degradedTo(
                          "only what containers print and what lies in /var/log is found, without the"
                              + " process that writes it, and only in directories that anybody may read")))
          .using(ModuleSetting.CONTAINER_ROOTS)
          .following(ModuleSetting.LOGS);

  private LogDiscoveryDescriptor() {}
}
