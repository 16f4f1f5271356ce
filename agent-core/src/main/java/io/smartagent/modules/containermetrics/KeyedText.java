package io.smartagent.modules.containermetrics;

import java.nio.charset.StandardCharsets;

/**
 * Numbers in the kernel's files of control groups: alone, or in lines of a key and a number
 * (memory.stat, cpu.stat). Documentation/admin-guide/cgroup-v2.rst, "Interface Files".
 */
final class KeyedText {

  /** Of what a file does not say. */
  static final long ABSENT = -1;

  private KeyedText() {}

  /**
   * Returns the number that follows {@code key} at the start of a line; {@link #ABSENT} without.
   */
  static long value(byte[] text, String key) {
    for (int line = 0; line < text.length; ) {
      int end = line;
      while (end < text.length && text[end] != '\n') {
        end++;
      }
      int at = line + key.length();
      if (at < end && text[at] == ' ' && startsWith(text, line, key)) {
        return number(text, at + 1, end);
      }
      line = end + 1;
    }
    return ABSENT;
  }

  private static boolean startsWith(byte[] text, int at, String key) {
    for (int i = 0; i < key.length(); i++) {
      if (text[at + i] != key.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Returns the number that a file holds; {@link #ABSENT} where it holds something else. */
  static long number(byte[] text) {
    int end = text.length;
    while (end > 0 && text[end - 1] <= ' ') {
      end--;
    }
    return number(text, 0, end);
  }

  private static long number(byte[] text, int from, int to) {
    long number = 0;
    if (from >= to || to - from > 19) {
      return ABSENT;
    }
    for (int i = from; i < to; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return ABSENT;
      }
      number = number * 10 + digit;
    }
    return number < 0 ? ABSENT : number;
  }

  /** Returns the words of a text, line by line; no word is empty. */
  static String[][] lines(byte[] text) {
    String[] lines = new String(text, StandardCharsets.US_ASCII).split("\n", -1);
    String[][] words = new String[lines.length][];
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].strip();
      words[i] = line.isEmpty() ? new String[0] : line.split("[ \t]+", -1);
    }
    return words;
  }

  /** Returns the number in a word; {@link #ABSENT} where it is something else. */
  static long number(String word) {
    return number(word.getBytes(StandardCharsets.US_ASCII));
  }
}
