package io.smartagent.modules.kernellog;

import java.util.List;

/**
 * The stack of a task as the kernel's log shows it.
 *
 * @param microseconds when its first line was written, by the log's clock
 * @param tid the task's id, a thread's, in the host's namespace
 * @param name the task's (comm), cut by older kernels and without blanks at its end
 * @param state the task's, one letter such as {@code D}
 * @param frames the innermost first, {@link StackFrames#MOST} at most; empty where none was shown
 */
public record TaskTrace(long microseconds, int tid, String name, char state, List<String> frames) {

  /** Copies the frames. */
  public TaskTrace {
    frames = List.copyOf(frames);
  }
}
