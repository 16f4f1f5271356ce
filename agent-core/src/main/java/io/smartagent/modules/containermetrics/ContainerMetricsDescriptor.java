package io.smartagent.modules.containermetrics;

import static io.smartagent.kernel.capability.Capability.CAP_DAC_READ_SEARCH;

import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.ModuleSetting;
import io.smartagent.module.Need;
import io.smartagent.module.Source;

/** What {@code container-metrics} needs. */
public final class ContainerMetricsDescriptor {

  /** Control groups, and what the container runtimes have written about their containers. */
  public static final String RUNTIME_FILES = "runtime-files";

  /** Control groups, which anybody may read. */
  public static final String CGROUPS = "cgroups";

  /** The module as the planner knows it. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
              "container-metrics",
              "measures the containers: CPU, memory, I/O, processes, network, by container and pod",
              "containers are not measured",
              Need.anyOf(
                  Source.of(RUNTIME_FILES, CAP_DAC_READ_SEARCH),
                  Source.of(CGROUPS)
                      .degradedTo(
                          "names, images and labels of containers are unknown, but for what other"
                              + " modules and the names of log directories tell; those that have"
                              + " ended are not shown")))
          .using(ModuleSetting.CONTAINER_ROOTS);

  private ContainerMetricsDescriptor() {}
}
