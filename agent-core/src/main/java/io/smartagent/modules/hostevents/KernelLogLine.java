package io.smartagent.modules.hostevents;

/**
 * One line of the kernel's log.
 *
 * @param priority the facility times eight, and the level: syslog(2)
 * @param microseconds since boot, on the log's own clock; {@link #NO_STAMP} where the kernel does
 *     not stamp lines (printk.time=0)
 * @param sequence the record's number; {@link #NO_SEQUENCE} where the source has none
 * @param text the line without prefix
 */
record KernelLogLine(int priority, long microseconds, long sequence, String text) {

  static final long NO_STAMP = -1;
  static final long NO_SEQUENCE = -1;

  /**
   * Returns whether the kernel itself wrote it (facility 0). What user space writes into /dev/kmsg
   * arrives as another facility, whatever it claims: so nobody can fake an event.
   */
  boolean isKernels() {
    return priority >> 3 == 0;
  }
}
