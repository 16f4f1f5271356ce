package io.smartagent.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Where the status server listens.
 *
 * @param host an IPv4 or IPv6 address, the latter without brackets
 * @param port 1 to 65535
 */
public record StatusAddress(String host, int port) {

  private static final int IPV4_PARTS = 4;

  /** Returns the address that {@code text} names as {@code IPV4:PORT} or {@code [IPV6]:PORT}. */
  public static Optional<StatusAddress> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    Optional<Integer> port = Numbers.parse(text.substring(colon + 1), 65535).map(Long::intValue);
    if (port.isEmpty() || port.get() == 0) {
      return Optional.empty();
    }
    if (host.startsWith("[") && host.endsWith("]")) {
      String inner = host.substring(1, host.length() - 1);
      boolean plausible = inner.contains(":") && isIpv6(inner);
      return plausible ? Optional.of(new StatusAddress(inner, port.get())) : Optional.empty();
    }
    return isIpv4(host) ? Optional.of(new StatusAddress(host, port.get())) : Optional.empty();
  }

  /**
   * Returns the address as the network has it: 4 or 16 bytes.
   *
   * <p>An IPv4 address by hand: {@link InetAddress} reads the security properties first.
   */
  public byte[] bytes() {
    if (host.contains(":")) {
      return InetAddress.ofLiteral(host).getAddress();
    }
    byte[] bytes = new byte[IPV4_PARTS];
    String[] parts = host.split("\\.", -1);
    for (int i = 0; i < IPV4_PARTS; i++) {
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    return bytes;
  }

  /** Without a scope, which is known only on the host that has the address. */
  private static boolean isIpv6(String host) {
    if (!host.matches("[0-9a-fA-F:.]{2,45}")) {
      return false;
    }
    try {
      InetAddress _ = Inet6Address.ofLiteral(host);
      return true;
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }

  private static boolean isIpv4(String host) {
    String[] parts = host.split("\\.", -1);
    if (parts.length != IPV4_PARTS) {
      return false;
    }
    for (String part : parts) {
      if (Numbers.parse(part, 255).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Returns the address as it is written in the setting. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
