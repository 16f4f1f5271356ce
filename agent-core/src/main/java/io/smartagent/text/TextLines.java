package io.smartagent.text;

import io.smartagent.config.Numbers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines of text that are no wider than a terminal. */
public final class TextLines {

  private static final int MIN_WIDTH = 60;
  private static final int MAX_WIDTH = 120;

  /**
   * The widest line, in columns: from 60 to 120, as COLUMNS says. A container's process learns it
   * by that variable alone where it writes to a pipe that Docker copies to a terminal.
   */
  public static final int WIDTH = width(System.getenv("COLUMNS"));

  private TextLines() {}

  /**
   * @param columns of the terminal; null or no number where they are unknown
   */
  static int width(@Nullable String columns) {
    long known = Numbers.parse(columns == null ? "" : columns, Integer.MAX_VALUE).orElse(0L);
    return known == 0 ? MAX_WIDTH : Math.clamp(known, MIN_WIDTH, MAX_WIDTH);
  }

  /**
   * Adds {@code text} to {@code lines}, broken between words. Line breaks in the text stay, and so
   * do the blanks at the start of a line: YAML is among it.
   *
   * @param start of the first line; may have colours
   * @param indent how many columns {@code start} takes; the other lines are indented by as many
   */
  public static void wrap(List<String> lines, String start, int indent, String text) {
    StringBuilder line = new StringBuilder(start);
    int column = indent;
    boolean empty = true;
    int at = 0;
    while (at <= text.length()) {
      int end = at;
      while (end < text.length() && text.charAt(end) == ' ') {
        end++;
      }
      while (end < text.length() && text.charAt(end) != ' ' && text.charAt(end) != '\n') {
        end++;
      }
      String word = text.substring(at, end);
      if (!empty && column + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(indent));
        column = indent;
        word = word.stripLeading();
      }
      // A path may be wider than the terminal.
      while (column + word.length() > WIDTH) {
        lines.add(line.append(word, 0, WIDTH - column).toString());
        word = word.substring(WIDTH - column);
        line = new StringBuilder(" ".repeat(indent));
        column = indent;
      }
      line.append(word);
      column += word.length();
      empty = false;
      if (end == text.length()) {
        break;
      }
      at = end;
      if (text.charAt(end) == '\n') {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(indent));
        column = indent;
        empty = true;
        at = end + 1;
      }
    }
    lines.add(line.toString().stripTrailing());
  }
}
