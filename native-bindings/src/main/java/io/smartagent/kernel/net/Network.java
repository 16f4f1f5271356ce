package io.smartagent.kernel.net;

import io.smartagent.kernel.ErrnoException;

/** What the kernel reports by netlink(7), in the calling thread's network namespace. */
public interface Network {

  /**
   * Asks to be told of every process of the machine that starts or ends: the process events
   * connector, drivers/connector/cn_proc.c. It exists once, in the initial network namespace, and
   * listens only to members of the initial pid and user namespaces.
   *
   * <p>CAP_NET_ADMIN is needed before Linux 6.6 (bfdfdc2f3b79, "connector/cn_proc: Allow non-root
   * users access"); since then only for a receive buffer that is larger than net.core.rmem_max.
   *
   * @throws ErrnoException EPERM without CAP_NET_ADMIN before Linux 6.6; ECONNREFUSED outside the
   *     initial network namespace; ENODATA where the kernel does not answer: outside the initial
   *     pid or user namespace, or without CONFIG_PROC_EVENTS; EPROTONOSUPPORT without
   *     CONFIG_CONNECTOR
   */
  ProcessEvents openProcessEvents() throws ErrnoException;

  /**
   * Opens a socket that asks for network interfaces: rtnetlink(7). Needs nothing.
   *
   * @throws ErrnoException where the process may open no more sockets
   */
  RouteSocket openRoute() throws ErrnoException;
}
