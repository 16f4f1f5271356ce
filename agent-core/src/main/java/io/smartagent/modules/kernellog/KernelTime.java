package io.smartagent.modules.kernellog;

import java.time.Duration;
import java.time.Instant;

/**
 * The wall clock's time of a stamp in the kernel's log. The log's clock starts at boot, stands
 * still while the machine is suspended and may drift from the wall clock's; so a stamp only places
 * an event between two bounds that are known.
 *
 * @param boot when the machine started, by the wall clock of now
 */
public record KernelTime(Instant boot) {

  /**
   * Returns the kernel's time.
   *
   * @param uptime the text of /proc/uptime
   * @param now the wall clock at the time of reading it
   * @throws NumberFormatException where the text is none of /proc/uptime
   */
  public static KernelTime of(String uptime, Instant now) {
    int blank = uptime.indexOf(' ');
    double seconds = Double.parseDouble(blank < 0 ? uptime.strip() : uptime.substring(0, blank));
    return new KernelTime(now.minus(Duration.ofMillis((long) (seconds * 1000))));
  }

  /**
   * Returns the wall clock's time of a stamp.
   *
   * @param microseconds of the log's clock; {@link KernelLogLine#NO_STAMP} gives {@code latest}
   * @param earliest the line was not there then
   * @param latest the line was there then
   */
  public Instant at(long microseconds, Instant earliest, Instant latest) {
    if (microseconds == KernelLogLine.NO_STAMP) {
      return latest;
    }
    Instant stamped = boot.plus(Duration.ofNanos(microseconds * 1000));
    return stamped.isBefore(earliest) ? earliest : stamped.isAfter(latest) ? latest : stamped;
  }
}
