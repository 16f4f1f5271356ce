package io.smartagent.modules.kernelstacks;

import io.smartagent.module.Event;
import io.smartagent.module.EventOwner;
import io.smartagent.module.EventType;
import java.time.Duration;
import java.time.Instant;

/** The events of {@code kernel-stacks}. */
final class BlockedTaskEvents {

  static final EventType BLOCKED_TASK =
      EventType.info(
              "BlockedTask",
              "A task, of a process or the kernel, waits uninterruptibly and has not"
                  + " run for `blockedSeconds` at least, which is more than"
                  + " SMARTAGENT_BLOCKED_TASK_SECONDS. Counted from the look that found it"
                  + " first; again, with `update` true, each time the wait has doubled,"
                  + " and when the kernel's log brings its stack. `wchan` is the function"
                  + " that it waits in, `kernelStack` the way there, the innermost frame"
                  + " first, 32 at most: what the source does not report is null or empty."
                  + " Tasks that are frozen (docker pause) are excluded.")
          .shownAs("Task blocked", "process", "pid", "blockedSeconds", "wchan");

  static final EventType BLOCKED_TASK_ENDED =
      EventType.info(
              "BlockedTaskEnded",
              "A task that was reported has run again (`outcome` is `ran`) or is gone"
                  + " (`exited`). `blockedSeconds` is the time between the first and the"
                  + " last look that found it blocked.")
          .shownAs("Task unblocked", "process", "pid", "blockedSeconds", "outcome");

  private final String source;

  /**
   * @param source of the module
   */
  BlockedTaskEvents(String source) {
    this.source = source;
  }

  /**
   * Returns the event of a task that is blocked.
   *
   * @param update whether it has been reported before
   */
  Event blocked(
      WaitingTask task,
      Duration blocked,
      boolean update,
      Place place,
      EventOwner owner,
      Instant time) {
    Event.Builder event = Event.of(BLOCKED_TASK, time).put("source", source).update(update);
    return putTask(event, task)
        .put("state", "D")
        .put("blockedSeconds", blocked.toSeconds())
        .put("wchan", place.wchan())
        .put("kernelStack", place.frames())
        .owner(owner)
        .build();
  }

  /**
   * Returns the event of a task that was.
   *
   * @param ran whether it has run again; else it has exited
   */
  Event ended(WaitingTask task, Duration blocked, boolean ran, EventOwner owner, Instant time) {
    return putTask(Event.of(BLOCKED_TASK_ENDED, time).put("source", source), task)
        .put("blockedSeconds", blocked.toSeconds())
        .put("outcome", ran ? "ran" : "exited")
        .owner(owner)
        .build();
  }

  private static Event.Builder putTask(Event.Builder event, WaitingTask task) {
    return event
        .put("pid", task.pid())
        .put("tid", task.tid())
        .put("process", task.process())
        .put("thread", task.thread())
        .put("kernelThread", task.kernelThread());
  }
}
