package io.smartagent.modules.hostevents;

import io.smartagent.module.EventType;
import io.smartagent.modules.hostevents.KernelReport.Problem;
import io.smartagent.modules.kernellog.KernelLogLine;
import io.smartagent.modules.kernellog.StackFrames;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel writes of its own faults, with the task that ran then and its stack: oopses of
 * arch/x86/mm/fault.c, arch/x86/kernel/dumpstack.c and arch/arm64/kernel/traps.c, and lockups of
 * kernel/watchdog.c. An oops begins with up to three sentences, which are one report.
 */
final class OopsLog implements LogReader {

  /** What die() adds: a number, a count of oopses, and how the kernel was built. */
  private static final String DIE = "[0-9a-f]{4,16} \\[#\\d{1,6}\\](?: [A-Z_]{2,20})*";

  private static final Pattern OOPS =
      Pattern.compile(
          "BUG: (?:unable to handle |kernel NULL pointer dereference).*"
              + "|Unable to handle kernel .*"
              + "|kernel BUG at \\S{1,200}:\\d{1,9}!"
              + "|(?:Internal error: )?Oops(?: - [\\w ]{1,40})?: (?:Oops: )?"
              + DIE
              + "|(?:Oops: )?(?:general protection fault|divide error|invalid opcode|stack segment"
              + "|int3|double fault)(?:,? [\\w ,-]{1,100})?: "
              + DIE);

  private static final Pattern SOFT_LOCKUP =
      Pattern.compile(
          "(?:NMI watchdog: |watchdog: )?BUG: soft lockup - (CPU#\\d{1,6}) stuck for \\d{1,9}s! \\["
              + Sentence.COMM
              + ":(\\d{1,9})\\]",
          Pattern.DOTALL);

  private static final Pattern HARD_LOCKUP =
      Pattern.compile(
          "(?:NMI watchdog: |watchdog: )?(?:CPU\\d{1,6}: )?Watchdog detected hard LOCKUP on cpu"
              + " (\\d{1,6}).*");

  private static final Pattern TASK =
      Pattern.compile(
          "CPU: \\d{1,6} (?:UID: \\d{1,10} )?PID: (\\d{1,9}) Comm: "
              + Sentence.COMM
              + " (?:Kdump: loaded )?(?:Not tainted|Tainted: ).*",
          Pattern.DOTALL);

  /** Selector 0x33 is user space's: 0x10 is the kernel's. */
  private static final Pattern PLACE =
      Pattern.compile(
          "(?:RIP: 0010:|pc : )(?:\\[<[0-9a-f]{8,16}>\\]"
              + " *)*([\\w.]{1,200})\\+0x[0-9a-f]+/0x[0-9a-f]+.*");

  private static final Pattern CALL_TRACE = Pattern.compile("Call [Tt]race: *");

  private static final Pattern IN_TRACE = Pattern.compile(" *</?[A-Z]{1,8}> *");

  /** The kernel writes a question mark before a frame that it doubts. */
  private static final Pattern DOUBTED =
      Pattern.compile(" *(?:</?[A-Z]{1,8}> *)?(?:\\[ *<[0-9a-f]{1,16}>\\] *)?\\? .*");

  /** Of no meaning here, but what follows at once is believed only after a line that is known. */
  private static final Pattern STATE =
      Pattern.compile(
          "(?:[ER][A-Z0-9]{2}|[C-GS]S|[CD]R\\d|Code|Modules linked in|Hardware name): .*");

  private static final Pattern END =
      Pattern.compile(" </TASK> *|---\\[ end trace [0-9a-f]+ \\]---");

  /** Modules and registers: then whatever comes belongs to something else. */
  private static final int LINES_AT_MOST = 200;

  /** By the log's own clock: the kernel writes it all in one go. */
  private static final long HELD_MICROSECONDS = 2_000_000;

  private final List<Sentence> beginnings =
      List.of(
          new Sentence(OOPS, this::oops),
          new Sentence(SOFT_LOCKUP, this::softLockup),
          new Sentence(HARD_LOCKUP, this::hardLockup));

  private @Nullable Problem open;
  private final List<String> frames = new ArrayList<>();
  private int lines;
  private boolean taskKnown;
  private boolean inTrace;

  @Override
  public boolean read(KernelLogLine line, Consumer<KernelReport> reports) {
    Problem problem = open;
    if (problem != null && line.microseconds() - problem.microseconds() > HELD_MICROSECONDS) {
      end(reports);
    }
    if (Sentence.read(beginnings, line, reports)) {
      return true;
    }
    problem = open;
    if (problem == null) {
      return false;
    }
    String text = line.text();
    Matcher task = TASK.matcher(text);
    Matcher place = PLACE.matcher(text);
    if (lines++ > LINES_AT_MOST) {
      end(reports);
      return false;
    }
    if (END.matcher(text).matches()) {
      end(reports);
    } else if (task.matches()) {
      taskKnown = true;
      if (problem.pid() == null) {
        open = with(problem, Integer.valueOf(task.group(1)), task.group(2));
      }
    } else if (place.matches()) {
      if (problem.subject() == null) {
        open = at(problem, place.group(1));
      }
    } else if (CALL_TRACE.matcher(text).matches()) {
      inTrace = true;
    } else if (inTrace) {
      String frame = StackFrames.parse(text);
      if (frame != null && frames.size() < StackFrames.MOST) {
        frames.add(frame);
      } else if (frame == null
          && !DOUBTED.matcher(text).matches()
          && !IN_TRACE.matcher(text).matches()) {
        end(reports);
        return false;
      }
    } else {
      return STATE.matcher(text).matches();
    }
    return true;
  }

  @Override
  public void end(Consumer<KernelReport> reports) {
    Problem problem = open;
    if (problem != null) {
      reports.accept(
          new Problem(
              problem.microseconds(),
              problem.type(),
              problem.subject(),
              problem.pid(),
              problem.process(),
              problem.message(),
              frames));
    }
    open = null;
    frames.clear();
    lines = 0;
    taskKnown = false;
    inTrace = false;
  }

  private void oops(KernelLogLine line, MatchResult match, Consumer<KernelReport> reports) {
    Problem before = open;
    boolean same = before != null && before.type().equals(HostEventTypes.KERNEL_OOPS) && !taskKnown;
    if (!same) {
      begin(line, HostEventTypes.KERNEL_OOPS, null, null, null, reports);
    }
  }

  private void softLockup(KernelLogLine line, MatchResult match, Consumer<KernelReport> reports) {
    begin(
        line,
        HostEventTypes.SOFT_LOCKUP,
        match.group(1),
        Integer.valueOf(match.group(3)),
        match.group(2),
        reports);
  }

  private void hardLockup(KernelLogLine line, MatchResult match, Consumer<KernelReport> reports) {
    begin(line, HostEventTypes.HARD_LOCKUP, "CPU#" + match.group(1), null, null, reports);
  }

  private void begin(
      KernelLogLine line,
      EventType type,
      @Nullable String subject,
      @Nullable Integer pid,
      @Nullable String process,
      Consumer<KernelReport> reports) {
    end(reports);
    open = new Problem(line.microseconds(), type, subject, pid, process, line.text(), List.of());
  }

  private static Problem with(Problem problem, Integer pid, String process) {
    return new Problem(
        problem.microseconds(),
        problem.type(),
        problem.subject(),
        pid,
        process,
        problem.message(),
        List.of());
  }

  private static Problem at(Problem problem, String function) {
    return new Problem(
        problem.microseconds(),
        problem.type(),
        function,
        problem.pid(),
        problem.process(),
        problem.message(),
        List.of());
  }
}
