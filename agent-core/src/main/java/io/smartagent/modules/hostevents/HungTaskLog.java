package io.smartagent.modules.hostevents;

import io.smartagent.modules.hostevents.KernelReport.Blocker;
import io.smartagent.modules.hostevents.KernelReport.HungTask;
import io.smartagent.modules.kernellog.KernelLogLine;
import io.smartagent.modules.kernellog.TaskTrace;
import io.smartagent.modules.kernellog.TaskTraces;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What kernel/hung_task.c writes, of Linux 3.10 to 6.18: the task, its stack, and, from 6.15 on,
 * who is likely to hold what it waits for.
 */
final class HungTaskLog implements LogReader {

  private static final Pattern HUNG =
      Pattern.compile(
          "INFO: task "
              + Sentence.COMM
              + ":(\\d{1,9}) blocked(?: (in I/O wait))? +for more than (\\d{1,12}) seconds\\.",
          Pattern.DOTALL);

  private static final Pattern BLOCKED_ON =
      Pattern.compile(
          "INFO: task "
              + Sentence.COMM
              + ":(\\d{1,9})(?: <[a-z]+>)? (?:is )?blocked on an? ([a-z -]{1,20}?),?"
              + "(?: likely)? (?:owned|last held|held) by task "
              + Sentence.COMM
              + ":(\\d{1,9})(?: <[a-z]+>)?\\.?",
          Pattern.DOTALL);

  private static final Pattern BETWEEN =
      Pattern.compile(
          " {6}(?:Not tainted|Tainted: ).*"
              + "|\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\" disables this message\\.");

  /** By the log's own clock, which a busy log moves on: the kernel writes it all in one go. */
  private static final long HELD_MICROSECONDS = 2_000_000;

  private final TaskTraces traces = new TaskTraces();
  private @Nullable HungTask hung;

  private final List<Sentence> sentences =
      List.of(
          new Sentence(HUNG, this::hung),
          new Sentence(BLOCKED_ON, this::blockedOn),
          new Sentence(BETWEEN, (line, match, reports) -> {}));

  @Override
  public boolean read(KernelLogLine line, Consumer<KernelReport> reports) {
    HungTask waiting = hung;
    if (waiting != null && line.microseconds() - waiting.microseconds() > HELD_MICROSECONDS) {
      end(reports);
    }
    return traces.take(line, this::trace) || Sentence.read(sentences, line, reports);
  }

  @Override
  public void end(Consumer<KernelReport> reports) {
    traces.end(this::trace);
    release(reports);
  }

  private void hung(KernelLogLine line, MatchResult match, Consumer<KernelReport> reports) {
    release(reports);
    hung =
        new HungTask(
            line.microseconds(),
            Integer.parseInt(match.group(2)),
            match.group(1),
            Long.parseLong(match.group(4)),
            match.group(3) != null,
            null,
            List.of());
  }

  private void blockedOn(KernelLogLine line, MatchResult match, Consumer<KernelReport> reports) {
    HungTask waiting = hung;
    if (waiting != null && waiting.pid() == Integer.parseInt(match.group(2))) {
      hung =
          waiting.with(
              new Blocker(
                  Integer.parseInt(match.group(5)), match.group(4), match.group(3).strip()));
    }
  }

  /** The blocker's stack follows, too: only the task's own is its. */
  private void trace(TaskTrace trace) {
    HungTask waiting = hung;
    if (waiting != null && waiting.pid() == trace.tid() && waiting.kernelStack().isEmpty()) {
      hung = waiting.with(trace.frames());
    }
  }

  /** A hung task is held back until all that may be said of it has come, or cannot come. */
  private void release(Consumer<KernelReport> reports) {
    if (hung != null) {
      reports.accept(hung);
      hung = null;
    }
  }
}
