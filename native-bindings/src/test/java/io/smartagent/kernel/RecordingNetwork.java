package io.smartagent.kernel;

import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.net.InterfaceAddress;
import io.smartagent.kernel.net.Link;
import io.smartagent.kernel.net.Network;
import io.smartagent.kernel.net.ProcessEvent;
import io.smartagent.kernel.net.ProcessEvents;
import io.smartagent.kernel.net.RouteSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Tells of the processes and network interfaces that a test has made up. */
final class RecordingNetwork implements Network {

  private final CallLog log;
  private final Queue<ProcessEvents.Batch> batches = new ConcurrentLinkedQueue<>();
  private final List<NetworkNamespace> namespaces = new ArrayList<>();

  /** The processes and interfaces of a namespace; its id is its place in the list. */
  private record NetworkNamespace(
      Set<Integer> pids, List<Link> links, List<InterfaceAddress> addresses) {}

  RecordingNetwork(CallLog log) {
    this.log = log;
  }

  void add(List<ProcessEvent> events, boolean overrun) {
    batches.add(new ProcessEvents.Batch(events, overrun));
  }

  void add(Set<Integer> pids, List<Link> links, List<InterfaceAddress> addresses) {
    NetworkNamespace now = new NetworkNamespace(pids, links, addresses);
    for (int id = 0; id < namespaces.size(); id++) {
      if (namespaces.get(id).pids().equals(pids)) {
        namespaces.set(id, now);
        return;
      }
    }
    namespaces.add(now);
  }

  @Override
  public ProcessEvents openProcessEvents() throws ErrnoException {
    log.read("PROC_CN_MCAST_LISTEN");
    return new ProcessEvents() {
      @Override
      public Batch poll(Duration timeout) throws ErrnoException {
        log.read("recvfrom(NETLINK_CONNECTOR");
        Batch next = batches.poll();
        return next == null ? new Batch(List.of(), false) : next;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public RouteSocket openRoute() throws ErrnoException {
    log.read("socket(AF_NETLINK, NETLINK_ROUTE)");
    return new Route();
  }

  private final class Route implements RouteSocket {

    @Override
    public int namespaceId(int pid) throws ErrnoException {
      String call = "RTM_GETNSID, pid " + pid;
      log.read(call);
      for (int id = 0; id < namespaces.size(); id++) {
        if (namespaces.get(id).pids().contains(pid)) {
          return id;
        }
      }
      throw new ErrnoException(call, Errno.ESRCH);
    }

    @Override
    public int namespaceId(Descriptor namespace) {
      return NONE;
    }

    @Override
    public int assignNamespaceId(int pid) throws ErrnoException {
      log.read("RTM_NEWNSID, pid " + pid);
      return namespaceId(pid);
    }

    @Override
    public Found<Link> links(int namespace, int limit) throws ErrnoException {
      log.read("RTM_GETLINK, namespace " + namespace);
      List<Link> links = of(namespace, "RTM_GETLINK").links();
      int shown = Math.min(limit, links.size());
      return new Found<>(links.subList(0, shown), links.size() - shown);
    }

    @Override
    public Found<InterfaceAddress> addresses(int namespace, int limit) throws ErrnoException {
      log.read("RTM_GETADDR, namespace " + namespace);
      List<InterfaceAddress> addresses = of(namespace, "RTM_GETADDR").addresses();
      int shown = Math.min(limit, addresses.size());
      return new Found<>(addresses.subList(0, shown), addresses.size() - shown);
    }

    private NetworkNamespace of(int id, String call) throws ErrnoException {
      int place = Math.max(0, id);
      if (place >= namespaces.size()) {
        throw new ErrnoException(call, Errno.EINVAL);
      }
      return namespaces.get(place);
    }

    @Override
    public void close() {}
  }
}
