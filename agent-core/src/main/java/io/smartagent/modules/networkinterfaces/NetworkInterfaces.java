package io.smartagent.modules.networkinterfaces;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.Module;
import io.smartagent.module.ModuleContext;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.container.Containers;
import io.smartagent.modules.networkinterfaces.InterfaceEvents.Reported;
import io.smartagent.modules.networkinterfaces.NamespaceFinder.Found;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shows the network interfaces of the host and of every container, one look for each network
 * namespace. The events and metrics are described in {@link NetworkInterfacesTelemetry}. It changes
 * nothing: what {@link NetlinkReader} leaves with the kernel is an id.
 */
public final class NetworkInterfaces implements Module {

  private static final Duration INTERVAL = Duration.ofSeconds(15);

  /**
   * What is more than that waits for the next pass: no flood of interfaces becomes one of events.
   */
  private static final int EVENTS_IN_A_PASS = 500;

  private static final String OWN_PIDS =
      "The agent has a pid namespace of its own, so the kernel does not take the host's pids from"
          + " it: ";
  private static final String NOT_BY_PID =
      "MTU, MAC address, state and other end of containers' interfaces are not shown.";
  private static final String NOT_PAIRED =
      "which interfaces of containers and of the host belong together is not shown.";
  private static final String OWN_PROCFS =
      "The agent sees only the processes of its own container, so only its own interfaces are"
          + " shown.";
  private static final String OWN_NETWORK =
      "The agent has a network namespace of its own, so MTU, MAC address and state of the host's"
          + " interfaces are not shown, nor which of them belong to containers. Set hostNetwork:"
          + " true.";
  private static final String SET_HOST_PID = " Set hostPID: true.";
  private static final String OLD_KERNEL =
      "The kernel is older than 4.20 and does not tell of other network namespaces: "
          + NOT_BY_PID
          + " SYS_ADMIN and SYS_PTRACE without NET_ADMIN would show them, with network-interfaces"
          + " named in SMARTAGENT_MODULES.";

  /** Who an interface is. */
  private record Identity(long namespace, String name) {}

  private Map<Identity, Reported> reported = new LinkedHashMap<>();
  private final InterfaceMetrics metrics = new InterfaceMetrics();

  /** A module is made for one run. */
  @Override
  public void run(ModuleContext context) throws ErrnoException {
    Kernel kernel = context.kernel();
    Containers containers = new Containers(context);
    NamespaceFinder finder = new NamespaceFinder(kernel.filesystem(), context.root(), containers);
    context.metrics().register(metrics.table());
    do {
      long begin = System.nanoTime();
      AgentPlace place = AgentPlace.find(kernel.filesystem(), context.root());
      Found found = finder.find(place != AgentPlace.OWN_PROCFS, context::isStopping);
      List<String> troubles = new ArrayList<>();
      Reading reading = read(context, finder, found, place, troubles);
      if (context.isStopping()) {
        return;
      }
      if (reading.failures() > 0) {
        troubles.add(
            count(reading.failures(), "network namespace")
                + " could not be read: "
                + reading.lastFailure()
                + ".");
      }
      Map<Long, ContainerIdentity> identities = identities(reading, containers);
      tell(context, reading, identities);
      metrics.show(
          found,
          reading,
          namespace -> identities.get(namespace.number()),
          Duration.ofNanos(System.nanoTime() - begin));
      context.observed(summary(reading));
      context.degraded(String.join(" ", troubles));
    } while (context.pause(INTERVAL));
  }

  private static Reading read(
      ModuleContext context,
      NamespaceFinder finder,
      Found found,
      AgentPlace place,
      List<String> troubles)
      throws ErrnoException {
    Kernel kernel = context.kernel();
    boolean samePids = place != AgentPlace.OWN_PIDS;
    NamespaceReader proc = new ProcReader(kernel, finder, context.root(), samePids);
    if (place == AgentPlace.OWN_PROCFS) {
      troubles.add(OWN_PROCFS + SET_HOST_PID);
    }
    return switch (context.source()) {
      case NetworkInterfacesDefinition.NETLINK -> {
        if (!samePids) {
          troubles.add(OWN_PIDS + NOT_BY_PID + SET_HOST_PID);
          yield proc.read(found, context::isStopping);
        }
        try {
          yield new NetlinkReader(kernel, finder).read(found, context::isStopping);
        } catch (ErrnoException e) {
          if (e.errno() != Errno.EOPNOTSUPP) {
            throw e;
          }
          troubles.add(OLD_KERNEL);
          yield proc.read(found, context::isStopping);
        }
      }
      case NetworkInterfacesDefinition.SETNS ->
          new SetnsReader(kernel, finder, context.root()).read(found, context::isStopping);
      case NetworkInterfacesDefinition.PROC -> {
        if (found.host() != null && !found.ownIsHost()) {
          troubles.add(OWN_NETWORK);
        } else if (!samePids) {
          troubles.add(OWN_PIDS + NOT_PAIRED + SET_HOST_PID);
        }
        yield proc.read(found, context::isStopping);
      }
      default ->
          throw new IllegalArgumentException(
              "network-interfaces has no source " + context.source());
    };
  }

  /** A pod's sandbox may be unknown where one of its containers is not. */
  private static Map<Long, ContainerIdentity> identities(Reading reading, Containers containers) {
    Map<Long, ContainerIdentity> known = new HashMap<>();
    for (Reading.Interfaces each : reading.namespaces()) {
      for (CgroupOwner owner : each.namespace().owners()) {
        ContainerIdentity identity = containers.identify(owner);
        if (identity != null) {
          known.put(each.namespace().number(), identity);
          break;
        }
      }
    }
    return known;
  }

  private void tell(
      ModuleContext context, Reading reading, Map<Long, ContainerIdentity> identities) {
    Instant now = Instant.now();
    Map<Identity, Reported> seen = new LinkedHashMap<>();
    for (Reading.Interfaces each : reading.namespaces()) {
      ContainerIdentity container = identities.get(each.namespace().number());
      for (NetworkInterface shown : each.interfaces()) {
        seen.put(
            new Identity(each.namespace().number(), shown.name()),
            new Reported(each.namespace(), shown.withoutCounters(), container));
      }
    }
    Map<Identity, Reported> after = new LinkedHashMap<>();
    reported.forEach((identity, before) -> {
      Reported next = seen.get(identity);
      boolean unread = next == null && reading.unreadable().contains(identity.namespace());
      if (unread || (next != null && next.namespace().continues(before.namespace()))) {
        after.put(identity, before);
      } else {
        context.emit(InterfaceEvents.removed(now, before));
      }
    });
    int events = 0;
    for (Map.Entry<Identity, Reported> entry : seen.entrySet()) {
      Reported next = entry.getValue();
      Reported before = after.get(entry.getKey());
      List<String> differences =
          before == null
              ? List.of()
              : InterfaceEvents.differences(before.networkInterface(), next.networkInterface());
      if (before != null && differences.isEmpty()) {
        after.put(entry.getKey(), next);
      } else if (events < EVENTS_IN_A_PASS) {
        events++;
        after.put(entry.getKey(), next);
        context.emit(
            before == null
                ? InterfaceEvents.found(now, next)
                : InterfaceEvents.changed(now, next, differences));
      }
    }
    reported = after;
  }

  private static String summary(Reading reading) {
    return count(reading.interfaces(), "interface")
        + " in "
        + count(reading.namespaces().size(), "network namespace");
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
