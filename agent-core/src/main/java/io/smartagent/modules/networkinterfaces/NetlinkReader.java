package io.smartagent.modules.networkinterfaces;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.net.InterfaceAddress;
import io.smartagent.kernel.net.Link;
import io.smartagent.kernel.net.RouteSocket;
import io.smartagent.modules.networkinterfaces.NamespaceFinder.Found;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Asks for each namespace by an id that the kernel gives it: RTM_GETNSID, IFLA_TARGET_NETNSID. The
 * kernel looks pids up in the asker's pid namespace, so that has to be the host's.
 *
 * <p>An id stays with the agent's network namespace until the other one ends. It is a number in the
 * kernel's memory and nothing else; bridges' ports get one anyway.
 */
final class NetlinkReader implements NamespaceReader {

  private final Kernel kernel;
  private final NamespaceFinder finder;

  NetlinkReader(Kernel kernel, NamespaceFinder finder) {
    this.kernel = kernel;
    this.finder = finder;
  }

  /**
   * @throws ErrnoException also EOPNOTSUPP, where the kernel is older than 4.20
   */
  @Override
  public Reading read(Found found, BooleanSupplier stopping) throws ErrnoException {
    Reading reading = new Reading();
    try (RouteSocket route = kernel.network().openRoute()) {
      Links host = new Links(List.of(), List.of());
      NetworkNamespace first = found.host();
      if (first != null) {
        int id = found.ownIsHost() ? RouteSocket.NONE : route.assignNamespaceId(first.pid());
        host = addHost(first, route, id, reading);
      }
      for (NetworkNamespace namespace : found.containers()) {
        if (stopping.getAsBoolean()) {
          break;
        }
        try {
          int id = route.assignNamespaceId(namespace.pid());
          // Between the two looks the pid may have become another process's.
          if (!finder.isIn(namespace)) {
            reading.end(namespace);
            continue;
          }
          RouteSocket.Found<Link> links = route.links(id, Bounds.CONTAINER_INTERFACES);
          Links container = with(route, id, links, reading);
          // The kernel may have given the host its id for the sake of these links.
          int hostId = first == null ? RouteSocket.NONE : route.namespaceId(first.pid());
          reading.add(namespace, container.ofContainer(host, hostId), links.leftOut());
        } catch (ErrnoException e) {
          if (e.errno() == Errno.EOPNOTSUPP) {
            throw e;
          }
          finder.blame(namespace, e, reading);
        }
      }
    }
    return reading;
  }

  /** Adds the host's interfaces, and returns them for their other ends to be found among. */
  static Links addHost(NetworkNamespace host, RouteSocket route, int namespace, Reading reading)
      throws ErrnoException {
    RouteSocket.Found<Link> found = route.links(namespace, Bounds.INTERFACES);
    Links links = with(route, namespace, found, reading);
    reading.add(host, links.ofHost(), found.leftOut());
    return links;
  }

  /** Returns a namespace's interfaces with their addresses. */
  static Links with(
      RouteSocket route, int namespace, RouteSocket.Found<Link> links, Reading reading)
      throws ErrnoException {
    RouteSocket.Found<InterfaceAddress> addresses =
        route.addresses(namespace, Math.max(1, links.found().size()) * Bounds.ADDRESSES);
    Links shown = new Links(links.found(), addresses.found());
    reading.leaveOutAddresses(addresses.leftOut() + shown.addressesLeftOut());
    return shown;
  }
}
