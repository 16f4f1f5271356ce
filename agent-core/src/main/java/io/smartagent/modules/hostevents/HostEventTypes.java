package io.smartagent.modules.hostevents;

import io.smartagent.module.Event;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.hostevents.KernelReport.Blocker;
import io.smartagent.modules.hostevents.KernelReport.HungTask;
import io.smartagent.modules.hostevents.KernelReport.OomKill;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events of {@code host-events}. Every type has all of its attributes always; what is unknown
 * is null. {@code historical} is true for what was in the kernel's log before the module read it
 * first: a restarted agent tells it again.
 *
 * <p>{@code PodOOMKilling}: a container or pod has reached its own memory limit. Also for a
 * container that belongs to no pod.
 *
 * <pre>{@code
 * {"time":"2026-03-01T10:15:30.123Z","module":"host-events","type":"PodOOMKilling",
 *  "source":"syslog","historical":false,"count":1,"scope":"container","pid":7024,"process":"java",
 *  "uid":1000,"containerId":"3f1c...64 digits","podUid":"0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11",
 *  "memoryCgroup":"/kubepods/burstable/pod0b7e.../3f1c...","limitBytes":268435456,
 *  "anonRssBytes":266797056,"totalVmBytes":2147483648}
 * }</pre>
 *
 * <p>{@code OOMKilling}: memory ran out beyond one workload's own limit. {@code scope} is {@code
 * global} for the machine, {@code allocatable} for what kubelet leaves to all pods, {@code cgroup}
 * for another control group's limit, {@code cpuset} or {@code memoryPolicy} for memory nodes, and
 * {@code unknown}. The victim may well be in a pod.
 *
 * <pre>{@code
 * {"time":"2026-03-01T10:15:30.123Z","module":"host-events","type":"OOMKilling",
 *  "source":"kmsg","historical":true,"count":1,"scope":"global","pid":4015,"process":"python",
 *  "uid":0,"containerId":null,"podUid":null,"memoryCgroup":"/system.slice/report.service",
 *  "limitBytes":null,"anonRssBytes":24154112,"totalVmBytes":33599488}
 * }</pre>
 *
 * <p>{@code TaskHung}: a task waits in the kernel and has not run for {@code blockedSeconds}. The
 * kernel says so again each time that as many seconds have passed, ten times in all (sysctl {@code
 * kernel.hung_task_warnings}).
 *
 * <pre>{@code
 * {"time":"2026-03-01T10:15:30.123Z","module":"host-events","type":"TaskHung",
 *  "source":"kmsg","historical":false,"count":1,"pid":11071,"process":"touch","blockedSeconds":120,
 *  "inIoWait":false,"blockerPid":811,"blockerProcess":"fsfreeze","lock":"rw-semaphore",
 *  "containerId":null,"podUid":null}
 * }</pre>
 *
 * <p>From the source {@code counters} {@code count} may be above 1, and pid, process and sizes are
 * null.
 */
final class HostEventTypes {

  static final String POD_OOM_KILLING = "PodOOMKilling";
  static final String OOM_KILLING = "OOMKilling";
  static final String TASK_HUNG = "TaskHung";

  private HostEventTypes() {}

  /** Returns the event of a kill that the kernel's log tells of. */
  static Event of(OomKill kill, Instant time, String source, boolean historical) {
    CgroupOwner victim = owner(kill.memoryCgroup());
    CgroupOwner exhausted = owner(kill.exhausted());
    Map<String, @Nullable Object> attributes = common(source, historical, 1);
    attributes.put("scope", kill.scope().id());
    attributes.put("pid", kill.pid());
    attributes.put("process", kill.process());
    attributes.put("uid", kill.uid());
    attributes.put(
        "containerId",
        victim.containerId() != null ? victim.containerId() : exhausted.containerId());
    attributes.put("podUid", victim.podUid() != null ? victim.podUid() : exhausted.podUid());
    attributes.put(
        "memoryCgroup", kill.memoryCgroup() != null ? kill.memoryCgroup() : kill.exhausted());
    attributes.put("limitBytes", kill.limitBytes());
    attributes.put("anonRssBytes", kill.anonRssBytes());
    attributes.put("totalVmBytes", kill.totalVmBytes());
    return new Event(time, type(kill.scope()), attributes);
  }

  /** Returns the event of kills that a counter tells of. */
  static Event of(CounterReport.OomKills kills, Instant time, String source) {
    String cgroup = kills.memoryCgroup();
    CgroupOwner owner = owner(cgroup);
    OomScope scope = cgroup == null ? OomScope.UNKNOWN : OomScope.of(owner.level());
    Map<String, @Nullable Object> attributes = common(source, false, kills.count());
    attributes.put("scope", scope.id());
    attributes.put("pid", null);
    attributes.put("process", null);
    attributes.put("uid", null);
    attributes.put("containerId", owner.containerId());
    attributes.put("podUid", owner.podUid());
    attributes.put("memoryCgroup", cgroup);
    attributes.put("limitBytes", null);
    attributes.put("anonRssBytes", null);
    attributes.put("totalVmBytes", null);
    return new Event(time, type(scope), attributes);
  }

  /**
   * Returns the event of a hung task that the kernel's log tells of.
   *
   * @param owner whom the task belongs to, as far as it can still be told
   */
  static Event of(
      HungTask task, CgroupOwner owner, Instant time, String source, boolean historical) {
    Blocker blocker = task.blocker();
    Map<String, @Nullable Object> attributes = common(source, historical, 1);
    attributes.put("pid", task.pid());
    attributes.put("process", task.process());
    attributes.put("blockedSeconds", task.blockedSeconds());
    attributes.put("inIoWait", task.inIoWait());
    attributes.put("blockerPid", blocker == null ? null : blocker.pid());
    attributes.put("blockerProcess", blocker == null ? null : blocker.process());
    attributes.put("lock", blocker == null ? null : blocker.lock());
    attributes.put("containerId", owner.containerId());
    attributes.put("podUid", owner.podUid());
    return new Event(time, TASK_HUNG, attributes);
  }

  /** Returns the event of hung tasks that a counter tells of. */
  static Event of(CounterReport.HungTasks tasks, Instant time, String source) {
    Map<String, @Nullable Object> attributes = common(source, false, tasks.count());
    for (String name :
        new String[] {
          "pid",
          "process",
          "blockedSeconds",
          "inIoWait",
          "blockerPid",
          "blockerProcess",
          "lock",
          "containerId",
          "podUid"
        }) {
      attributes.put(name, null);
    }
    return new Event(time, TASK_HUNG, attributes);
  }

  private static Map<String, @Nullable Object> common(
      String source, boolean historical, long count) {
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    attributes.put("source", source);
    attributes.put("historical", historical);
    attributes.put("count", count);
    return attributes;
  }

  private static CgroupOwner owner(@Nullable String path) {
    return path == null ? CgroupOwner.NONE : CgroupOwner.ofPath(path);
  }

  private static String type(OomScope scope) {
    return scope.isPods() ? POD_OOM_KILLING : OOM_KILLING;
  }
}
