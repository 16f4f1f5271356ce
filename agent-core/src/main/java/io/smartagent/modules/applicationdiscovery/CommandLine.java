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

  private static final int ARGUMENTS_AT_MOST = 128;
  private static final int CHARACTERS_AT_MOST = 4096;
  private static final String ELLIPSIS = "…";

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

  /**
   * Returns what may be told of it: masked, and cut where it is long. Masks first and cuts then:
   * half a secret could not be recognised.
   */
  List<String> shown() {
    List<String> shown = new ArrayList<>();
    int characters = 0;
    for (String argument : SecretMask.mask(arguments)) {
      int left = CHARACTERS_AT_MOST - characters;
      if (left <= 0 || shown.size() >= ARGUMENTS_AT_MOST) {
        shown.add(ELLIPSIS);
        return shown;
      }
      shown.add(argument.length() <= left ? argument : argument.substring(0, left) + ELLIPSIS);
      characters += argument.length();
    }
    if (truncated) {
      shown.add(ELLIPSIS);
    }
    return shown;
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
