package io.smartagent.modules.applicationdiscovery;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A socket that waits for anybody: of TCP one that listens, of UDP one that has no peer.
 *
 * @param protocol whose it is
 * @param address that it is bound to
 * @param port that it is bound to
 * @param inode by which it is known all over the machine
 */
record ListeningSocket(Protocol protocol, String address, int port, long inode) {

  /** A protocol as the kernel has a file of it: proc_net(5). */
  enum Protocol {
    /** TCP over IPv4. */
    TCP("tcp", "0A"),
    /** TCP over IPv6, and over IPv4 too where the socket is not for IPv6 only. */
    TCP6("tcp6", "0A"),
    /** UDP over IPv4. */
    UDP("udp", "07"),
    /** UDP over IPv6, and over IPv4 too where the socket is not for IPv6 only. */
    UDP6("udp6", "07");

    private final String id;
    private final String state;

    Protocol(String id, String state) {
      this.id = id;
      this.state = state;
    }

    /** Returns the name of its file, and in events. */
    String id() {
      return id;
    }

    /** Returns TCP_LISTEN or TCP_CLOSE of include/net/tcp_states.h, as the file has it. */
    String state() {
      return state;
    }

    /**
     * Returns whether the kernel tells all sockets that wait before the others: tcp_seq_start() of
     * net/ipv4/tcp_ipv4.c, in all versions.
     */
    boolean tellsWaitingFirst() {
      return switch (this) {
        case TCP, TCP6 -> true;
        case UDP, UDP6 -> false;
      };
    }
  }

  private static final int WORD = 8;

  /** Returns whether a line is of a socket in the state that waits. */
  static boolean waits(Protocol protocol, String[] fields) {
    return fields.length > 9 && fields[3].equals(protocol.state());
  }

  /**
   * Returns the socket of a line; null where it does not wait or the line is none.
   *
   * @param fields of a line of /proc/PID/net/tcp, tcp6, udp or udp6
   */
  static @Nullable ListeningSocket parse(Protocol protocol, String[] fields) {
    if (!waits(protocol, fields) || !fields[2].endsWith(":0000")) {
      return null;
    }
    int colon = fields[1].indexOf(':');
    try {
      return new ListeningSocket(
          protocol,
          address(fields[1].substring(0, colon)),
          Integer.parseInt(fields[1].substring(colon + 1), 16),
          Long.parseLong(fields[9]));
    } catch (IllegalArgumentException | IndexOutOfBoundsException noSocket) {
      return null;
    }
  }

  /** The kernel prints words of 32 bits, in its own order of bytes. */
  private static String address(String hexadecimal) {
    ByteBuffer network = ByteBuffer.allocate(hexadecimal.length() / 2);
    for (int i = 0; i < hexadecimal.length(); i += WORD) {
      int word = HexFormat.fromHexDigits(hexadecimal, i, i + WORD);
      network.putInt(
          ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Integer.reverseBytes(word) : word);
    }
    byte[] bytes = network.array();
    return switch (bytes.length) {
      case 4 -> dotted(bytes, 0);
      case 16 -> colons(bytes);
      default -> throw new IllegalArgumentException(hexadecimal);
    };
  }

  private static String dotted(byte[] bytes, int at) {
    return "%d.%d.%d.%d"
        .formatted(
            bytes[at] & 0xff, bytes[at + 1] & 0xff, bytes[at + 2] & 0xff, bytes[at + 3] & 0xff);
  }

  /** RFC 5952: the longest run of zeros, the first of several, is left out. */
  private static String colons(byte[] bytes) {
    int[] groups = new int[8];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    int start = -1;
    int length = 1;
    for (int i = 0; i < groups.length; i++) {
      int run = 0;
      while (i + run < groups.length && groups[i + run] == 0) {
        run++;
      }
      if (run > length) {
        start = i;
        length = run;
      }
    }
    if (start == 0 && length == 5 && groups[5] == 0xffff) {
      return "::ffff:" + dotted(bytes, 12);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < groups.length; i++) {
      if (i == start) {
        text.append("::");
        i += length - 1;
      } else {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString().toLowerCase(Locale.ROOT);
  }
}
