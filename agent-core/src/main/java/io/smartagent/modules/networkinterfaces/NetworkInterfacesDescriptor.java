package io.smartagent.modules.networkinterfaces;

import static io.smartagent.kernel.capability.Capability.CAP_NET_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;

import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.ModuleSetting;
import io.smartagent.module.Need;
import io.smartagent.module.Source;
import io.smartagent.probe.Ability;

/** What {@code network-interfaces} needs. */
public final class NetworkInterfacesDescriptor {

  /** rtnetlink(7) from the host's network namespace: RTM_GETNSID and IFLA_TARGET_NETNSID. */
  public static final String NETLINK = "netlink";

  /** rtnetlink(7) on a thread that enters each network namespace: setns(2). */
  public static final String SETNS = "setns";

  /** /proc/PID/net, which anybody may read, and rtnetlink(7) for the host's own interfaces. */
  public static final String PROC = "proc";

  /** The module as the planner knows it. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
              "network-interfaces",
              "shows the network interfaces of the host and of every container: addresses, MTU, MAC, counters, and which belong together",
              "interfaces of containers are not shown",
              Need.anyOf(
                  Source.of(NETLINK, CAP_NET_ADMIN),
                  Source.of(SETNS, CAP_SYS_ADMIN, CAP_SYS_PTRACE)
                      .and(Ability.SETNS, Ability.PTRACE_READ),
                  Source.of(PROC)
                      .degradedTo(
                          "kind, MTU, MAC address and state of containers' interfaces are unknown")))
          .using(ModuleSetting.CONTAINER_ROOTS);

  private NetworkInterfacesDescriptor() {}
}
