package io.smartagent.modules.hostevents;

import io.smartagent.module.Event;
import io.smartagent.module.EventOwner;
import io.smartagent.module.EventType;
import io.smartagent.modules.hostevents.KernelReport.Blocker;
import io.smartagent.modules.hostevents.KernelReport.HungTask;
import io.smartagent.modules.hostevents.KernelReport.OomKill;
import io.smartagent.modules.hostevents.KernelReport.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of {@code host-events}, from what is known of them. Every event of a type has all of
 * its attributes always; what is unknown is null.
 */
final class KernelEvents {

  private static final long MEBIBYTE = 1 << 20;

  private KernelEvents() {}

  /**
   * A fault of a file system or its device.
   *
   * @param filesystem its kind, such as {@code ext4}; null if unknown
   * @param device the block device's name
   * @param process the name of the task that met it; null if unknown
   * @param message what the kernel says
   * @param count how often it happened
   */
  record Fault(
      @Nullable String filesystem,
      String device,
      @Nullable String process,
      String message,
      long count) {}

  /**
   * Returns the event of kills.
   *
   * @param kill what the log says of the one kill; null if only {@code count} is known
   * @param memoryCgroup that the victim was in; null if unknown
   */
  static Event oomKill(
      Instant time,
      Origin origin,
      OomScope scope,
      long count,
      @Nullable OomKill kill,
      @Nullable String memoryCgroup,
      EventOwner owner) {
    String process = kill == null ? null : kill.process();
    return event(
            scope.isPods() ? HostEventTypes.POD_OOM_KILLING : HostEventTypes.OOM_KILLING,
            time,
            origin,
            count)
        .subject(process, memoryCgroup)
        .summary(killSummary(scope, count, kill, owner))
        .put("scope", scope.id())
        .put("pid", kill == null ? null : kill.pid())
        .put("process", process)
        .put("uid", kill == null ? null : kill.uid())
        .owner(owner)
        .put("memoryCgroup", memoryCgroup)
        .put("limitBytes", kill == null ? null : kill.limitBytes())
        .put("anonRssBytes", kill == null ? null : kill.anonRssBytes())
        .put("totalVmBytes", kill == null ? null : kill.totalVmBytes())
        .build();
  }

  private static String killSummary(
      OomScope scope, long count, @Nullable OomKill kill, EventOwner owner) {
    Long limit = kill == null ? null : kill.limitBytes();
    return (kill != null
            ? "The process " + kill.process() + " (" + kill.pid() + ") was"
            : count > 1 ? count + " processes were" : "A process was")
        + " killed for want of memory"
        + (owner.containerName() == null ? "" : " in the container " + owner.containerName())
        + (limit == null ? "" : ", at a limit of " + limit / MEBIBYTE + " MiB")
        + scope.summary()
        + ".";
  }

  /**
   * Returns the event of hung tasks.
   *
   * @param task what the log says of the one task; null if only {@code count} is known
   * @param update whether it has been reported before that this task hangs
   */
  static Event hungTask(
      Instant time,
      Origin origin,
      boolean update,
      long count,
      @Nullable HungTask task,
      EventOwner owner) {
    Blocker blocker = task == null ? null : task.blocker();
    String process = task == null ? null : task.process();
    return event(HostEventTypes.TASK_HUNG, time, origin, count)
        .subject(process)
        .summary(hungSummary(task, owner))
        .update(update)
        .put("pid", task == null ? null : task.pid())
        .put("process", process)
        .put("blockedSeconds", task == null ? null : task.blockedSeconds())
        .put("inIoWait", task == null ? null : task.inIoWait())
        .put("blockerPid", blocker == null ? null : blocker.pid())
        .put("blockerProcess", blocker == null ? null : blocker.process())
        .put("lock", blocker == null ? null : blocker.lock())
        .put("kernelStack", task == null ? List.of() : task.kernelStack())
        .owner(owner)
        .build();
  }

  private static String hungSummary(@Nullable HungTask task, EventOwner owner) {
    Blocker blocker = task == null ? null : task.blocker();
    return (task == null ? "A task" : "The task " + task.process() + " (" + task.pid() + ")")
        + " waits in the kernel and has not run for "
        + (task == null ? "a long time" : task.blockedSeconds() + " seconds")
        + (owner.containerName() == null ? "" : ", in the container " + owner.containerName())
        + (blocker == null ? "" : "; it seems to wait for " + blocker.process())
        + ".";
  }

  /** Returns the event of a fault of a file system or a device. */
  static Event filesystem(
      EventType type, Instant time, Origin origin, Fault fault, AffectedPlaces places) {
    EventOwner owner = places.owner();
    return event(type, time, origin, fault.count())
        .subject(fault.device(), fault.process())
        .summary(
            summary(
                fault.message(),
                "device",
                fault.device(),
                "filesystem",
                fault.filesystem(),
                "process",
                fault.process(),
                "containerName",
                owner.containerName()))
        .put("filesystem", fault.filesystem())
        .put("device", fault.device())
        .put("process", fault.process())
        .put("message", fault.message())
        .put("mountPoints", places.mountPoints())
        .put("mountPointsTruncated", places.mountPointsTruncated())
        .put("containers", places.attributes())
        .put("containersTruncated", places.containersTruncated())
        .owner(owner)
        .build();
  }

  /** Returns the event of anything else. */
  static Event problem(Instant time, Origin origin, Problem problem, EventOwner owner) {
    return event(problem.type(), time, origin, 1)
        .subject(problem.subject(), problem.process())
        .summary(
            summary(
                Texts.message(problem.message()),
                "subject",
                problem.subject(),
                "process",
                problem.process(),
                "containerName",
                owner.containerName()))
        .put("subject", problem.subject())
        .put("pid", problem.pid())
        .put("process", problem.process())
        .put("message", Texts.message(problem.message()))
        .put("kernelStack", problem.kernelStack())
        .owner(owner)
        .build();
  }

  private static Event.Builder event(EventType type, Instant time, Origin origin, long count) {
    return Event.of(type, time)
        .put("source", origin.source())
        .historical(origin.historical())
        .count(count);
  }

  /** What the kernel says, and what it does not say: names and values in turn. */
  private static String summary(String message, @Nullable String... details) {
    List<String> parts = new ArrayList<>(List.of(message));
    for (int i = 0; i < details.length; i += 2) {
      String value = details[i + 1];
      if (value != null && !value.isEmpty() && !message.contains(value)) {
        parts.add(details[i] + ": " + value);
      }
    }
    return String.join("; ", parts);
  }
}
