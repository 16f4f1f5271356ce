package io.smartagent.needs;

/**
 * A socket that is opened, beside that of the status server.
 *
 * @param family of addresses, such as {@code AF_NETLINK}
 * @param protocol or peer within the family, such as {@code NETLINK_ROUTE}
 */
public record Socket(String family, String protocol) {}
