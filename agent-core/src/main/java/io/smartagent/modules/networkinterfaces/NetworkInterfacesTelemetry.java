package io.smartagent.modules.networkinterfaces;

import io.smartagent.kernel.net.OperationalState;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.MetricFamily;
import io.smartagent.module.ModuleTelemetry;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.networkinterfaces.InterfaceEvents.Reported;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What {@code network-interfaces} reports.
 *
 * <p>No more than 4,000 interfaces are shown: 1,024 of the host, 64 of each container's namespace,
 * each with 16 addresses. What is truncated is counted.
 */
final class NetworkInterfacesTelemetry {

  static final MetricFamily INFO =
      MetricFamily.gauge(
          "smartagent_network_interface_info",
          "Network interfaces of the host and of containers, always 1; a container's loopback is"
              + " excluded from all metrics",
          "interface",
          "container",
          "pod",
          "namespace",
          "host_interface",
          "bridge",
          "kind",
          "mac");

  static final MetricFamily UP =
      gauge("up", "Whether the interface is switched on and can carry packets, 1 or 0");
  static final MetricFamily MTU =
      gauge("mtu_bytes", "The largest packet that the interface carries, in bytes");
  static final MetricFamily RECEIVE_BYTES = counter("receive_bytes", "Bytes received");
  static final MetricFamily RECEIVE_PACKETS = counter("receive_packets", "Packets received");
  static final MetricFamily RECEIVE_ERRORS =
      counter("receive_errors", "Packets received that were damaged");
  static final MetricFamily RECEIVE_DROPPED =
      counter("receive_packets_dropped", "Packets received that there was no room for");
  static final MetricFamily TRANSMIT_BYTES = counter("transmit_bytes", "Bytes sent");
  static final MetricFamily TRANSMIT_PACKETS = counter("transmit_packets", "Packets sent");
  static final MetricFamily TRANSMIT_ERRORS =
      counter("transmit_errors", "Packets that could not be sent");
  static final MetricFamily TRANSMIT_DROPPED =
      counter("transmit_packets_dropped", "Packets to send that there was no room for");

  static final MetricFamily NAMESPACES =
      MetricFamily.gauge(
          "smartagent_network_namespaces",
          "Network namespaces that processes are in, by whose they are: host, container, or other,"
              + " of which nothing is shown",
          "owner");
  static final MetricFamily NAMESPACES_UNREADABLE =
      MetricFamily.gauge(
          "smartagent_network_namespaces_unreadable",
          "Network namespaces of containers that could not be read in the last pass");
  static final MetricFamily NAMESPACES_TRUNCATED =
      MetricFamily.gauge(
          "smartagent_network_namespaces_truncated",
          "Network namespaces of containers that are not shown, because there are too many");
  static final MetricFamily INTERFACES_TRUNCATED =
      MetricFamily.gauge(
          "smartagent_network_interfaces_truncated",
          "Network interfaces that are not shown, because there are too many");
  static final MetricFamily ADDRESSES_TRUNCATED =
      MetricFamily.gauge(
          "smartagent_network_addresses_truncated",
          "Addresses that are not shown, because an interface has too many or it is not known which"
              + " one has it");
  static final MetricFamily PASS_SECONDS =
      MetricFamily.gauge(
          "smartagent_network_interfaces_pass_seconds",
          "How long the last look at all network namespaces took, in seconds");

  /** All of them. */
  static final List<MetricFamily> METRICS =
      List.of(
          INFO,
          UP,
          MTU,
          RECEIVE_BYTES,
          RECEIVE_PACKETS,
          RECEIVE_ERRORS,
          RECEIVE_DROPPED,
          TRANSMIT_BYTES,
          TRANSMIT_PACKETS,
          TRANSMIT_ERRORS,
          TRANSMIT_DROPPED,
          NAMESPACES,
          NAMESPACES_UNREADABLE,
          NAMESPACES_TRUNCATED,
          INTERFACES_TRUNCATED,
          ADDRESSES_TRUNCATED,
          PASS_SECONDS);

  private NetworkInterfacesTelemetry() {}

  /** Returns an example of each event, and the metrics. */
  static ModuleTelemetry telemetry() {
    Instant time = Instant.parse("2026-03-01T10:15:30.120Z");
    Reported pods = ofAPod();
    return new ModuleTelemetry(
        List.of(
            InterfaceEvents.found(time, pods),
            InterfaceEvents.changed(time, ofTheHost(), List.of("state")),
            InterfaceEvents.removed(time, pods)),
        METRICS);
  }

  private static Reported ofAPod() {
    String id = "3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";
    String pod = "0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11";
    CgroupOwner owner = CgroupOwner.ofPath("/kubepods/pod" + pod + "/" + id);
    ContainerIdentity sandbox =
        new ContainerIdentity(
            id,
            "containerd",
            "POD",
            "registry.k8s.io/pause:3.10",
            pod,
            "web-0",
            "shop",
            true,
            null,
            Map.of());
    NetworkInterface eth0 =
        new NetworkInterface(
            "eth0",
            2,
            false,
            "veth",
            "0a:58:0a:f4:00:05",
            1450L,
            OperationalState.UP,
            true,
            List.of("10.244.0.5/24", "fe80::858:aff:fef4:5/64"),
            null,
            "veth1a2b3c4d",
            "cni0",
            null);
    return new Reported(new NetworkNamespace(0, 1, false, List.of(owner)), eth0, sandbox);
  }

  private static Reported ofTheHost() {
    NetworkInterface eth1 =
        new NetworkInterface(
            "eth1",
            3,
            false,
            null,
            "52:54:00:12:34:56",
            1500L,
            OperationalState.DOWN,
            false,
            List.of("192.0.2.7/24"),
            null,
            null,
            null,
            null);
    return new Reported(new NetworkNamespace(0, 1, true, List.of()), eth1, null);
  }

  private static MetricFamily gauge(String name, String help) {
    return MetricFamily.gauge(
        "smartagent_network_interface_" + name,
        help,
        "interface",
        "container",
        "pod",
        "namespace",
        "host_interface");
  }

  private static MetricFamily counter(String name, String help) {
    return MetricFamily.counter(
        "smartagent_network_interface_" + name + "_total",
        help + " since the interface was made",
        "interface",
        "container",
        "pod",
        "namespace",
        "host_interface");
  }
}
