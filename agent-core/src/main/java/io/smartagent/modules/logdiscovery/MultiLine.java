package io.smartagent.modules.logdiscovery;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What in a log takes more than one line. */
enum MultiLine {
  /** Stack traces of the Java virtual machine. */
  JAVA(
      "java",
      "\\s+at [\\w.$/@<>]+\\([^)]*\\).*",
      "Caused by: .*",
      "\\s+\\.\\.\\. \\d+ (?:more|common frames omitted)"),
  /** Python's tracebacks. */
  PYTHON("python", "Traceback \\(most recent call last\\):.*", "  File \"[^\"]*\", line \\d+.*"),
  /** What a Go program prints when it panics. */
  GO("go", "goroutine \\d+ \\[.*\\]:.*", "panic: .*"),
  /** Other lines that are indented, after ones that are not. */
  INDENTED("indented", "[ \\t]+\\S.*");

  private final String id;
  private final Pattern line;

  MultiLine(String id, String... lines) {
    this.id = id;
    this.line = Pattern.compile(String.join("|", lines));
  }

  /** Returns the name in events. */
  String id() {
    return id;
  }

  /** Returns what in these lines takes more than one; null where nothing does. */
  static @Nullable MultiLine in(List<String> texts) {
    for (MultiLine kind : values()) {
      // The first line of a sample may belong to a record that started before it.
      for (int i = 1; i < texts.size(); i++) {
        if (kind.line.matcher(texts.get(i)).matches()) {
          return kind;
        }
      }
    }
    return null;
  }
}
