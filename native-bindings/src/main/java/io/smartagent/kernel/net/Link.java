package io.smartagent.kernel.net;

import org.jspecify.annotations.Nullable;

/**
 * A network interface: linux/if_link.h.
 *
 * @param index within its namespace
 * @param name within its namespace; bytes that are not UTF-8 are U+FFFD
 * @param hardwareType ARPHRD_ of linux/if_arp.h, such as 1 for Ethernet
 * @param flags IFF_ of linux/if.h
 * @param mtu in bytes
 * @param mac the hardware address, two hexadecimal digits for each byte with colons between; null
 *     where the hardware has none
 * @param state what it can do
 * @param kind of software device, such as veth or bridge; null for hardware and loopback
 * @param peerIndex index of the other end of a pair, or of the interface that this one is stacked
 *     on; 0 where there is none
 * @param peerNamespace id of the namespace of {@code peerIndex}, as the socket's namespace has it;
 *     {@link RouteSocket#NONE} where it is the same as this interface's
 * @param master index of the bridge or bond that it belongs to; 0 where it belongs to none
 * @param counters since it was made; null where the kernel tells none
 */
public record Link(
    int index,
    String name,
    int hardwareType,
    int flags,
    long mtu,
    @Nullable String mac,
    OperationalState state,
    @Nullable String kind,
    int peerIndex,
    int peerNamespace,
    int master,
    @Nullable LinkCounters counters) {

  private static final int IFF_UP = 1;
  private static final int IFF_RUNNING = 0x40;

  /** Returns whether it is switched on and can carry packets; a loopback always can. */
  public boolean isRunning() {
    return (flags & (IFF_UP | IFF_RUNNING)) == (IFF_UP | IFF_RUNNING);
  }
}
