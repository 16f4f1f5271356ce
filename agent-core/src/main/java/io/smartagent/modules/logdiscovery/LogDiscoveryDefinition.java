package io.smartagent.modules.logdiscovery;

import static io.smartagent.kernel.capability.Capability.CAP_DAC_READ_SEARCH;
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

/** The module {@code log-discovery}. */
public final class LogDiscoveryDefinition implements ModuleDefinition {

  /** Files that processes hold open for writing: /proc/PID/fd. */
  public static final String OPEN_FILES = "open-files";

  /** Directories that kubelet and the container runtimes keep logs in. */
  public static final String LOG_DIRECTORIES = "log-directories";

  /** Those of the directories that anybody may read. */
  public static final String PUBLIC_DIRECTORIES = "public-directories";

  private static final HostAccess HOST =
      HostAccess.NONE.reads("/proc", "/var/log").reads(RuntimePaths.ALL).mount("proc", "/proc");

  private static final Needs NEEDS =
      Needs.firstOf(
              Source.of(OPEN_FILES, CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH)
                  .abilities(Ability.PTRACE_READ),
              Source.of(LOG_DIRECTORIES, CAP_DAC_READ_SEARCH)
                  .degradedTo(
                      "only what containers print and what lies in /var/log is found, without the"
                          + " process that writes it"),
              Source.of(PUBLIC_DIRECTORIES)
                  .degradedTo(
                      "only what containers print and what lies in /var/log is found, without the"
                          + " process that writes it, and only in directories that anybody may"
                          + " read"))
          .with(HOST);

  @Override
  public String id() {
    return "log-discovery";
  }

  @Override
  public String summary() {
    return "finds the log files on the host: path, process, container, format, rotation";
  }

  @Override
  public String loss() {
    return "log files are not discovered";
  }

  @Override
  public Needs needs() {
    return NEEDS;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(
        SharedSettings.CONTAINER_ROOTS,
        SharedSettings.LOG_PODS,
        SharedSettings.LOG_NAMESPACES,
        SharedSettings.LOG_UNKNOWN_PODS);
  }

  @Override
  public List<Setting<?>> followedSettings() {
    return List.of(
        SharedSettings.LOG_PODS, SharedSettings.LOG_NAMESPACES, SharedSettings.LOG_UNKNOWN_PODS);
  }

  @Override
  public ModuleTelemetry telemetry() {
    return LogDiscoveryTelemetry.telemetry();
  }

  @Override
  public Module create() {
    return new LogDiscovery();
  }
}
