package io.smartagent.modules.logdiscovery;

import org.jspecify.annotations.Nullable;

/**
 * What a sample of a log's content suggests.
 *
 * @param format of its lines
 * @param multiLine what in it takes more than one line; null where nothing was seen to
 * @param timestamp how the time is written that lines start with, in the letters of
 *     java.time.format.DateTimeFormatter; null where they start with none
 */
record LogGuess(LogFormat format, @Nullable MultiLine multiLine, @Nullable String timestamp) {

  /** Of a file that is empty or was not read. */
  static final LogGuess UNKNOWN = new LogGuess(LogFormat.UNKNOWN, null, null);

  boolean isUnknown() {
    return format == LogFormat.UNKNOWN;
  }
}
