package io.smartagent.modules.logdiscovery;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What has become of a log between two passes. */
sealed interface LogChange {

  /** It was not known before. */
  record Found(LogFile log) implements LogChange {}

  /**
   * It goes on in another file, or at the start of the same.
   *
   * @param before the log until then
   * @param now the log since
   * @param method how it was rotated
   * @param rotatedTo where the old file is; null where that was not seen
   */
  record Rotated(LogFile before, LogFile now, Method method, @Nullable String rotatedTo)
      implements LogChange {}

  /** Its file is neither open nor in its place any more. */
  record Gone(LogFile log) implements LogChange {}

  /** How a log is rotated, in the words of logrotate(8). */
  enum Method {
    /** Another file is in its place. */
    CREATE,
    /** The same file has been emptied, or begun anew. */
    COPYTRUNCATE;

    /** Returns the name in events. */
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
