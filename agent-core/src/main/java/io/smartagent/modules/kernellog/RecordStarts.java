package io.smartagent.modules.kernellog;

import java.util.regex.Pattern;

/**
 * Tells which lines may be the rest of a record that has quoted somebody's text. What a user names
 * a mount option or a file may hold a line break, and the kernel's message repeats it. The device
 * shows the record as one line. But syslog(2) cuts it and gives each part the record's own priority
 * and stamp: the second line is a forger's from its first letter on. So a line that looks like such
 * a part is believed only after one that was understood, as the kernel's own sentences for one fact
 * may follow each other within a microsecond.
 *
 * <p>What a process has met, such as a segmentation fault, begins with its name and ends with that
 * of a file, and a user chooses both. So such a line is never believed, nor what may be its rest.
 *
 * <p>A log without stamps (printk.time=0) does not let the parts be told.
 */
public final class RecordStarts {

  /**
   * A hung task's line has a name, too, which may look like that, but within the kernel's words.
   */
  private static final Pattern OF_A_PROCESS =
      Pattern.compile("(?!INFO: task )(?:traps: )?.{0,15}\\[\\d{1,9}\\]:? [a-z].*", Pattern.DOTALL);

  private KernelLogLine last = new KernelLogLine(0, KernelLogLine.NO_STAMP, 0, "");
  private boolean lastUnderstood;

  /** Returns whether the log's next line may be believed; {@link #understood} has to follow. */
  public boolean believes(KernelLogLine line) {
    boolean sameRecord =
        line.sequence() == KernelLogLine.NO_SEQUENCE
            && line.microseconds() != KernelLogLine.NO_STAMP
            && line.microseconds() == last.microseconds()
            && line.priority() == last.priority();
    last = line;
    return !OF_A_PROCESS.matcher(line.text()).matches() && (!sameRecord || lastUnderstood);
  }

  /** Says whether the line that was asked for last has been believed and had a meaning. */
  public void understood(boolean meaning) {
    lastUnderstood = meaning;
  }
}
