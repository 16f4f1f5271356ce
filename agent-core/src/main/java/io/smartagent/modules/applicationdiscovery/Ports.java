package io.smartagent.modules.applicationdiscovery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where an application waits for others.
 *
 * @param list sorted, at most {@link #MOST}
 * @param by how they were found to be its own; null where they could not be
 * @param leftOut how many more there are
 */
record Ports(List<Port> list, @Nullable By by, int leftOut) {

  /** The most that are told of an application. */
  static final int MOST = 64;

  /** The first of net.ipv4.ip_local_port_range, as the kernel has it by default. */
  private static final int CHOSEN_BY_KERNEL = 32_768;

  /** Of an application whose ports cannot be told from those of others. */
  static final Ports UNKNOWN = new Ports(List.of(), null, 0);

  private static final Comparator<Port> ORDER =
      Comparator.comparing(Port::protocol)
          .thenComparingInt(Port::port)
          .thenComparing(Port::address);

  /** How a port was found to be an application's. */
  enum By {
    /** The application holds the socket. */
    DESCRIPTORS("descriptors"),
    /** The application is the only one in the network namespace that the socket is in. */
    NAMESPACE("namespace");

    private final String id;

    By(String id) {
      this.id = id;
    }

    /** Returns the name in events. */
    String id() {
      return id;
    }
  }

  /**
   * A port with its address.
   *
   * @param protocol of it
   * @param address such as {@code 0.0.0.0} or {@code ::}
   * @param port number
   */
  record Port(ListeningSocket.Protocol protocol, String address, int port) {

    /** Returns it as an event has it. */
    Map<String, @Nullable Object> attributes() {
      Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
      attributes.put("protocol", protocol.id());
      attributes.put("address", address);
      attributes.put("port", port);
      return attributes;
    }
  }

  /** Copies the list. */
  Ports {
    list = List.copyOf(list);
  }

  /** Returns the ports of these sockets; several sockets may share one. */
  static Ports of(Collection<ListeningSocket> sockets, By by) {
    List<Port> all =
        sockets.stream()
            .map(socket -> new Port(socket.protocol(), socket.address(), socket.port()))
            .distinct()
            .sorted(ORDER)
            .toList();
    List<Port> told = all.subList(0, Math.min(MOST, all.size()));
    return new Ports(told, by, all.size() - told.size());
  }

  /**
   * Returns whether these are others than before. A port of UDP that the kernel has chosen is a
   * client's, who waits for an answer: those come and go, and are no news.
   */
  boolean differ(Ports before) {
    return !lasting().equals(before.lasting());
  }

  private List<Port> lasting() {
    return list.stream()
        .filter(port -> port.protocol().tellsWaitingFirst() || port.port() < CHOSEN_BY_KERNEL)
        .toList();
  }

  /** Returns those that {@code other} does not have. */
  List<Port> without(Ports other) {
    List<Port> rest = new ArrayList<>(list);
    rest.removeAll(other.list);
    return rest;
  }

  /** Returns them as an event has them; null where they are unknown. */
  @Nullable List<Map<String, @Nullable Object>> attributes() {
    return by == null ? null : attributes(list);
  }

  /** Returns ports as an event has them. */
  static List<Map<String, @Nullable Object>> attributes(List<Port> ports) {
    return ports.stream().map(Port::attributes).toList();
  }
}
