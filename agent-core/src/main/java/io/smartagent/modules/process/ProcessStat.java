package io.smartagent.modules.process;

import org.jspecify.annotations.Nullable;

/**
 * What /proc/PID/stat says: proc_pid_stat(5). The kernel makes it without touching the process's
 * memory, so it never waits for a process that hangs.
 *
 * @param pid the process's id
 * @param name its name (comm), with what would break a line escaped by newer kernels
 * @param state one letter, such as {@code D} for a wait that no signal ends
 * @param parent the parent's pid
 * @param kernelThread whether it is the kernel's
 * @param threads how many there are
 * @param startTicks when it started, in hundredths of a second since boot
 */
public record ProcessStat(
    int pid,
    String name,
    char state,
    int parent,
    boolean kernelThread,
    int threads,
    long startTicks) {

  /** USER_HZ, in which procfs tells times: the same on all architectures that matter. */
  public static final long TICKS_PER_SECOND = 100;

  /** PF_KTHREAD of include/linux/sched.h. */
  private static final long KERNEL_THREAD = 0x0020_0000;

  /**
   * Returns what the file says; null where the text is none of it. The name may hold blanks and
   * parentheses: it ends at the last one.
   */
  public static @Nullable ProcessStat parse(String text) {
    int open = text.indexOf('(');
    int close = text.lastIndexOf(')');
    if (open < 1 || close < open) {
      return null;
    }
    String[] fields = text.substring(close + 1).strip().split(" +", -1);
    // Field 3 of the manual is the first one after the name; field 22 is the start.
    if (fields.length < 20 || fields[0].length() != 1) {
      return null;
    }
    try {
      return new ProcessStat(
          Integer.parseInt(text.substring(0, open).strip()),
          text.substring(open + 1, close),
          fields[0].charAt(0),
          Integer.parseInt(fields[1]),
          (Long.parseLong(fields[6]) & KERNEL_THREAD) != 0,
          Integer.parseInt(fields[17]),
          Long.parseLong(fields[19]));
    } catch (NumberFormatException noStat) {
      return null;
    }
  }

  /**
   * Returns whether it has ended and only waits for its parent: its main thread may do so alone.
   */
  public boolean hasEnded() {
    return state == 'X' || state == 'x' || (state == 'Z' && threads <= 1);
  }

  /** Returns whether reading its memory may wait as long as it waits itself. */
  public boolean mayBlockReaders() {
    return state == 'D';
  }
}
