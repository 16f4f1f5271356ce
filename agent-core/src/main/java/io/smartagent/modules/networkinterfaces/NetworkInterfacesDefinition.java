package io.smartagent.modules.networkinterfaces;

import static io.smartagent.kernel.capability.Capability.CAP_NET_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;

import io.smartagent.module.Module;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.module.ModuleTelemetry;
import io.smartagent.module.Setting;
import io.smartagent.module.SharedSettings;
import io.smartagent.modules.container.RuntimePaths;
import io.smartagent.needs.HostAccess;
import io.smartagent.needs.Needs;
import io.smartagent.needs.Source;
import io.smartagent.probe.Ability;
import java.util.List;

/** The module {@code network-interfaces}. */
public final class NetworkInterfacesDefinition implements ModuleDefinition {

  /** rtnetlink(7) from the host's network namespace: RTM_GETNSID and IFLA_TARGET_NETNSID. */
  public static final String NETLINK = "netlink";

  /** rtnetlink(7) on a thread that enters each network namespace: setns(2). */
  public static final String SETNS = "setns";

  /** /proc/PID/net, which anybody may read, and rtnetlink(7) for the host's own interfaces. */
  public static final String PROC = "proc";

  private static final HostAccess HOST =
      HostAccess.NONE
          .reads("/proc")
          .reads(RuntimePaths.ALL)
          .mount("proc", "/proc")
          .socket("AF_NETLINK", "NETLINK_ROUTE");

  private static final Needs NEEDS =
      Needs.firstOf(
              Source.of(NETLINK, CAP_NET_ADMIN),
              Source.of(SETNS, CAP_SYS_ADMIN, CAP_SYS_PTRACE)
                  .abilities(Ability.SETNS, Ability.PTRACE_READ)
                  .with(HostAccess.NONE.systemCalls("setns")),
              Source.of(PROC)
                  .degradedTo(
                      "kind, MTU, MAC address and state of containers' interfaces are unknown"))
          .with(HOST);

  @Override
  public String id() {
    return "network-interfaces";
  }

  @Override
  public String summary() {
    return "shows the network interfaces of the host and of every container: addresses, MTU, MAC,"
        + " counters, and which belong together";
  }

  @Override
  public String loss() {
    return "interfaces of containers are not shown";
  }

  @Override
  public Needs needs() {
    return NEEDS;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(SharedSettings.CONTAINER_ROOTS);
  }

  @Override
  public ModuleTelemetry telemetry() {
    return NetworkInterfacesTelemetry.telemetry();
  }

  @Override
  public Module create() {
    return new NetworkInterfaces();
  }
}
