package io.smartagent.modules.kernellog;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.log.KernelLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The kernel's log by syslog(2), which has no record numbers: a line is new if it was not there at
 * the last look. Mostly only the log's end is read; all of it where that end has nothing in common
 * with the last one, because much was written since or somebody cleared the log.
 */
public final class SyslogSource implements KernelLogSource {

  private static final int TAIL = 32768;

  /** The text has prefixes that the buffer, whose size is known, has not. */
  private static final int TEXT_PER_BUFFER = 3;

  /** History beyond it is not worth the memory. */
  private static final int LARGEST = 2 << 20;

  private static final long OUT_OF_ORDER_MICROSECONDS = 1_000_000;

  private final KernelLog log;
  private final int size;
  private byte[] lastText = {};
  private Set<KernelLogLine> lastLines = Set.of();
  private long lastStamp = KernelLogLine.NO_STAMP;
  private boolean first = true;

  /**
   * @throws ErrnoException EPERM without CAP_SYSLOG
   */
  public SyslogSource(KernelLog log) throws ErrnoException {
    this.log = log;
    this.size = (int) Math.min(LARGEST, Math.max(TAIL, (long) log.bufferSize() * TEXT_PER_BUFFER));
  }

  @Override
  public Batch poll() throws ErrnoException {
    if (first) {
      first = false;
      List<KernelLogLine> all = parse(log.readAll(size));
      remember(all);
      return new Batch(all, 0, true);
    }
    byte[] text = log.readAll(TAIL);
    if (Arrays.equals(text, lastText)) {
      return new Batch(List.of(), 0, true);
    }
    lastText = text;
    List<KernelLogLine> lines = parse(text);
    if (lines.stream().noneMatch(lastLines::contains)) {
      lines = parse(log.readAll(size));
    }
    List<KernelLogLine> fresh = new ArrayList<>();
    for (KernelLogLine line : lines) {
      if (!lastLines.contains(line) && line.microseconds() >= lastStamp) {
        fresh.add(line);
      }
    }
    remember(lines);
    return new Batch(fresh, 0, true);
  }

  /**
   * The log is nearly sorted by its stamps, but lines of two processors may change places: so lines
   * that are a little older than the newest one can still be new.
   */
  private void remember(List<KernelLogLine> lines) {
    long newest = lastStamp;
    for (KernelLogLine line : lines) {
      newest = Math.max(newest, line.microseconds() - OUT_OF_ORDER_MICROSECONDS);
    }
    lastStamp = newest;
    Set<KernelLogLine> known = new HashSet<>(lines);
    for (KernelLogLine line : lastLines) {
      if (line.microseconds() != KernelLogLine.NO_STAMP && line.microseconds() >= newest) {
        known.add(line);
      }
    }
    lastLines = known;
  }

  private static List<KernelLogLine> parse(byte[] text) {
    return SyslogText.parse(new String(text, StandardCharsets.UTF_8));
  }

  @Override
  public void close() {}
}
