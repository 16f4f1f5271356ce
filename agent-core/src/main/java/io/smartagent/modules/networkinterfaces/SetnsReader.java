package io.smartagent.modules.networkinterfaces;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.net.Link;
import io.smartagent.kernel.net.RouteSocket;
import io.smartagent.modules.networkinterfaces.NamespaceFinder.Found;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Enters each network namespace and asks there: setns(2). The thread that does so goes from one to
 * the next, does nothing else, and ends with the pass, so none of the agent's other work is ever
 * done in a container's namespace. It inherits the capabilities of the thread that starts it.
 */
final class SetnsReader implements NamespaceReader {

  private static final long LOOK_FOR_STOP_MILLIS = 200;

  private final Kernel kernel;
  private final NamespaceFinder finder;
  private final String proc;

  /**
   * @param root the host's root, without a slash at its end
   */
  SetnsReader(Kernel kernel, NamespaceFinder finder, String root) {
    this.kernel = kernel;
    this.finder = finder;
    this.proc = root + "/proc";
  }

  @Override
  public Reading read(Found found, BooleanSupplier stopping) {
    FutureTask<Reading> visit = new FutureTask<>(() -> visit(found, stopping));
    Thread.ofPlatform().daemon().name("network-interfaces-setns").start(visit);
    while (true) {
      try {
        return visit.get(LOOK_FOR_STOP_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException notYet) {
        if (stopping.getAsBoolean()) {
          return new Reading();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Reading();
      } catch (ExecutionException | CancellationException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private Reading visit(Found found, BooleanSupplier stopping) {
    Reading reading = new Reading();
    Links none = new Links(List.of(), List.of());
    NetworkNamespace host = found.host();
    if (host == null) {
      visitContainers(found, none, null, reading, stopping);
      return reading;
    }
    // The first process may be closed even to this one: it may have capabilities that it lacks.
    try (Descriptor namespace =
        found.ownIsHost()
            ? kernel.filesystem().openFile(proc + "/thread-self/ns/net")
            : open(host)) {
      Links links = visitHost(host, namespace, reading);
      visitContainers(found, links, namespace, reading, stopping);
    } catch (ErrnoException e) {
      reading.fail(host, e);
      visitContainers(found, none, null, reading, stopping);
    }
    return reading;
  }

  private Links visitHost(NetworkNamespace host, Descriptor namespace, Reading reading)
      throws ErrnoException {
    kernel.namespaces().enterNetworkNamespace(namespace);
    try (RouteSocket route = kernel.network().openRoute()) {
      return NetlinkReader.addHost(host, route, RouteSocket.NONE, reading);
    }
  }

  private void visitContainers(
      Found found,
      Links host,
      @Nullable Descriptor hostNamespace,
      Reading reading,
      BooleanSupplier stopping) {
    for (NetworkNamespace namespace : found.containers()) {
      if (stopping.getAsBoolean()) {
        return;
      }
      try (Descriptor open = open(namespace)) {
        kernel.namespaces().enterNetworkNamespace(open);
        if (finder.isEnteredBy(namespace)) {
          visit(namespace, host, hostNamespace, reading);
        } else {
          reading.end(namespace);
        }
      } catch (ErrnoException e) {
        finder.blame(namespace, e, reading);
      }
    }
  }

  private void visit(
      NetworkNamespace namespace, Links host, @Nullable Descriptor hostNamespace, Reading reading)
      throws ErrnoException {
    try (RouteSocket route = kernel.network().openRoute()) {
      RouteSocket.Found<Link> links = route.links(RouteSocket.NONE, Bounds.CONTAINER_INTERFACES);
      Links container = NetlinkReader.with(route, RouteSocket.NONE, links, reading);
      int hostId = hostNamespace == null ? RouteSocket.NONE : route.namespaceId(hostNamespace);
      reading.add(namespace, container.ofContainer(host, hostId), links.leftOut());
    }
  }

  private Descriptor open(NetworkNamespace namespace) throws ErrnoException {
    return kernel.filesystem().openFile(proc + "/" + namespace.pid() + "/ns/net");
  }
}
