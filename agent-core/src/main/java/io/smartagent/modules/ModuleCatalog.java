package io.smartagent.modules;

import io.smartagent.module.Module;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.modules.applicationdiscovery.ApplicationDiscovery;
import io.smartagent.modules.applicationdiscovery.ApplicationDiscoveryDescriptor;
import io.smartagent.modules.hostevents.HostEvents;
import io.smartagent.modules.hostevents.HostEventsDescriptor;
import java.util.List;

/** The modules that are built, sorted by their ids. */
public final class ModuleCatalog {

  private static final List<ModuleDescriptor> DESCRIPTORS =
      List.of(ApplicationDiscoveryDescriptor.DESCRIPTOR, HostEventsDescriptor.DESCRIPTOR);

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
      case "host-events" -> new HostEvents();
      default -> throw new IllegalArgumentException("no module has the id " + id);
    };
  }
}
