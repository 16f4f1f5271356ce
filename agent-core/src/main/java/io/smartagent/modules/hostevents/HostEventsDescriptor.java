package io.smartagent.modules.hostevents;

import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;

import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.ModuleSetting;
import io.smartagent.module.Need;
import io.smartagent.module.Source;
import io.smartagent.modules.kernellog.KernelLogOpener;
import io.smartagent.probe.Ability;

/** What {@code host-events} needs. */
public final class HostEventsDescriptor {

  /** The kernel log's device: every record with its number, at once. */
  public static final String KMSG = KernelLogOpener.KMSG;

  /** The kernel log by syslog(2), which needs no device. */
  public static final String SYSLOG = KernelLogOpener.SYSLOG;

  /** Counters of /proc, the memory cgroups and ext4; the state of the mounts. */
  public static final String COUNTERS = "counters";

  /** The module as the planner knows it. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
              "host-events",
              "reports what the kernel says has gone wrong: OOM kills, hung tasks, read-only file"
                  + " systems, faults of devices and of the kernel itself",
              "OOM kills, hung tasks, read-only file systems and other faults are not reported",
              Need.anyOf(
                  Source.of(KMSG, CAP_SYSLOG).and(Ability.KMSG),
                  Source.of(SYSLOG, CAP_SYSLOG).and(Ability.SYSLOG),
                  Source.of(COUNTERS)
                      .degradedTo(
                          "OOM kills and hung tasks are counted, and attributed to a container where its"
                              + " memory cgroup counts them, but the process's name is unknown; of file"
                              + " systems ext4's errors and those that turn read-only are seen, and no"
                              + " XFS shutdown; faults of devices and of the kernel are not")))
          .using(ModuleSetting.CONTAINER_ROOTS);

  private HostEventsDescriptor() {}
}
