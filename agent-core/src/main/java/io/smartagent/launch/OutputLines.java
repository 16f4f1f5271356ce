package io.smartagent.launch;

import io.smartagent.config.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes lines of what a program prints. The log may be read in a terminal: what would move its
 * cursor or colour it is shown as a question mark, and no program can fill the log.
 */
final class OutputLines {

  private static final int MAX_LINE_LENGTH = 1000;
  private static final int MAX_LINES = 2000;

  /** What went wrong is printed last. */
  private static final int LAST_LINES = 100;

  private final Consumer<String> lines;
  private final List<Secret> secrets;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final Deque<String> last = new ArrayDeque<>();
  private boolean cut;
  private int count;

  /**
   * @param secrets that are printed as three asterisks
   */
  OutputLines(Consumer<String> lines, List<Secret> secrets) {
    this.lines = lines;
    this.secrets = secrets;
  }

  void add(byte[] bytes) {
    for (byte b : bytes) {
      if (b == '\n') {
        pass();
      } else if (line.size() < MAX_LINE_LENGTH) {
        line.write(b);
      } else {
        cut = true;
      }
    }
  }

  /** Passes on a last line that has no end. */
  void end() {
    if (line.size() > 0) {
      pass();
    }
    int left = count - MAX_LINES - last.size();
    if (left > 0) {
      lines.accept(left + " more lines are not shown.");
    }
    last.forEach(lines);
  }

  private void pass() {
    String text = harmless(withoutSecrets(line.toString(StandardCharsets.UTF_8)));
    line.reset();
    cut = false;
    if (++count <= MAX_LINES) {
      lines.accept(text);
      return;
    }
    last.add(text);
    if (last.size() > LAST_LINES) {
      last.remove();
    }
  }

  private String withoutSecrets(String text) {
    String shown = text;
    for (Secret secret : secrets) {
      shown = secret.removeFrom(shown);
      if (cut) {
        shown = withoutStart(shown, secret);
      }
    }
    return shown;
  }

  /** Where a line is cut, a secret may be cut too. */
  private static String withoutStart(String text, Secret secret) {
    String whole = secret.reveal();
    for (int length = Math.min(whole.length() - 1, text.length()); length > 0; length--) {
      if (text.endsWith(whole.substring(0, length))) {
        return text.substring(0, text.length() - length) + secret;
      }
    }
    return text;
  }

  private static String harmless(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isLast = i == text.length() - 1;
      if (c == '\t') {
        shown.append(' ');
      } else if (c != '\r' || !isLast) {
        // At the end it is that of a line of another system.
        shown.append(Character.isISOControl(c) || isInvisible(c) ? '?' : c);
      }
    }
    return shown.toString();
  }

  /** Line separators and what changes the direction of text. */
  private static boolean isInvisible(char c) {
    return switch (Character.getType(c)) {
      case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      default -> false;
    };
  }
}
