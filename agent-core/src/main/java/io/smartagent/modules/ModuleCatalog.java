package io.smartagent.modules;

import io.smartagent.module.ModuleDefinition;
import io.smartagent.modules.applicationdiscovery.ApplicationDiscoveryDefinition;
import io.smartagent.modules.containermetrics.ContainerMetricsDefinition;
import io.smartagent.modules.hostevents.HostEventsDefinition;
import io.smartagent.modules.kernelstacks.KernelStacksDefinition;
import io.smartagent.modules.kubernetesattributes.KubernetesAttributesDefinition;
import io.smartagent.modules.logdiscovery.LogDiscoveryDefinition;
import io.smartagent.modules.networkinterfaces.NetworkInterfacesDefinition;
import java.util.List;

/** The modules that are built, sorted by their ids. */
public final class ModuleCatalog {

  private static final List<ModuleDefinition> MODULES =
      List.of(
          new ApplicationDiscoveryDefinition(),
          new ContainerMetricsDefinition(),
          new HostEventsDefinition(),
          new KernelStacksDefinition(),
          new KubernetesAttributesDefinition(),
          new LogDiscoveryDefinition(),
          new NetworkInterfacesDefinition());

  private ModuleCatalog() {}

  /** Returns all of them. */
  public static List<ModuleDefinition> modules() {
    return MODULES;
  }
}
