package io.smartagent.modules.hostevents;

import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;

import io.smartagent.module.Module;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.module.ModuleTelemetry;
import io.smartagent.module.Setting;
import io.smartagent.module.SharedSettings;
import io.smartagent.modules.container.RuntimePaths;
import io.smartagent.modules.kernellog.KernelLogOpener;
import io.smartagent.needs.HostAccess;
import io.smartagent.needs.Needs;
import io.smartagent.needs.Source;
import io.smartagent.probe.Ability;
import java.util.List;

/** The module {@code host-events}. */
public final class HostEventsDefinition implements ModuleDefinition {

  /** The kernel log's device: every record with its number, at once. */
  public static final String KMSG = KernelLogOpener.KMSG;

  /** The kernel log by syslog(2), which needs no device. */
  public static final String SYSLOG = KernelLogOpener.SYSLOG;

  /** Counters of /proc, the memory cgroups and ext4; the state of the mounts. */
  public static final String COUNTERS = "counters";

  private static final HostAccess HOST =
      HostAccess.NONE
          .reads("/dev", "/proc", "/sys/dev/block", "/sys/fs/cgroup", "/sys/fs/ext4")
          .reads(RuntimePaths.ALL)
          .mount("proc", "/proc");

  private static final Needs NEEDS =
      Needs.firstOf(
              Source.of(KMSG, CAP_SYSLOG)
                  .abilities(Ability.KMSG)
                  .with(HostAccess.NONE.reads("/dev/kmsg")),
              Source.of(SYSLOG, CAP_SYSLOG)
                  .abilities(Ability.SYSLOG)
                  .with(HostAccess.NONE.systemCalls("syslog")),
              Source.of(COUNTERS)
                  .degradedTo(
                      "OOM kills and hung tasks are counted, and attributed to a container where"
                          + " its memory cgroup counts them, but the process's name is unknown; of"
                          + " file systems ext4's errors and those that turn read-only are seen,"
                          + " and no XFS shutdown; faults of devices and of the kernel are not"))
          .with(HOST);

  @Override
  public String id() {
    return "host-events";
  }

  @Override
  public String summary() {
    return "reports what the kernel says has gone wrong: OOM kills, hung tasks, read-only file"
        + " systems, faults of devices and of the kernel itself";
  }

  @Override
  public String loss() {
    return "OOM kills, hung tasks, read-only file systems and other faults are not reported";
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
    return HostEventsTelemetry.telemetry();
  }

  @Override
  public Module create() {
    return new HostEvents();
  }
}
