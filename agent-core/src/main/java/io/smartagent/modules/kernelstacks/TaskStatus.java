package io.smartagent.modules.kernelstacks;

import org.jspecify.annotations.Nullable;

/** What /proc/PID/task/TID/status says of how often a task has run: proc_pid_status(5). */
final class TaskStatus {

  private static final String VOLUNTARY = "voluntary_ctxt_switches:";
  private static final String INVOLUNTARY = "nonvoluntary_ctxt_switches:";

  private TaskStatus() {}

  /** Returns the sum of both counters; null where the text has none. */
  static @Nullable Long switches(String status) {
    Long voluntary = null;
    Long involuntary = null;
    for (String line : status.split("\n", -1)) {
      if (line.startsWith(VOLUNTARY)) {
        voluntary = number(line.substring(VOLUNTARY.length()));
      } else if (line.startsWith(INVOLUNTARY)) {
        involuntary = number(line.substring(INVOLUNTARY.length()));
      }
    }
    return voluntary == null || involuntary == null ? null : Long.valueOf(voluntary + involuntary);
  }

  private static @Nullable Long number(String text) {
    try {
      return Long.valueOf(text.strip());
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }
}
