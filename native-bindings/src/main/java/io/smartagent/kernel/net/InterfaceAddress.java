package io.smartagent.kernel.net;

/**
 * An address of a network interface: linux/if_addr.h.
 *
 * @param index of the interface, within its namespace
 * @param address as text: IPv4 with dots, IPv6 as RFC 5952 has it
 * @param prefixLength how many bits are the network's
 * @param scope as ip(8) shows it: global, site, link, host, or a number
 */
public record InterfaceAddress(int index, String address, int prefixLength, String scope) {}
