package io.smartagent.modules.networkinterfaces;

import io.smartagent.kernel.net.InterfaceAddress;
import io.smartagent.kernel.net.Link;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes of what rtnetlink tells of one namespace what is shown of it. */
final class Links {

  private static final int ARPHRD_LOOPBACK = 772;

  private static final Comparator<String> IPV4_FIRST =
      Comparator.comparing((String address) -> address.indexOf(':') >= 0)
          .thenComparing(Comparator.naturalOrder());

  private final List<Link> links;
  private final Map<Integer, Link> byIndex = new HashMap<>();
  private final Map<Integer, List<String>> addresses = new HashMap<>();
  private int addressesLeftOut;

  Links(List<Link> links, List<InterfaceAddress> addresses) {
    this.links = links;
    links.forEach(link -> byIndex.put(link.index(), link));
    for (InterfaceAddress address : addresses) {
      this.addresses
          .computeIfAbsent(address.index(), none -> new ArrayList<>())
          .add(address.address() + "/" + address.prefixLength());
    }
    for (Map.Entry<Integer, List<String>> entry : this.addresses.entrySet()) {
      List<String> all = entry.getValue();
      entry.setValue(firstOf(all));
      addressesLeftOut += all.size() - entry.getValue().size();
    }
  }

  /** Returns addresses in their order, no more than the bound. */
  static List<String> firstOf(List<String> addresses) {
    return addresses.stream().sorted(IPV4_FIRST).limit(Bounds.ADDRESSES).toList();
  }

  int addressesLeftOut() {
    return addressesLeftOut;
  }

  /** Returns the interface of this index; null where there is none. */
  @Nullable Link at(int index) {
    return byIndex.get(index);
  }

  /** Returns the interfaces of this namespace whose other end is in that one. */
  List<Link> whosePeerIsIn(int namespaceId) {
    return namespaceId < 0
        ? List.of()
        : links.stream().filter(link -> link.peerNamespace() == namespaceId).toList();
  }

  /** Returns the bridge that an interface belongs to; null where it belongs to none. */
  @Nullable String bridgeOf(Link link) {
    Link master = byIndex.get(link.master());
    String kind = master == null ? null : master.kind();
    return master != null && ("bridge".equals(kind) || "openvswitch".equals(kind))
        ? master.name()
        : null;
  }

  /** Returns the interfaces as those of the host, which has no other end on the host. */
  List<NetworkInterface> ofHost() {
    return links.stream().map(link -> shown(link).pairedWith(null, bridgeOf(link))).toList();
  }

  /**
   * Returns the interfaces as those of a container.
   *
   * @param host the host's interfaces
   * @param hostId by which these interfaces name the host's namespace
   */
  List<NetworkInterface> ofContainer(Links host, int hostId) {
    List<NetworkInterface> shown = new ArrayList<>();
    for (Link link : links) {
      Link other = hostId >= 0 && link.peerNamespace() == hostId ? host.at(link.peerIndex()) : null;
      shown.add(
          other == null ? shown(link) : shown(link).pairedWith(other.name(), host.bridgeOf(other)));
    }
    return shown;
  }

  private NetworkInterface shown(Link link) {
    Link master = byIndex.get(link.master());
    return new NetworkInterface(
        link.name(),
        link.index(),
        link.hardwareType() == ARPHRD_LOOPBACK,
        link.kind(),
        link.mac(),
        link.mtu(),
        link.state(),
        link.isRunning(),
        addresses.getOrDefault(link.index(), List.of()),
        master == null ? null : master.name(),
        null,
        null,
        link.counters());
  }
}
