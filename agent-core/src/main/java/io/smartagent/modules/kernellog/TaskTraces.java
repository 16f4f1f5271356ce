package io.smartagent.modules.kernellog;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the stacks of tasks in the kernel's log: what sched_show_task() of kernel/sched/core.c
 * writes for each hung task, and for each blocked one where somebody asks for them (SysRq w). Linux
 * 3.10 to 6.18.
 */
public final class TaskTraces {

  /** From 5.12 on. A name may hold anything, so it ends where the rest cannot but begin. */
  private static final Pattern HEADER =
      Pattern.compile(
          "task:(.{0,15}?) +state:([A-Za-z]) +stack: *\\d{1,9} +pid: *(\\d{1,9}) .*",
          Pattern.DOTALL);

  /** Before. 3.10 writes an address after the state; then stack, pid and parent come. */
  private static final Pattern OLD_HEADER =
      Pattern.compile(
          "(.{13}|.{15}) ([A-Za-z])(?: +[0-9a-f]{8,16})? +\\d{1,9} +(\\d{1,9}) +\\d{1,9} +0x[0-9a-f]{8,16}",
          Pattern.DOTALL);

  private static final Pattern BEGIN = Pattern.compile("Call [Tt]race: *");

  /** Registers, and the marks around what an interrupt has added. */
  private static final Pattern BETWEEN =
      Pattern.compile(
          " *</?[A-Z]{1,8}> *|[A-Z][A-Z0-9]{1,2}: .*|Code: .*|(?:Stack|Workqueue): ?.*");

  private static final String END = " </TASK>";

  private @Nullable TaskTrace open;
  private final List<String> frames = new ArrayList<>();
  private boolean begun;

  /**
   * Takes the log's next line.
   *
   * @param done takes the stack that this line ends, which may be the one before
   * @return whether it belongs to a stack: it begins, continues or ends one
   */
  public boolean take(KernelLogLine line, Consumer<TaskTrace> done) {
    String text = line.text();
    TaskTrace header = header(line);
    if (header != null) {
      end(done);
      open = header;
      return true;
    }
    if (open == null) {
      return false;
    }
    if (text.stripTrailing().equals(END)) {
      end(done);
      return true;
    }
    if (BEGIN.matcher(text).matches()) {
      begun = true;
      return true;
    }
    if (begun && StackFrames.isFrame(text)) {
      String frame = StackFrames.parse(text);
      if (frame != null && frames.size() < StackFrames.MOST) {
        frames.add(frame);
      }
      return true;
    }
    if (BETWEEN.matcher(text).matches() || (!begun && isAddresses(text))) {
      return true;
    }
    end(done);
    return false;
  }

  /** Ends the stack that is being read, because nothing more of it has come. */
  public void end(Consumer<TaskTrace> done) {
    if (open != null) {
      done.accept(
          new TaskTrace(open.microseconds(), open.tid(), open.name(), open.state(), frames));
    }
    open = null;
    begun = false;
    frames.clear();
  }

  private static @Nullable TaskTrace header(KernelLogLine line) {
    Matcher matcher = HEADER.matcher(line.text());
    if (!matcher.matches()) {
      matcher = OLD_HEADER.matcher(line.text());
      if (!matcher.matches()) {
        return null;
      }
    }
    return new TaskTrace(
        line.microseconds(),
        Integer.parseInt(matcher.group(3)),
        matcher.group(1).stripTrailing(),
        matcher.group(2).charAt(0),
        List.of());
  }

  /** Before 4.10 the stack's memory is dumped between header and trace. */
  private static boolean isAddresses(String text) {
    return text.matches(" *(?:[0-9a-f]{8,16} ?)+");
  }
}
