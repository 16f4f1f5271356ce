package io.smartagent.modules.networkinterfaces;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.net.Link;
import io.smartagent.kernel.net.RouteSocket;
import io.smartagent.modules.networkinterfaces.NamespaceFinder.Found;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what anybody may read: the files below /proc/PID/net, and rtnetlink(7) in the agent's own
 * network namespace. Where that is the host's, its interfaces tell at which index of which
 * namespace their other end is, and a process's namespace id may be asked for without any
 * capability.
 */
final class ProcReader implements NamespaceReader {

  /** A container that has more than some five thousand interfaces is not read at all. */
  private static final int FILE_LIMIT = 1 << 20;

  private final Kernel kernel;
  private final NamespaceFinder finder;
  private final String proc;
  private final boolean samePids;

  /**
   * @param root the host's root, without a slash at its end
   * @param samePids whether the kernel takes the host's pids from the agent
   */
  ProcReader(Kernel kernel, NamespaceFinder finder, String root, boolean samePids) {
    this.kernel = kernel;
    this.finder = finder;
    this.proc = root + "/proc";
    this.samePids = samePids;
  }

  @Override
  public Reading read(Found found, BooleanSupplier stopping) throws ErrnoException {
    Reading reading = new Reading();
    try (RouteSocket route = kernel.network().openRoute()) {
      NetworkNamespace host = found.host();
      Links links = null;
      if (host != null && found.ownIsHost()) {
        links = NetlinkReader.addHost(host, route, RouteSocket.NONE, reading);
      } else if (host != null) {
        take(host, read(host), reading);
      }
      for (NetworkNamespace namespace : found.containers()) {
        if (stopping.getAsBoolean()) {
          break;
        }
        try {
          List<NetworkInterface> interfaces = read(namespace, reading);
          if (!finder.isIn(namespace)) {
            reading.end(namespace);
            continue;
          }
          reading.add(namespace, paired(interfaces, namespace, links, route), 0);
        } catch (ErrnoException e) {
          finder.blame(namespace, e, reading);
        }
      }
    }
    return reading;
  }

  private static void take(NetworkNamespace namespace, ProcNet net, Reading reading) {
    reading.add(namespace, net.interfaces(), 0);
    reading.leaveOutAddresses(net.addressesLeftOut());
  }

  private List<NetworkInterface> read(NetworkNamespace namespace, Reading reading)
      throws ErrnoException {
    ProcNet net = read(namespace);
    List<NetworkInterface> interfaces = net.interfaces();
    reading.leaveOutAddresses(net.addressesLeftOut());
    return interfaces;
  }

  private ProcNet read(NetworkNamespace namespace) throws ErrnoException {
    String directory = proc + "/" + namespace.pid() + "/net/";
    String dev =
        new String(
            kernel.filesystem().readAll(directory + "dev", FILE_LIMIT), StandardCharsets.UTF_8);
    return ProcNet.parse(
        dev,
        text(directory + "dev_mcast"),
        text(directory + "if_inet6"),
        text(directory + "fib_trie"),
        text(directory + "route"));
  }

  /** Without IPv6 or a table there is no such file. */
  private String text(String path) {
    try {
      return new String(kernel.filesystem().readAll(path, FILE_LIMIT), StandardCharsets.UTF_8);
    } catch (ErrnoException absent) {
      return "";
    }
  }

  private List<NetworkInterface> paired(
      List<NetworkInterface> interfaces,
      NetworkNamespace namespace,
      @Nullable Links host,
      RouteSocket route) {
    if (host == null || !samePids) {
      return interfaces;
    }
    try {
      List<Link> ends = host.whosePeerIsIn(route.namespaceId(namespace.pid()));
      return interfaces.stream().map(each -> paired(each, ends, host)).toList();
    } catch (ErrnoException noIds) {
      return interfaces;
    }
  }

  private static NetworkInterface paired(NetworkInterface each, List<Link> ends, Links host) {
    for (Link end : ends) {
      if (each.index() != 0 && end.peerIndex() == each.index()) {
        return each.pairedWith(end.name(), host.bridgeOf(end));
      }
    }
    return each;
  }
}
