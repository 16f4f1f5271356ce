package io.smartagent.modules.logdiscovery;

import io.smartagent.json.JsonTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Guesses a log's format from the start of its content. Nothing of the content is kept. */
final class LogSample {

  /** The most bytes of a file that are looked at. */
  static final int LIMIT = 16_384;

  /** No guess gets better by more. */
  private static final int MOST_LINES = 200;

  /** Formats show at a line's start; expressions that go back and forth see no more of it. */
  private static final int SHOWN = 1024;

  /** Of a text in any language and encoding; what terminals are told is below that. */
  private static final double MOST_CONTROLS = 0.05;

  private static final double MOST_LINES_ARE = 0.6;

  private static final Pattern CRI =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?(?:Z|[+-]\\d{2}:\\d{2})"
              + " (?:stdout|stderr) [FP](?::\\w+)*(?: (.*))?");

  private static final Pattern RFC5424 =
      Pattern.compile(
          "<\\d{1,3}>1 (?:-|\\d{4}-\\d{2}-\\d{2}T\\S+) \\S+ \\S+ \\S+ \\S+ (?:-|\\[).*");

  private static final Pattern RFC3164 =
      Pattern.compile("(?:<\\d{1,3}>)?[A-Z][a-z]{2} [ \\d]\\d \\d{2}:\\d{2}:\\d{2} \\S+ \\S+.*");

  private static final Pattern ACCESS_LOG =
      Pattern.compile(
          "\\S+ \\S+ \\S+ \\[\\d{2}/[A-Z][a-z]{2}/\\d{4}:\\d{2}:\\d{2}:\\d{2} [+-]\\d{4}\\] \".*");

  private static final Pattern PAIR =
      Pattern.compile("[A-Za-z_][\\w.-]*+=(?:\"(?:[^\"\\\\]|\\\\.)*+\"|[^\\s\"]*+)(?:\\s++|$)");

  private static final int FEWEST_PAIRS = 2;

  /** In the order in which they are asked: Docker's objects are JSON too. */
  private static final Map<LogFormat, Predicate<String>> LINES = new LinkedHashMap<>();

  static {
    LINES.put(LogFormat.DOCKER_JSON, LogSample::isDockerJson);
    LINES.put(LogFormat.JSON, line -> line.startsWith("{") && line.endsWith("}"));
    LINES.put(LogFormat.CRI, line -> CRI.matcher(shown(line)).matches());
    LINES.put(LogFormat.SYSLOG_RFC5424, line -> RFC5424.matcher(shown(line)).matches());
    LINES.put(LogFormat.SYSLOG_RFC3164, line -> RFC3164.matcher(shown(line)).matches());
    LINES.put(LogFormat.ACCESS_LOG, line -> ACCESS_LOG.matcher(shown(line)).matches());
    LINES.put(LogFormat.LOGFMT, LogSample::isLogfmt);
  }

  private LogSample() {}

  /**
   * Returns what the content suggests; null where it is binary.
   *
   * @param content the start of a file, at most {@link #LIMIT} bytes
   */
  static @Nullable LogGuess guess(byte[] content) {
    int start = 0;
    // Whoever truncates a file under a writer that does not append leaves a hole before the text.
    while (start < content.length && content[start] == 0) {
      start++;
    }
    if (start == content.length) {
      return LogGuess.UNKNOWN;
    }
    String text = new String(content, start, content.length - start, StandardCharsets.UTF_8);
    if (isBinary(text)) {
      return null;
    }
    List<String> lines = lines(text, content.length >= LIMIT);
    if (lines.isEmpty()) {
      return LogGuess.UNKNOWN;
    }
    LogFormat format = format(lines);
    List<String> inner = lines.stream().map(line -> unwrap(format, line)).toList();
    return new LogGuess(
        format, format == LogFormat.JSON ? null : MultiLine.in(inner), timestamp(lines));
  }

  private static boolean isBinary(String text) {
    int controls = 0;
    int letters = Math.min(text.length(), LIMIT);
    for (int i = 0; i < letters; i++) {
      char letter = text.charAt(i);
      if (letter == 0) {
        return true;
      }
      boolean control = letter < ' ' && letter != '\n' && letter != '\r' && letter != '\t';
      if (control && letter != '\u001b') {
        controls++;
      }
    }
    return controls > letters * MOST_CONTROLS;
  }

  /** Returns the lines that are not blank; a last one that the limit has cut is left out. */
  private static List<String> lines(String text, boolean cut) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    while (start < text.length() && lines.size() < MOST_LINES) {
      int end = text.indexOf('\n', start);
      if (end < 0) {
        if (cut && !lines.isEmpty()) {
          break;
        }
        end = text.length();
      }
      String line = text.substring(start, end).stripTrailing();
      if (!line.isEmpty()) {
        lines.add(line);
      }
      start = end + 1;
    }
    return lines;
  }

  private static LogFormat format(List<String> lines) {
    for (Map.Entry<LogFormat, Predicate<String>> format : LINES.entrySet()) {
      long fitting = lines.stream().filter(format.getValue()).count();
      if (fitting >= lines.size() * MOST_LINES_ARE) {
        return format.getKey();
      }
    }
    return LogFormat.PLAIN;
  }

  private static boolean isDockerJson(String line) {
    return line.startsWith("{\"log\":\"")
        && line.contains("\"stream\":\"")
        && line.contains("\"time\":\"")
        && line.endsWith("}");
  }

  private static boolean isLogfmt(String line) {
    String shown = shown(line);
    Matcher pair = PAIR.matcher(shown);
    int pairs = 0;
    int end = 0;
    while (end < shown.length() && pair.region(end, shown.length()).lookingAt()) {
      end = pair.end();
      pairs++;
    }
    return pairs >= FEWEST_PAIRS && (end == shown.length() || shown.length() == SHOWN);
  }

  private static String shown(String line) {
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN);
  }

  /** Returns what the container printed, where a runtime has wrapped it; else the line. */
  private static String unwrap(LogFormat format, String line) {
    if (format == LogFormat.CRI) {
      Matcher matcher = CRI.matcher(shown(line));
      String text = matcher.matches() ? matcher.group(1) : null;
      return text == null ? "" : text;
    }
    if (format == LogFormat.DOCKER_JSON && isDockerJson(line)) {
      try {
        return shown(
            JsonTree.parse(line.getBytes(StandardCharsets.UTF_8))
                .get("log")
                .text()
                .stripTrailing());
      } catch (IOException noJson) {
        return "";
      }
    }
    return shown(line);
  }

  /** Returns the one that most lines start with which start with any; null where none does. */
  private static @Nullable String timestamp(List<String> lines) {
    Map<String, Integer> counts = new HashMap<>();
    for (String line : lines) {
      Timestamp timestamp = Timestamp.at(line);
      if (timestamp != null) {
        counts.merge(timestamp.pattern(), 1, Integer::sum);
      }
    }
    return counts.entrySet().stream()
        .max(
            Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElse(null);
  }
}
