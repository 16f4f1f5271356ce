package io.smartagent.modules.kernelstacks;

import io.smartagent.modules.cgroup.CgroupOwner;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks have waited for how long. One look at a task says nothing: every disk access is such
 * a wait. So a task is blocked that was found waiting at each look, and has not run in between.
 */
final class BlockedTasks {

  /** A file system that hangs blocks thousands: what is more is told after the next looks. */
  static final int TOLD_IN_A_LOOK = 50;

  private final Duration after;
  private Map<Integer, Wait> waits = new LinkedHashMap<>();
  private final Deque<Ended> ended = new ArrayDeque<>();

  /** A task's wait. Times are those of one clock that only goes on. */
  static final class Wait {

    private final WaitingTask task;
    private Duration since;
    private Duration last;
    private @Nullable Duration tellAfter;
    private boolean told;
    private @Nullable CgroupOwner owner;

    private Wait(WaitingTask task, Duration now, Duration tellAfter) {
      this.task = task;
      this.since = now;
      this.last = now;
      this.tellAfter = tellAfter;
    }

    WaitingTask task() {
      return task;
    }

    /** Returns when it was found first, by the clock of the looks. */
    Duration since() {
      return since;
    }

    /** Returns for how long it has been blocked, at least. */
    Duration blocked() {
      return last.minus(since);
    }

    /**
     * Returns whose the task is, which is asked for once: it may be gone when that is told.
     *
     * @param owners tells it of a process
     */
    CgroupOwner owner(IntFunction<CgroupOwner> owners) {
      CgroupOwner known = owner;
      if (known == null) {
        known = owners.apply(task.pid());
        owner = known;
      }
      return known;
    }

    boolean isTold() {
      return told;
    }

    private boolean isDue() {
      return tellAfter != null && blocked().compareTo(tellAfter) >= 0;
    }
  }

  /**
   * A wait that has been told and is over.
   *
   * @param ran whether the task goes on; else it has ended
   */
  record Ended(Wait over, boolean ran) {}

  /**
   * @param after how long a task has to wait to be told of
   */
  BlockedTasks(Duration after) {
    this.after = after;
  }

  /** Returns the tasks that waited at the last look. */
  Collection<WaitingTask> waiting() {
    return waits.values().stream().map(Wait::task).toList();
  }

  /**
   * Takes what a look has found.
   *
   * @param exists whether a task that does not wait any more is still there
   */
  void look(List<WaitingTask> waiting, Duration now, Predicate<WaitingTask> exists) {
    Map<Integer, Wait> next = new LinkedHashMap<>();
    for (WaitingTask task : waiting) {
      Wait before = waits.get(task.tid());
      if (before != null && before.task().isStill(task)) {
        before.last = now;
        next.put(task.tid(), before);
      } else {
        next.put(task.tid(), new Wait(task, now, after));
      }
    }
    waits.forEach((tid, wait) -> {
      if (next.get(tid) != wait && wait.told) {
        ended.addLast(new Ended(wait, exists.test(wait.task())));
      }
    });
    waits = next;
  }

  /**
   * Returns what is to be told now, the longest wait first: what waits for so long for the first
   * time, or for twice as long as when it was told last. Of all these, {@link #TOLD_IN_A_LOOK} are
   * to be told: the others stay due, unless they are excused.
   */
  List<Wait> due() {
    return waits.values().stream()
        .filter(Wait::isDue)
        .sorted((one, other) -> other.blocked().compareTo(one.blocked()))
        .toList();
  }

  /** Says that a wait has been told. */
  void told(Wait wait) {
    wait.told = true;
    wait.tellAfter = wait.blocked().multipliedBy(2);
  }

  /** Has a wait told again at once, because more is known of it now. */
  void tellAgain(int tid) {
    Wait wait = waits.get(tid);
    if (wait != null && wait.told) {
      wait.tellAfter = wait.blocked();
    }
  }

  /** Says that the task is kept from running on purpose: its wait starts anew. */
  void excuse(Wait wait) {
    wait.since = wait.last;
  }

  /** Returns waits that are over, {@link #TOLD_IN_A_LOOK} at most; each once. */
  List<Ended> takeEnded() {
    List<Ended> taken = new ArrayList<>();
    while (!ended.isEmpty() && taken.size() < TOLD_IN_A_LOOK) {
      taken.add(ended.removeFirst());
    }
    return taken;
  }

  /** Returns the waits that have lasted long enough to be told of, told or not. */
  List<Wait> blocked() {
    return waits.values().stream().filter(wait -> wait.blocked().compareTo(after) >= 0).toList();
  }
}
