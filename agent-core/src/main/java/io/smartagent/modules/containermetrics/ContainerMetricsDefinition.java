package io.smartagent.modules.containermetrics;

import static io.smartagent.kernel.capability.Capability.CAP_DAC_READ_SEARCH;

import io.smartagent.module.Module;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.module.ModuleTelemetry;
import io.smartagent.module.Setting;
import io.smartagent.module.SharedSettings;
import io.smartagent.modules.container.RuntimePaths;
import io.smartagent.needs.HostAccess;
import io.smartagent.needs.Needs;
import io.smartagent.needs.Source;
import java.util.List;

/** The module {@code container-metrics}. */
public final class ContainerMetricsDefinition implements ModuleDefinition {

  /** Control groups, and what the container runtimes have written about their containers. */
  public static final String RUNTIME_FILES = "runtime-files";

  /** Control groups, which anybody may read. */
  public static final String CGROUPS = "cgroups";

  private static final HostAccess HOST =
      HostAccess.NONE
          .reads("/proc", "/sys/dev/block", "/sys/fs/cgroup")
          .reads(RuntimePaths.ALL)
          .mount("proc", "/proc")
          .mount("cgroup2", "/sys/fs/cgroup");

  private static final Needs NEEDS =
      Needs.firstOf(
              Source.of(RUNTIME_FILES, CAP_DAC_READ_SEARCH),
              Source.of(CGROUPS)
                  .degradedTo(
                      "names, images and labels of containers are unknown, but for what other"
                          + " modules and the names of log directories tell; those that have"
                          + " ended are not shown"))
          .with(HOST);

  @Override
  public String id() {
    return "container-metrics";
  }

  @Override
  public String summary() {
    return "measures the containers: CPU, memory, I/O, processes, network, by container and pod";
  }

  @Override
  public String loss() {
    return "containers are not measured";
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
    return ContainerMetricsTelemetry.telemetry();
  }

  @Override
  public Module create() {
    return new ContainerMetrics();
  }
}
