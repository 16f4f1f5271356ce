package io.smartagent.modules.logdiscovery;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a time at the start of a line is written.
 *
 * @param pattern in the letters of java.time.format.DateTimeFormatter
 */
record Timestamp(String pattern, Pattern line) {

  private static final String TIME = "\\d{2}:\\d{2}:\\d{2}";

  /** In the order in which they are tried: what is written more exactly comes first. */
  private static final List<Timestamp> KNOWN =
      List.of(
          of(
              "yyyy-MM-dd'T'HH:mm:ss[.SSSSSSSSS]XXX",
              "\\d{4}-\\d{2}-\\d{2}T" + TIME + "(?:[.,]\\d{1,9})?(?:Z|[+-]\\d{2}:?\\d{2})"),
          of("yyyy-MM-dd'T'HH:mm:ss.SSS", "\\d{4}-\\d{2}-\\d{2}T" + TIME + "[.,]\\d{1,9}"),
          of("yyyy-MM-dd'T'HH:mm:ss", "\\d{4}-\\d{2}-\\d{2}T" + TIME),
          of("yyyy-MM-dd HH:mm:ss,SSS", "\\d{4}-\\d{2}-\\d{2} " + TIME + ",\\d{3}"),
          of("yyyy-MM-dd HH:mm:ss.SSS", "\\d{4}-\\d{2}-\\d{2} " + TIME + "\\.\\d{1,9}"),
          of("yyyy-MM-dd HH:mm:ss", "\\d{4}-\\d{2}-\\d{2} " + TIME),
          of("yyyy/MM/dd HH:mm:ss.SSSSSS", "\\d{4}/\\d{2}/\\d{2} " + TIME + "\\.\\d{1,9}"),
          of("yyyy/MM/dd HH:mm:ss", "\\d{4}/\\d{2}/\\d{2} " + TIME),
          of("dd-MMM-yyyy HH:mm:ss.SSS", "\\d{2}-[A-Z][a-z]{2}-\\d{4} " + TIME + "\\.\\d{3}"),
          of(
              "EEE MMM dd HH:mm:ss.SSSSSS yyyy",
              "[A-Z][a-z]{2} [A-Z][a-z]{2} \\d{2} " + TIME + "\\.\\d{6} \\d{4}"),
          of(
              "EEE MMM dd HH:mm:ss yyyy",
              "[A-Z][a-z]{2} [A-Z][a-z]{2} [ \\d]\\d " + TIME + " \\d{4}"),
          of("MMM d HH:mm:ss", "[A-Z][a-z]{2} [ \\d]\\d " + TIME),
          // klog, of Kubernetes' own components.
          of("MMdd HH:mm:ss.SSSSSS", "[IWEF]\\d{4} " + TIME + "\\.\\d{6}"),
          of("HH:mm:ss.SSS", TIME + "[.,]\\d{3}"),
          of("HH:mm:ss", TIME));

  private static Timestamp of(String pattern, String expression) {
    return new Timestamp(pattern, Pattern.compile("(?:<\\d{1,3}>)?\\[?" + expression + "(?!\\d)"));
  }

  /** Returns how the time is written that a line starts with; null where it starts with none. */
  static @Nullable Timestamp at(String line) {
    for (Timestamp known : KNOWN) {
      if (known.line.matcher(line).lookingAt()) {
        return known;
      }
    }
    return null;
  }
}
