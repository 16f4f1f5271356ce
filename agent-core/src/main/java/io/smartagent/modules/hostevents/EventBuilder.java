package io.smartagent.modules.hostevents;

import io.smartagent.module.Event;
import io.smartagent.module.ModuleContext;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.container.ContainerAttributes;
import io.smartagent.modules.container.Containers;
import io.smartagent.modules.hostevents.AffectedContainers.Affected;
import io.smartagent.modules.hostevents.KernelReport.Blocker;
import io.smartagent.modules.hostevents.KernelReport.FilesystemFault;
import io.smartagent.modules.hostevents.KernelReport.HungTask;
import io.smartagent.modules.hostevents.KernelReport.OomKill;
import io.smartagent.modules.hostevents.KernelReport.Problem;
import io.smartagent.modules.process.ProcessFiles;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the events that {@link HostEventsTelemetry} describes, with whose they are. */
final class EventBuilder {

  private final Containers containers;
  private final ProcessFiles processes;
  private final MountedFilesystems mounted;
  private final AffectedContainers affected;

  /**
   * Where an event comes from.
   *
   * @param source the attribute of this name
   * @param historical whether it had happened before the module looked first
   */
  record Origin(String source, boolean historical) {}

  EventBuilder(ModuleContext context, MountedFilesystems mounted) {
    this.containers = new Containers(context);
    this.processes = new ProcessFiles(context.kernel().filesystem(), context.root());
    this.mounted = mounted;
    this.affected = new AffectedContainers(context.kernel().filesystem(), processes, containers);
  }

  /** Returns the containers that the events name. */
  Containers containers() {
    return containers;
  }

  /** Returns the event of a kill that the kernel's log tells of. */
  Event of(OomKill kill, Instant time, Origin origin) {
    CgroupOwner victim = owner(kill.memoryCgroup());
    CgroupOwner exhausted = owner(kill.exhausted());
    // The name of a group tells nothing of a bundle that somebody runs with runc alone.
    OomScope scope =
        kill.scope() == OomScope.CGROUP ? OomScope.of(exhausted.level()) : kill.scope();
    Map<String, @Nullable Object> attributes = common(origin, 1);
    attributes.put("scope", scope.id());
    attributes.put("pid", kill.pid());
    attributes.put("process", kill.process());
    attributes.put("uid", kill.uid());
    put(attributes, victim.containerId() == null && victim.podUid() == null ? exhausted : victim);
    attributes.put(
        "memoryCgroup", kill.memoryCgroup() != null ? kill.memoryCgroup() : kill.exhausted());
    attributes.put("limitBytes", kill.limitBytes());
    attributes.put("anonRssBytes", kill.anonRssBytes());
    attributes.put("totalVmBytes", kill.totalVmBytes());
    return new Event(time, type(scope), attributes);
  }

  /** Returns the event of kills that a counter tells of. */
  Event of(CounterReport.OomKills kills, Instant time, Origin origin) {
    String cgroup = kills.memoryCgroup();
    CgroupOwner owner = owner(cgroup);
    OomScope scope = cgroup == null ? OomScope.UNKNOWN : OomScope.of(owner.level());
    Map<String, @Nullable Object> attributes = common(origin, kills.count());
    attributes.put("scope", scope.id());
    attributes.put("pid", null);
    attributes.put("process", null);
    attributes.put("uid", null);
    put(attributes, owner);
    attributes.put("memoryCgroup", cgroup);
    attributes.put("limitBytes", null);
    attributes.put("anonRssBytes", null);
    attributes.put("totalVmBytes", null);
    return new Event(time, type(scope), attributes);
  }

  /**
   * Returns the event of a hung task that the kernel's log tells of.
   *
   * @param update whether it has been told before that this task hangs
   */
  Event of(HungTask task, Instant time, Origin origin, boolean update) {
    Blocker blocker = task.blocker();
    Map<String, @Nullable Object> attributes = common(origin, 1);
    attributes.put("update", update);
    attributes.put("pid", task.pid());
    attributes.put("process", task.process());
    attributes.put("blockedSeconds", task.blockedSeconds());
    attributes.put("inIoWait", task.inIoWait());
    attributes.put("blockerPid", blocker == null ? null : blocker.pid());
    attributes.put("blockerProcess", blocker == null ? null : blocker.process());
    attributes.put("lock", blocker == null ? null : blocker.lock());
    attributes.put("kernelStack", task.kernelStack());
    put(attributes, ownerOf(task.pid(), task.process()));
    return new Event(time, HostEventTypes.TASK_HUNG, attributes);
  }

  /** Returns the event of hung tasks that a counter tells of. */
  Event of(CounterReport.HungTasks tasks, Instant time, Origin origin) {
    Map<String, @Nullable Object> attributes = common(origin, tasks.count());
    attributes.put("update", false);
    attributes.put("pid", null);
    attributes.put("process", null);
    attributes.put("blockedSeconds", null);
    attributes.put("inIoWait", null);
    attributes.put("blockerPid", null);
    attributes.put("blockerProcess", null);
    attributes.put("lock", null);
    attributes.put("kernelStack", List.of());
    put(attributes, CgroupOwner.NONE);
    return new Event(time, HostEventTypes.TASK_HUNG, attributes);
  }

  /** Returns the event of a fault that a file system or a device has told the log of. */
  Event of(FilesystemFault fault, Instant time, Origin origin) {
    Map<String, @Nullable Object> attributes = common(origin, 1);
    MountedFilesystem filesystem = mounted.find(fault.device());
    String kind = fault.filesystem();
    attributes.put("filesystem", kind != null || filesystem == null ? kind : filesystem.type());
    attributes.put("device", fault.device());
    attributes.put("process", fault.process());
    attributes.put("message", Texts.message(fault.message()));
    putPlaces(attributes, filesystem);
    return new Event(time, fault.type(), attributes);
  }

  /** Returns the event of what a file system's state shows. */
  Event of(FilesystemReport report, Instant time, Origin origin) {
    return switch (report) {
      case FilesystemReport.TurnedReadOnly turned -> {
        Map<String, @Nullable Object> attributes = common(origin, 1);
        attributes.put("filesystem", turned.filesystem().type());
        attributes.put("device", turned.device());
        attributes.put("process", null);
        attributes.put("message", turned.message());
        putPlaces(attributes, turned.filesystem());
        yield new Event(time, HostEventTypes.READONLY_FILESYSTEM, attributes);
      }
      case FilesystemReport.Ext4Errors errors -> {
        Map<String, @Nullable Object> attributes = common(origin, errors.count());
        attributes.put("filesystem", "ext4");
        attributes.put("device", errors.device());
        attributes.put("process", null);
        attributes.put("message", errors.message());
        putPlaces(attributes, mounted.find(errors.device()));
        Instant lastAt = errors.lastAt();
        yield new Event(lastAt == null ? time : lastAt, HostEventTypes.EXT4_ERROR, attributes);
      }
    };
  }

  /** Returns the event of anything else. */
  Event of(Problem problem, Instant time, Origin origin) {
    Integer pid = problem.pid();
    String process = problem.process();
    Map<String, @Nullable Object> attributes = common(origin, 1);
    attributes.put("subject", problem.subject());
    attributes.put("pid", pid);
    attributes.put("process", process);
    attributes.put("message", Texts.message(problem.message()));
    attributes.put("kernelStack", problem.kernelStack());
    put(attributes, pid == null || process == null ? CgroupOwner.NONE : ownerOf(pid, process));
    return new Event(time, problem.type(), attributes);
  }

  private static Map<String, @Nullable Object> common(Origin origin, long count) {
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    attributes.put("source", origin.source());
    attributes.put("historical", origin.historical());
    attributes.put("count", count);
    return attributes;
  }

  private void put(Map<String, @Nullable Object> attributes, CgroupOwner owner) {
    ContainerAttributes.put(attributes, owner, containers.identify(owner));
  }

  /** The container's own attributes are there where it is the only one. */
  private void putPlaces(
      Map<String, @Nullable Object> attributes, @Nullable MountedFilesystem filesystem) {
    AffectedContainers.Found found =
        filesystem == null ? AffectedContainers.Found.NONE : affected.find(filesystem.number());
    attributes.put("mountPoints", filesystem == null ? List.of() : filesystem.mountPoints());
    attributes.put("mountPointsLeftOut", filesystem == null ? 0 : filesystem.mountPointsLeftOut());
    List<Map<String, @Nullable Object>> places = new ArrayList<>();
    for (Affected each : found.shown()) {
      Map<String, @Nullable Object> place = new LinkedHashMap<>();
      place.put("mountPoint", each.mountPoint());
      put(place, each.owner());
      places.add(place);
    }
    attributes.put("containers", places);
    attributes.put("containersLeftOut", found.leftOut());
    boolean only = found.shown().size() == 1 && found.leftOut() == 0;
    put(attributes, only ? found.shown().getFirst().owner() : CgroupOwner.NONE);
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

  private static String type(OomScope scope) {
    return scope.isPods() ? HostEventTypes.POD_OOM_KILLING : HostEventTypes.OOM_KILLING;
  }
}
