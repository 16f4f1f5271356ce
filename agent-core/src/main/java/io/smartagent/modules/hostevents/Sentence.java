package io.smartagent.modules.hostevents;

import io.smartagent.modules.kernellog.KernelLogLine;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sentence that the kernel writes, and what it means.
 *
 * <p>A process chooses its own name, which may hold blanks, commas, colons and parentheses. So
 * every pattern matches a whole line, and holds on to what the kernel writes before and after the
 * name. A name may even hold a line break, and syslog(2) then shows its rest as a line: so no
 * pattern matches what starts with the 14 letters that a process may choose after it.
 */
record Sentence(Pattern pattern, Meaning meaning) {

  /** TASK_COMM_LEN without its NUL. */
  static final String COMM = "(.{0,15})";

  /** Does what a sentence asks for. */
  @FunctionalInterface
  interface Meaning {
    void accept(KernelLogLine line, MatchResult match, Consumer<KernelReport> reports);
  }

  /** Finds the sentence that a line is and does what it asks for; returns whether it is one. */
  static boolean read(
      List<Sentence> sentences, KernelLogLine line, Consumer<KernelReport> reports) {
    for (Sentence sentence : sentences) {
      Matcher matcher = sentence.pattern().matcher(line.text());
      if (matcher.matches()) {
        sentence.meaning().accept(line, matcher, reports);
        return true;
      }
    }
    return false;
  }
}
