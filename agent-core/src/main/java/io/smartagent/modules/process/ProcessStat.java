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
 * @param exiting whether it ends just now: its memory may be gone already
 * @param threads how many there are
 * @param startTicks when it started, in hundredths of a second since boot
 * @param image the program that it executes
 */
public record ProcessStat(
    int pid,
    String name,
    char state,
    int parent,
    boolean kernelThread,
    boolean exiting,
    int threads,
    long startTicks,
    ProcessImage image) {

  /** USER_HZ, in which procfs tells times: the same on all architectures that matter. */
  public static final long TICKS_PER_SECOND = 100;

  /** PF_EXITING of include/linux/sched.h. */
  private static final long EXITING = 0x4;

  /** PF_FORKNOEXEC. */
  private static final long FORKED = 0x40;

  /** PF_KTHREAD. */
  private static final long KERNEL_THREAD = 0x0020_0000;

  // Indexes of fields of the manual, counted from its field 3.
  private static final int START_CODE = 26 - 3;
  private static final int ARG_START = 48 - 3;
  private static final int ENV_END = 51 - 3;

  /** What startcode is for readers that may not trace the process. */
  private static final String HIDDEN = "1";

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
      long flags = Long.parseLong(fields[6]);
      return new ProcessStat(
          Integer.parseInt(text.substring(0, open).strip()),
          text.substring(open + 1, close),
          fields[0].charAt(0),
          Integer.parseInt(fields[1]),
          (flags & KERNEL_THREAD) != 0,
          (flags & EXITING) != 0,
          Integer.parseInt(fields[17]),
          Long.parseLong(fields[19]),
          image(fields, (flags & FORKED) != 0));
    } catch (NumberFormatException noStat) {
      return null;
    }
  }

  /** Before Linux 3.5 there are no addresses of arguments. */
  private static ProcessImage image(String[] fields, boolean forked) {
    return fields.length <= ENV_END || fields[START_CODE].equals(HIDDEN)
        ? ProcessImage.hidden(forked)
        : new ProcessImage(
            true,
            forked,
            Long.parseUnsignedLong(fields[ARG_START]),
            Long.parseUnsignedLong(fields[ARG_START + 1]),
            Long.parseUnsignedLong(fields[ARG_START + 2]),
            Long.parseUnsignedLong(fields[ENV_END]));
  }

  /** Returns this without the addresses of its image. */
  public ProcessStat withHiddenImage() {
    return new ProcessStat(
        pid,
        name,
        state,
        parent,
        kernelThread,
        exiting,
        threads,
        startTicks,
        ProcessImage.hidden(image.forked()));
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
