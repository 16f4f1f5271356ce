package io.smartagent.kernel.net;

/**
 * What went through a network interface since it was made: struct rtnl_link_stats64, added up as
 * /proc/net/dev does. Unsigned.
 *
 * @param receivedBytes good bytes
 * @param receivedPackets good packets
 * @param receiveErrors bad packets
 * @param receivedDropped packets that there was no room for, in memory or in the hardware
 * @param sentBytes good bytes
 * @param sentPackets good packets
 * @param sendErrors packets that could not be sent
 * @param sentDropped packets that there was no room for
 */
public record LinkCounters(
    long receivedBytes,
    long receivedPackets,
    long receiveErrors,
    long receivedDropped,
    long sentBytes,
    long sentPackets,
    long sendErrors,
    long sentDropped) {}
