package io.smartagent.modules.networkinterfaces;

import io.smartagent.kernel.net.LinkCounters;
import io.smartagent.kernel.net.OperationalState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network interface as it is told; what is unknown is null.
 *
 * @param name within its namespace
 * @param index within its namespace; 0 where it is unknown
 * @param loopback whether it is the loopback
 * @param kind of software device; null also for hardware
 * @param addresses with the length of their prefix after a slash, where it is known; IPv4 first
 * @param running whether it is switched on and can carry packets
 * @param master the bridge or bond that it belongs to, in the same namespace
 * @param hostInterface the interface of the host that is its other end, or that it is stacked on
 * @param bridge of the host that {@code hostInterface} belongs to; of an interface of the host, its
 *     own
 */
record NetworkInterface(
    String name,
    int index,
    boolean loopback,
    @Nullable String kind,
    @Nullable String mac,
    @Nullable Long mtu,
    @Nullable OperationalState state,
    @Nullable Boolean running,
    List<String> addresses,
    @Nullable String master,
    @Nullable String hostInterface,
    @Nullable String bridge,
    @Nullable LinkCounters counters) {

  NetworkInterface {
    addresses = List.copyOf(addresses);
  }

  /** Returns this with the other end on the host. */
  NetworkInterface pairedWith(@Nullable String newHostInterface, @Nullable String newBridge) {
    return new NetworkInterface(
        name,
        index,
        loopback,
        kind,
        mac,
        mtu,
        state,
        running,
        addresses,
        master,
        newHostInterface,
        newBridge,
        counters);
  }

  /** Returns this without what changes all the time. */
  NetworkInterface withoutCounters() {
    return new NetworkInterface(
        name,
        index,
        loopback,
        kind,
        mac,
        mtu,
        state,
        running,
        addresses,
        master,
        hostInterface,
        bridge,
        null);
  }
}
