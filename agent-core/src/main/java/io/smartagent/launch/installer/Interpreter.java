package io.smartagent.launch.installer;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What runs a script: the program in its first line, as execve(2) reads it under "Interpreter
 * scripts", else a shell.
 *
 * @param path of the program
 * @param arguments before the script: all the rest of the line is one
 */
public record Interpreter(String path, List<String> arguments) {

  private static final String SHELL = "/bin/sh";

  /** Copies the list. */
  public Interpreter {
    arguments = List.copyOf(arguments);
  }

  /** Returns what runs the script that starts with {@code head}. */
  public static Interpreter of(byte[] head) {
    String text = new String(head, StandardCharsets.UTF_8);
    if (!text.startsWith("#!")) {
      return new Interpreter(SHELL, List.of());
    }
    int end = text.indexOf('\n');
    // A carriage return at the end stays: the kernel takes it for part of the name, too.
    String line = stripBlanks(text.substring(2, end < 0 ? text.length() : end));
    if (line.isEmpty()) {
      return new Interpreter(SHELL, List.of());
    }
    int blank = 0;
    while (blank < line.length() && !isBlank(line.charAt(blank))) {
      blank++;
    }
    String argument = stripBlanks(line.substring(blank));
    return new Interpreter(
        line.substring(0, blank), argument.isEmpty() ? List.of() : List.of(argument));
  }

  private static boolean isBlank(char letter) {
    return letter == ' ' || letter == '\t';
  }

  private static String stripBlanks(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /** Returns whether its line ends as those of another system, which no interpreter is called. */
  public boolean hasCarriageReturn() {
    return path.endsWith("\r") || (!arguments.isEmpty() && arguments.getLast().endsWith("\r"));
  }
}
