package io.smartagent.modules.process;

/**
 * The program that a process executes, by what execve(2) sets: proc_pid_stat(5), fields 9 and 48 to
 * 51. Neither the pid nor the start time changes when a process executes another program; these
 * addresses do, because the kernel places the arguments at random. What a process does later, such
 * as to write a title over its arguments or to rename itself, does not change them.
 *
 * @param visible whether the kernel shows the addresses: it does to readers that may trace the
 *     process (ptrace(2), PTRACE_MODE_READ_FSCREDS), as for /proc/PID/exe
 * @param forked whether the process has executed nothing since fork(2): PF_FORKNOEXEC, always shown
 * @param argStart of the arguments, 0 where they are hidden or not set up yet
 * @param argEnd of the arguments
 * @param envStart of the environment
 * @param envEnd of the environment, which execve(2) sets last
 */
public record ProcessImage(
    boolean visible, boolean forked, long argStart, long argEnd, long envStart, long envEnd) {

  /** Returns an image whose addresses are hidden. */
  public static ProcessImage hidden(boolean forked) {
    return new ProcessImage(false, forked, 0, 0, 0, 0);
  }

  /**
   * Returns whether execve(2) has replaced the program, but not set up its arguments: /proc/PID/exe
   * is the new one, comm may be the old one, and cmdline is empty. The same of a process that has
   * released its memory.
   */
  public boolean isIncomplete() {
    return visible && envEnd == 0;
  }

  /** Returns whether this is surely the same execution of the same program. */
  public boolean isSameAs(ProcessImage other) {
    return visible && equals(other);
  }
}
