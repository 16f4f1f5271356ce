package io.smartagent.modules.networkinterfaces;

import io.smartagent.module.EventType;
import io.smartagent.module.MetricFamily;
import io.smartagent.module.ModuleTelemetry;
import java.util.List;

/**
 * What {@code network-interfaces} tells.
 *
 * <p>No more than 4,000 interfaces are shown: 1,024 of the host, 64 of each container's namespace,
 * each with 16 addresses. What is left out is counted.
 */
public final class NetworkInterfacesTelemetry {

  static final String FOUND = "NetworkInterfaceFound";
  static final String CHANGED = "NetworkInterfaceChanged";
  static final String REMOVED = "NetworkInterfaceRemoved";

  private static final String OF_A_CONTAINER =
      "\"containerId\":\"3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8\","
          + "\"containerName\":\"POD\",\"containerRuntime\":\"containerd\","
          + "\"image\":\"registry.k8s.io/pause:3.10\","
          + "\"podUid\":\"0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11\",\"podName\":\"web-0\","
          + "\"podNamespace\":\"shop\"}";

  private static final String OF_THE_HOST =
      "\"containerId\":null,\"containerName\":null,\"containerRuntime\":null,\"image\":null,"
          + "\"podUid\":null,\"podName\":null,\"podNamespace\":null}";

  private static final String ATTRIBUTES =
      " The addresses have the length of their prefix after a slash, where it is known."
          + " hostInterface is the interface of the host that is the other end, or that it is"
          + " stacked on, and bridge the host's bridge which that one belongs to; master is the"
          + " bridge or bond of its own namespace that it belongs to. state is the operational"
          + " state as RFC 2863 and ip(8) have it. What the source cannot tell is null, index is 0"
          + " then.";

  private static String example(String type, String attributes, String owner) {
    return "{\"time\":\"2026-03-01T10:15:30.120Z\",\"module\":\"network-interfaces\",\"type\":\""
        + type
        + "\",\"scope\":"
        + attributes
        + ","
        + owner;
  }

  private static final List<EventType> EVENTS =
      List.of(
          new EventType(
              FOUND,
              "A network interface of the host or of a container was seen for the first time: at"
                  + " the start, all that there are."
                  + ATTRIBUTES,
              example(
                  FOUND,
                  "\"container\",\"interface\":\"eth0\",\"index\":2,\"kind\":\"veth\","
                      + "\"mac\":\"0a:58:0a:f4:00:05\",\"mtu\":1450,\"state\":\"up\","
                      + "\"addresses\":[\"10.244.0.5/24\",\"fe80::858:aff:fef4:5/64\"],"
                      + "\"master\":null,\"hostInterface\":\"veth1a2b3c4d\",\"bridge\":\"cni0\"",
                  OF_A_CONTAINER)),
          new EventType(
              CHANGED,
              "An interface has another address, MAC address, MTU, state, index, kind, master or"
                  + " other end than before; changed says which of the attributes."
                  + ATTRIBUTES,
              example(
                  CHANGED,
                  "\"host\",\"interface\":\"eth1\",\"index\":3,\"kind\":null,"
                      + "\"mac\":\"52:54:00:12:34:56\",\"mtu\":1500,\"state\":\"down\","
                      + "\"addresses\":[\"192.0.2.7/24\"],\"master\":null,\"hostInterface\":null,"
                      + "\"bridge\":null,\"changed\":[\"state\"]",
                  OF_THE_HOST)),
          new EventType(
              REMOVED,
              "An interface is gone, or its container is; the attributes are the last that were"
                  + " seen."
                  + ATTRIBUTES,
              example(
                  REMOVED,
                  "\"container\",\"interface\":\"eth0\",\"index\":2,\"kind\":\"veth\","
                      + "\"mac\":\"0a:58:0a:f4:00:05\",\"mtu\":1450,\"state\":\"up\","
                      + "\"addresses\":[\"10.244.0.5/24\",\"fe80::858:aff:fef4:5/64\"],"
                      + "\"master\":null,\"hostInterface\":\"veth1a2b3c4d\",\"bridge\":\"cni0\"",
                  OF_A_CONTAINER)));

  static final MetricFamily INFO =
      MetricFamily.gauge(
          "smartagent_network_interface_info",
          "Network interfaces of the host and of containers, always 1; a container's loopback is"
              + " left out of all metrics",
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
  static final MetricFamily NAMESPACES_LEFT_OUT =
      MetricFamily.gauge(
          "smartagent_network_namespaces_left_out",
          "Network namespaces of containers that are not shown, because there are too many");
  static final MetricFamily INTERFACES_LEFT_OUT =
      MetricFamily.gauge(
          "smartagent_network_interfaces_left_out",
          "Network interfaces that are not shown, because there are too many");
  static final MetricFamily ADDRESSES_LEFT_OUT =
      MetricFamily.gauge(
          "smartagent_network_addresses_left_out",
          "Addresses that are not shown, because an interface has too many or it is not known which"
              + " one has it");
  static final MetricFamily PASS_SECONDS =
      MetricFamily.gauge(
          "smartagent_network_interfaces_pass_seconds",
          "How long the last look at all network namespaces took, in seconds");

  /** Its events and metrics. */
  public static final ModuleTelemetry TELEMETRY =
      new ModuleTelemetry(
          EVENTS,
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
              NAMESPACES_LEFT_OUT,
              INTERFACES_LEFT_OUT,
              ADDRESSES_LEFT_OUT,
              PASS_SECONDS));

  private NetworkInterfacesTelemetry() {}

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
