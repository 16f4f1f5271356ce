package io.smartagent.modules.hostevents;

import io.smartagent.module.Event;
import io.smartagent.module.EventOwner;
import io.smartagent.module.ModuleContext;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.container.ContainerAttributes;
import io.smartagent.modules.container.Containers;
import io.smartagent.modules.hostevents.KernelEvents.Fault;
import io.smartagent.modules.hostevents.KernelReport.FilesystemFault;
import io.smartagent.modules.hostevents.KernelReport.HungTask;
import io.smartagent.modules.hostevents.KernelReport.OomKill;
import io.smartagent.modules.hostevents.KernelReport.Problem;
import io.smartagent.modules.process.ProcessFiles;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes events of reports: finds the containers that they concern. */
final class HostEventFactory {

  private final Containers containers;
  private final ProcessFiles processes;
  private final MountedFilesystems mounted;
  private final AffectedContainers affected;

  HostEventFactory(ModuleContext context, MountedFilesystems mounted) {
    this.containers = new Containers(context);
    this.processes = new ProcessFiles(context.kernel().filesystem(), context.root());
    this.mounted = mounted;
    this.affected = new AffectedContainers(context.kernel().filesystem(), processes, containers);
  }

  /** Returns the containers that the events name. */
  Containers containers() {
    return containers;
  }

  /** Returns the event of a kill that the kernel's log reports. */
  Event of(OomKill kill, Instant time, Origin origin) {
    CgroupOwner victim = owner(kill.memoryCgroup());
    CgroupOwner exhausted = owner(kill.exhausted());
    // The name of a group does not say that it is a bundle that is run with runc alone.
    OomScope scope =
        kill.scope() == OomScope.CGROUP ? OomScope.of(exhausted.level()) : kill.scope();
    return KernelEvents.oomKill(
        time,
        origin,
        scope,
        1,
        kill,
        kill.memoryCgroup() != null ? kill.memoryCgroup() : kill.exhausted(),
        identify(victim.containerId() == null && victim.podUid() == null ? exhausted : victim));
  }

  /** Returns the event of kills that a counter shows. */
  Event of(CounterReport.OomKills kills, Instant time, Origin origin) {
    String cgroup = kills.memoryCgroup();
    CgroupOwner owner = owner(cgroup);
    OomScope scope = cgroup == null ? OomScope.UNKNOWN : OomScope.of(owner.level());
    return KernelEvents.oomKill(time, origin, scope, kills.count(), null, cgroup, identify(owner));
  }

  /**
   * Returns the event of a hung task that the kernel's log reports.
   *
   * @param update whether it has been reported before that this task hangs
   */
  Event of(HungTask task, Instant time, Origin origin, boolean update) {
    EventOwner owner = identify(ownerOf(task.pid(), task.process()));
    return KernelEvents.hungTask(time, origin, update, 1, task, owner);
  }

  /** Returns the event of hung tasks that a counter shows. */
  Event of(CounterReport.HungTasks tasks, Instant time, Origin origin) {
    return KernelEvents.hungTask(time, origin, false, tasks.count(), null, EventOwner.HOST);
  }

  /** Returns the event of a fault that the kernel's log reports of a file system or a device. */
  Event of(FilesystemFault fault, Instant time, Origin origin) {
    MountedFilesystem filesystem = mounted.find(fault.device());
    String kind = fault.filesystem();
    return KernelEvents.filesystem(
        fault.type(),
        time,
        origin,
        new Fault(
            kind != null || filesystem == null ? kind : filesystem.type(),
            fault.device(),
            fault.process(),
            Texts.message(fault.message()),
            1),
        places(filesystem));
  }

  /** Returns the event of what a file system's state shows. */
  Event of(FilesystemReport report, Instant time, Origin origin) {
    return switch (report) {
      case FilesystemReport.TurnedReadOnly turned ->
          KernelEvents.filesystem(
              HostEventTypes.READONLY_FILESYSTEM,
              time,
              origin,
              new Fault(turned.filesystem().type(), turned.device(), null, turned.message(), 1),
              places(turned.filesystem()));
      case FilesystemReport.Ext4Errors errors -> {
        Instant lastAt = errors.lastAt();
        yield KernelEvents.filesystem(
            HostEventTypes.EXT4_ERROR,
            lastAt == null ? time : lastAt,
            origin,
            new Fault("ext4", errors.device(), null, errors.message(), errors.count()),
            places(mounted.find(errors.device())));
      }
    };
  }

  /** Returns the event of anything else. */
  Event of(Problem problem, Instant time, Origin origin) {
    Integer pid = problem.pid();
    String process = problem.process();
    CgroupOwner owner = pid == null || process == null ? CgroupOwner.NONE : ownerOf(pid, process);
    return KernelEvents.problem(time, origin, problem, identify(owner));
  }

  private AffectedPlaces places(@Nullable MountedFilesystem filesystem) {
    if (filesystem == null) {
      return AffectedPlaces.NONE;
    }
    AffectedContainers.Found found = affected.find(filesystem.number());
    return new AffectedPlaces(
        filesystem.mountPoints(),
        filesystem.mountPointsTruncated(),
        found.shown().stream()
            .map(each -> new AffectedPlaces.Place(each.mountPoint(), identify(each.owner())))
            .toList(),
        found.truncated());
  }

  /** The task may have ended since, and its number be another's: so the name has to fit. */
  private CgroupOwner ownerOf(int pid, String process) {
    String name = processes.text(pid, "comm");
    return name != null && name.equals(process + "\n")
        ? containers.owner(processes, pid)
        : CgroupOwner.NONE;
  }

  private CgroupOwner owner(@Nullable String path) {
    return path == null ? CgroupOwner.NONE : containers.ownerOfPath(path);
  }

  private EventOwner identify(CgroupOwner owner) {
    return ContainerAttributes.of(owner, containers.identify(owner));
  }
}
