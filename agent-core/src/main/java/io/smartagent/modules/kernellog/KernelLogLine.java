package io.smartagent.modules.kernellog;

/**
 * One line of the kernel's log.
 *
 * @param priority the facility times eight, and the level: syslog(2)
 * @param microseconds since boot, on the log's own clock; {@link #NO_STAMP} where the kernel does
 *     not stamp lines (printk.time=0)
 * @param sequence the record's number; {@link #NO_SEQUENCE} where the source has none
 * @param text the line without prefix
 */
public record KernelLogLine(int priority, long microseconds, long sequence, String text) {

  /** The stamp of a line that has none. */
  public static final long NO_STAMP = -1;

  /** The number of a record that has none. */
  public static final long NO_SEQUENCE = -1;

  /**
   * Returns whether the kernel itself wrote it (facility 0). What user space writes into /dev/kmsg
   * arrives as another facility, whatever it claims: so nobody can fake an event.
   */
  public boolean isKernels() {
    return priority >> 3 == 0;
  }
}
