package io.smartagent.kernel.linux;

import io.smartagent.kernel.net.AddressText;
import io.smartagent.kernel.net.InterfaceAddress;
import io.smartagent.kernel.net.Link;
import io.smartagent.kernel.net.LinkCounters;
import io.smartagent.kernel.net.OperationalState;
import io.smartagent.kernel.net.RouteSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The messages of rtnetlink(7): linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h,
 * linux/net_namespace.h.
 */
final class RouteMessages {

  static final int HEADER = 16;

  static final short NLMSG_ERROR = 2;
  static final short NLMSG_DONE = 3;
  static final short RTM_NEWLINK = 16;
  static final short RTM_GETLINK = 18;
  static final short RTM_NEWADDR = 20;
  static final short RTM_GETADDR = 22;
  static final short RTM_NEWNSID = 88;
  static final short RTM_GETNSID = 90;

  static final short NLM_F_REQUEST = 1;
  static final short NLM_F_ACK = 4;
  static final short NLM_F_DUMP_INTR = 0x10;
  static final short NLM_F_DUMP = 0x300;

  static final int NETNSA_NSID = 1;
  static final int NETNSA_PID = 2;
  static final int NETNSA_FD = 3;
  static final int IFLA_TARGET_NETNSID = 46;
  static final int IFA_TARGET_NETNSID = 10;

  /** struct rtgenmsg, with what fills it up. */
  static final int RTGENMSG = 4;

  static final int IFINFOMSG = 16;
  static final int IFADDRMSG = 8;

  private static final int IFLA_ADDRESS = 1;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_MTU = 4;
  private static final int IFLA_LINK = 5;
  private static final int IFLA_MASTER = 10;
  private static final int IFLA_OPERSTATE = 16;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_STATS64 = 23;
  private static final int IFLA_LINK_NETNSID = 37;
  private static final int STATS64_WITH_MISSED_ERRORS = 16 * Long.BYTES;

  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;

  private static final HexFormat MAC = HexFormat.ofDelimiter(":");

  private RouteMessages() {}

  /**
   * Returns a request.
   *
   * @param family how many zero bytes come before the attributes
   * @param attributes types and values of 32 bits by turns
   */
  static byte[] request(int type, int flags, int sequence, int family, int... attributes) {
    int length = HEADER + family + attributes.length / 2 * 8;
    ByteBuffer message = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    message.putInt(length).putShort((short) type).putShort((short) (NLM_F_REQUEST | flags));
    message.putInt(sequence).putInt(0);
    message.position(HEADER + family);
    for (int i = 0; i + 1 < attributes.length; i += 2) {
      message.putShort((short) 8).putShort((short) attributes[i]).putInt(attributes[i + 1]);
    }
    return message.array();
  }

  /** Returns a message's attributes, which come after its header and so many bytes more. */
  static RouteAttributes attributes(ByteBuffer message, int family) {
    int start = Math.min(HEADER + family, message.limit());
    return new RouteAttributes(
        message.slice(start, message.limit() - start).order(message.order()));
  }

  /** Returns the interface in a message of type RTM_NEWLINK; null where it is cut. */
  static @Nullable Link link(ByteBuffer message) {
    if (message.limit() < HEADER + IFINFOMSG) {
      return null;
    }
    RouteAttributes attributes = attributes(message, IFINFOMSG);
    String name = attributes.text(IFLA_IFNAME);
    RouteAttributes info = attributes.nested(IFLA_LINKINFO);
    int index = message.getInt(HEADER + 4);
    if (name == null || index <= 0) {
      return null;
    }
    int peer = attributes.number(IFLA_LINK, 0);
    boolean elsewhere = attributes.has(IFLA_LINK_NETNSID);
    return new Link(
        index,
        name,
        Short.toUnsignedInt(message.getShort(HEADER + 2)),
        message.getInt(HEADER + 8),
        Integer.toUnsignedLong(attributes.number(IFLA_MTU, 0)),
        mac(attributes.bytes(IFLA_ADDRESS)),
        OperationalState.of(attributes.number(IFLA_OPERSTATE, 0)),
        info == null ? null : info.text(IFLA_INFO_KIND),
        // A tunnel says that it is stacked on itself.
        peer == index && !elsewhere ? 0 : Math.max(0, peer),
        attributes.number(IFLA_LINK_NETNSID, RouteSocket.NONE),
        Math.max(0, attributes.number(IFLA_MASTER, 0)),
        counters(attributes.find(IFLA_STATS64)));
  }

  /** Ethernet and InfiniBand; what has 4 or 16 bytes is the local address of a tunnel. */
  private static @Nullable String mac(byte @Nullable [] address) {
    return address != null && (address.length == 6 || address.length == 8 || address.length == 20)
        ? MAC.formatHex(address)
        : null;
  }

  private static @Nullable LinkCounters counters(@Nullable ByteBuffer stats) {
    return stats == null || stats.remaining() < STATS64_WITH_MISSED_ERRORS
        ? null
        : new LinkCounters(
            stats.getLong(2 * Long.BYTES),
            stats.getLong(0),
            stats.getLong(4 * Long.BYTES),
            stats.getLong(6 * Long.BYTES) + stats.getLong(15 * Long.BYTES),
            stats.getLong(3 * Long.BYTES),
            stats.getLong(Long.BYTES),
            stats.getLong(5 * Long.BYTES),
            stats.getLong(7 * Long.BYTES));
  }

  /** Returns the address in a message of type RTM_NEWADDR; null where it is cut or no IP. */
  static @Nullable InterfaceAddress address(ByteBuffer message) {
    if (message.limit() < HEADER + IFADDRMSG) {
      return null;
    }
    RouteAttributes attributes = attributes(message, IFADDRMSG);
    byte[] local = attributes.bytes(IFA_LOCAL);
    // On a point-to-point interface IFA_ADDRESS is the other end's.
    String text = AddressText.of(local == null ? attributes.bytes(IFA_ADDRESS) : local);
    return text == null
        ? null
        : new InterfaceAddress(
            message.getInt(HEADER + 4),
            text,
            Byte.toUnsignedInt(message.get(HEADER + 1)),
            scope(Byte.toUnsignedInt(message.get(HEADER + 3))));
  }

  private static String scope(int number) {
    return switch (number) {
      case 0 -> "global";
      case 200 -> "site";
      case 253 -> "link";
      case 254 -> "host";
      default -> Integer.toString(number);
    };
  }
}
