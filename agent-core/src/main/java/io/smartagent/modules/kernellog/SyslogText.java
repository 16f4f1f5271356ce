package io.smartagent.modules.kernellog;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The format of syslog(2): one line for each line of a record, as {@code <priority>[
 * seconds.micros] text}. The stamp is missing with printk.time=0; with CONFIG_PRINTK_CALLER the
 * task or processor that wrote it comes before the text, as in {@code [ T123]} or {@code [ C0]}.
 */
public final class SyslogText {

  private static final Pattern LINE =
      Pattern.compile(
          "<(\\d{1,9})>(?:\\[ *(\\d{1,12})\\.(\\d{6})\\](?:\\[ *[TC]\\d{1,10}\\])? ?)?(.*)",
          Pattern.DOTALL);

  private SyslogText() {}

  /** Returns the lines of {@code text} that are whole: the first one may have been cut. */
  public static List<KernelLogLine> parse(String text) {
    List<KernelLogLine> lines = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      KernelLogLine parsed = parseLine(line);
      if (parsed != null) {
        lines.add(parsed);
      }
    }
    return lines;
  }

  /** Returns the line; null where it has no priority. */
  public static @Nullable KernelLogLine parseLine(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return null;
    }
    String seconds = matcher.group(2);
    return new KernelLogLine(
        Integer.parseInt(matcher.group(1)),
        seconds == null
            ? KernelLogLine.NO_STAMP
            : Long.parseLong(seconds) * 1_000_000 + Long.parseLong(matcher.group(3)),
        KernelLogLine.NO_SEQUENCE,
        matcher.group(4));
  }
}
