package io.smartagent.modules.networkinterfaces;

import io.smartagent.kernel.net.LinkCounters;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.MetricFamily;
import io.smartagent.module.MetricTable;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.networkinterfaces.NamespaceFinder.Found;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of {@link NetworkInterfacesTelemetry}. As in cAdvisor's, a pod's interfaces have the
 * labels pod and namespace, and no container; any other container's have its name. Where no runtime
 * tells names, ids stand in their place.
 */
final class InterfaceMetrics {

  private static final double NANOSECONDS = 1e9;

  /** As many digits of an id as Docker shows. */
  private static final int SHORT_ID = 12;

  private final MetricTable table = new MetricTable(NetworkInterfacesTelemetry.METRICS);

  MetricTable table() {
    return table;
  }

  /** Whose an interface is. */
  private record Owner(String container, String pod, String namespace) {}

  /** Makes labels of what is known of a namespace's container; null where nothing is. */
  interface Identities {
    @Nullable ContainerIdentity of(NetworkNamespace namespace);
  }

  void show(Found found, Reading reading, Identities identities, Duration time) {
    MetricTable.Pass pass = table.begin();
    Set<Owner> owners = new HashSet<>();
    for (Reading.Interfaces each : reading.namespaces()) {
      Owner owner = owner(each.namespace(), identities.of(each.namespace()));
      if (!owners.add(owner)) {
        // Two runtimes may have given the same name.
        owner = new Owner(longName(each.namespace()), owner.pod(), owner.namespace());
        owners.add(owner);
      }
      Set<String> names = new HashSet<>();
      for (NetworkInterface shown : each.interfaces()) {
        // A name that is no UTF-8 may look like another one.
        if (names.add(shown.name()) && (!shown.loopback() || each.namespace().host())) {
          add(pass, shown, owner);
        }
      }
    }
    pass.add(NetworkInterfacesTelemetry.NAMESPACES, found.host() == null ? 0 : 1, "host")
        .add(
            NetworkInterfacesTelemetry.NAMESPACES,
            found.containers().size() + found.leftOut(),
            "container")
        .add(NetworkInterfacesTelemetry.NAMESPACES, found.others(), "other")
        .add(NetworkInterfacesTelemetry.NAMESPACES_UNREADABLE, reading.unreadable().size())
        .add(NetworkInterfacesTelemetry.NAMESPACES_TRUNCATED, found.leftOut())
        .add(NetworkInterfacesTelemetry.INTERFACES_TRUNCATED, reading.interfacesLeftOut())
        .add(NetworkInterfacesTelemetry.ADDRESSES_TRUNCATED, reading.addressesLeftOut())
        .add(NetworkInterfacesTelemetry.PASS_SECONDS, time.toNanos() / NANOSECONDS)
        .show();
  }

  private static Owner owner(NetworkNamespace namespace, @Nullable ContainerIdentity container) {
    CgroupOwner owner = namespace.owner();
    String podUid = owner.podUid();
    if (podUid == null && container != null) {
      podUid = container.podUid();
    }
    if (namespace.host()) {
      return new Owner("", "", "");
    }
    if (podUid != null) {
      String name = container == null ? null : container.podName();
      return new Owner(
          "",
          name == null ? podUid : name,
          orEmpty(container == null ? null : container.podNamespace()));
    }
    String name = container == null ? null : container.name();
    return new Owner(name == null ? shortId(owner) : name, "", "");
  }

  private static String shortId(CgroupOwner owner) {
    String id = orEmpty(owner.containerId());
    return id.length() > SHORT_ID ? id.substring(0, SHORT_ID) : id;
  }

  private static String longName(NetworkNamespace namespace) {
    return orEmpty(namespace.owner().containerId()) + "#" + namespace.number();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static void add(MetricTable.Pass pass, NetworkInterface shown, Owner owner) {
    String host = orEmpty(shown.hostInterface());
    pass.add(
        NetworkInterfacesTelemetry.INFO,
        1,
        shown.name(),
        owner.container(),
        owner.pod(),
        owner.namespace(),
        host,
        orEmpty(shown.bridge()),
        orEmpty(shown.kind()),
        orEmpty(shown.mac()));
    Column column = new Column(pass, shown.name(), owner, host);
    if (shown.running() != null) {
      column.add(NetworkInterfacesTelemetry.UP, shown.running() ? 1 : 0);
    }
    if (shown.mtu() != null) {
      column.add(NetworkInterfacesTelemetry.MTU, shown.mtu());
    }
    LinkCounters counters = shown.counters();
    if (counters != null) {
      column.count(NetworkInterfacesTelemetry.RECEIVE_BYTES, counters.receivedBytes());
      column.count(NetworkInterfacesTelemetry.RECEIVE_PACKETS, counters.receivedPackets());
      column.count(NetworkInterfacesTelemetry.RECEIVE_ERRORS, counters.receiveErrors());
      column.count(NetworkInterfacesTelemetry.RECEIVE_DROPPED, counters.receivedDropped());
      column.count(NetworkInterfacesTelemetry.TRANSMIT_BYTES, counters.sentBytes());
      column.count(NetworkInterfacesTelemetry.TRANSMIT_PACKETS, counters.sentPackets());
      column.count(NetworkInterfacesTelemetry.TRANSMIT_ERRORS, counters.sendErrors());
      column.count(NetworkInterfacesTelemetry.TRANSMIT_DROPPED, counters.sentDropped());
    }
  }

  /** The values of one interface. */
  private record Column(MetricTable.Pass pass, String name, Owner owner, String host) {
    void add(MetricFamily family, double value) {
      pass.add(family, value, name, owner.container(), owner.pod(), owner.namespace(), host);
    }

    /** Adds a counter, which has no sign. */
    void count(MetricFamily family, long value) {
      add(family, (value >>> 1) * 2.0 + (value & 1));
    }
  }
}
