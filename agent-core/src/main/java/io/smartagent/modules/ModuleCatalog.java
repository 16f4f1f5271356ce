package io.smartagent.modules;

import io.smartagent.module.Module;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.ModuleTelemetry;
import io.smartagent.modules.applicationdiscovery.ApplicationDiscovery;
import io.smartagent.modules.applicationdiscovery.ApplicationDiscoveryDescriptor;
import io.smartagent.modules.applicationdiscovery.ApplicationDiscoveryTelemetry;
import io.smartagent.modules.containermetrics.ContainerMetrics;
import io.smartagent.modules.containermetrics.ContainerMetricsDescriptor;
import io.smartagent.modules.containermetrics.ContainerMetricsTelemetry;
import io.smartagent.modules.hostevents.HostEvents;
import io.smartagent.modules.hostevents.HostEventsDescriptor;
import io.smartagent.modules.hostevents.HostEventsTelemetry;
import io.smartagent.modules.kernelstacks.KernelStacks;
import io.smartagent.modules.kernelstacks.KernelStacksDescriptor;
import io.smartagent.modules.kernelstacks.KernelStacksTelemetry;
import io.smartagent.modules.kubernetesattributes.KubernetesAttributes;
import io.smartagent.modules.kubernetesattributes.KubernetesAttributesDescriptor;
import io.smartagent.modules.kubernetesattributes.KubernetesAttributesTelemetry;
import io.smartagent.modules.logdiscovery.LogDiscovery;
import io.smartagent.modules.logdiscovery.LogDiscoveryDescriptor;
import io.smartagent.modules.logdiscovery.LogDiscoveryTelemetry;
import io.smartagent.modules.networkinterfaces.NetworkInterfaces;
import io.smartagent.modules.networkinterfaces.NetworkInterfacesDescriptor;
import io.smartagent.modules.networkinterfaces.NetworkInterfacesTelemetry;
import java.util.List;

/** The modules that are built, sorted by their ids. */
public final class ModuleCatalog {

  private static final List<ModuleDescriptor> DESCRIPTORS =
      List.of(
          ApplicationDiscoveryDescriptor.DESCRIPTOR,
          ContainerMetricsDescriptor.DESCRIPTOR,
          HostEventsDescriptor.DESCRIPTOR,
          KernelStacksDescriptor.DESCRIPTOR,
          KubernetesAttributesDescriptor.DESCRIPTOR,
          LogDiscoveryDescriptor.DESCRIPTOR,
          NetworkInterfacesDescriptor.DESCRIPTOR);

  private ModuleCatalog() {}

  /** Returns what is known of each module without loading it. */
  public static List<ModuleDescriptor> descriptors() {
    return DESCRIPTORS;
  }

  /**
   * Returns a new module.
   *
   * @throws IllegalArgumentException where no module has this id
   */
  public static Module create(String id) {
    return switch (id) {
      case "application-discovery" -> new ApplicationDiscovery();
      case "container-metrics" -> new ContainerMetrics();
      case "host-events" -> new HostEvents();
      case "kernel-stacks" -> new KernelStacks();
      case "kubernetes-attributes" -> new KubernetesAttributes();
      case "log-discovery" -> new LogDiscovery();
      case "network-interfaces" -> new NetworkInterfaces();
      default -> throw unknown(id);
    };
  }

  /**
   * Returns all that a module may tell.
   *
   * @throws IllegalArgumentException where no module has this id
   */
  public static ModuleTelemetry telemetry(String id) {
    return switch (id) {
      case "application-discovery" -> ApplicationDiscoveryTelemetry.TELEMETRY;
      case "container-metrics" -> ContainerMetricsTelemetry.TELEMETRY;
      case "host-events" -> HostEventsTelemetry.TELEMETRY;
      case "kernel-stacks" -> KernelStacksTelemetry.TELEMETRY;
      case "kubernetes-attributes" -> KubernetesAttributesTelemetry.TELEMETRY;
      case "log-discovery" -> LogDiscoveryTelemetry.TELEMETRY;
      case "network-interfaces" -> NetworkInterfacesTelemetry.TELEMETRY;
      default -> throw unknown(id);
    };
  }

  private static IllegalArgumentException unknown(String id) {
    return new IllegalArgumentException("no module has the id " + id);
  }
}
