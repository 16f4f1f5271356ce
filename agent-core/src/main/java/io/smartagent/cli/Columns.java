package io.smartagent.cli;

/** Columns of text. {@link java.util.Formatter} would do, but costs 8 ms on the way to exec. */
final class Columns {

  private Columns() {}

  /**
   * Returns {@code text} with blanks behind it up to {@code width}; a longer text stays as it is.
   */
  static String left(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  /** Returns {@code number} with blanks before it up to {@code width}. */
  static String right(int number, int width) {
    String digits = Integer.toString(number);
    return " ".repeat(Math.max(0, width - digits.length())) + digits;
  }
}
