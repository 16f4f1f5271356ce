package io.smartagent.modules.applicationdiscovery;

import static io.smartagent.kernel.capability.Capability.CAP_DAC_READ_SEARCH;
import static io.smartagent.kernel.capability.Capability.CAP_NET_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;

import io.smartagent.module.Module;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.module.ModuleTelemetry;
import io.smartagent.module.Setting;
import io.smartagent.module.SharedSettings;
import io.smartagent.modules.container.RuntimePaths;
import io.smartagent.needs.HostAccess;
import io.smartagent.needs.Needs;
import io.smartagent.needs.Source;
import io.smartagent.probe.Ability;
import java.util.List;

/** The module {@code application-discovery}. */
public final class ApplicationDiscoveryDefinition implements ModuleDefinition {

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

  private static final HostAccess HOST =
      HostAccess.NONE.reads("/etc/passwd", "/proc").reads(RuntimePaths.ALL).mount("proc", "/proc");

  private static final Needs NEEDS =
      Needs.firstOf(
              Source.of(PROC_EVENTS, CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH, CAP_NET_ADMIN)
                  .abilities(Ability.PTRACE_READ, Ability.PROCESS_EVENTS)
                  .with(HostAccess.NONE.socket("AF_NETLINK", "NETLINK_CONNECTOR")),
              Source.of(PROC_FULL, CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH)
                  .abilities(Ability.PTRACE_READ)
                  .degradedTo(
                      "applications that live for less than ten seconds may be missed, and others"
                          + " are seen late"),
              Source.of(PROC_LINKS, CAP_SYS_PTRACE)
                  .abilities(Ability.PTRACE_READ)
                  .degradedTo(
                      "versions that only a process's environment or files tell are unknown, and so"
                          + " are ports but of a container's single application"),
              Source.of(PROC_PUBLIC)
                  .degradedTo(
                      "executables of other users' processes are unknown: language and product are"
                          + " guessed from command lines, ports are known only of a container's"
                          + " single application"))
          .with(HOST);

  @Override
  public String id() {
    return "application-discovery";
  }

  @Override
  public String summary() {
    return "finds the applications on the host: product, language, versions, command line, user,"
        + " ports, container";
  }

  @Override
  public String loss() {
    return "applications are not discovered";
  }

  @Override
  public Needs needs() {
    return NEEDS;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(SharedSettings.CONTAINER_ROOTS);
  }

  @Override
  public ModuleTelemetry telemetry() {
    return ApplicationDiscoveryTelemetry.telemetry();
  }

  @Override
  public Module create() {
    return new ApplicationDiscovery();
  }
}
