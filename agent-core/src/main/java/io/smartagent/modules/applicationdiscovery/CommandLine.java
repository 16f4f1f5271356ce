package io.smartagent.modules.applicationdiscovery;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A command line as its process shows it, which may be anything.
 *
 * @param arguments in order, the program's name first; empty where the process shows none
 * @param truncated whether more follows than is read
 */
record CommandLine(List<String> arguments, boolean truncated) {

  /** Of a process whose command line is not known. */
  static final CommandLine UNKNOWN = new CommandLine(List.of(), false);

  /** Copies the arguments. */
  CommandLine {
    arguments = List.copyOf(arguments);
  }

  /**
   * Returns the command line in {@code content}; bytes that are not UTF-8 become U+FFFD.
   *
   * @param content of /proc/PID/cmdline: arguments that end with NUL
   * @param limit a content of this length goes on beyond it; its last argument, which may have been
   *     cut within a secret, is left out
   */
  static CommandLine parse(byte[] content, int limit) {
    boolean truncated = content.length >= limit;
    List<String> arguments = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] == 0) {
        arguments.add(new String(content, start, i - start, StandardCharsets.UTF_8));
        start = i + 1;
      }
    }
    if (start < content.length && !truncated) {
      arguments.add(new String(content, start, content.length - start, StandardCharsets.UTF_8));
    }
    // A program that writes its own title leaves NULs where its arguments were.
    while (!arguments.isEmpty() && arguments.getLast().isEmpty()) {
      arguments.removeLast();
    }
    return new CommandLine(arguments, truncated);
  }

  /** Returns the name that the program was called by; empty where it is unknown. */
  String program() {
    return arguments.isEmpty() ? "" : arguments.getFirst();
  }

  /** Returns what comes after the program's name. */
  List<String> options() {
    return arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
  }
}
