package io.smartagent.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Suggests the known word that is closest to an unknown one. */
public final class Spelling {

  private Spelling() {}

  /**
   * Returns " Did you mean X?" where one of {@code known} is close to {@code word}, else nothing.
   */
  public static String suggestion(String word, Collection<String> known) {
    Optional<String> nearest =
        known.stream().min(Comparator.comparingInt(candidate -> distance(word, candidate)));
    return nearest
        .filter(candidate -> distance(word, candidate) <= Math.max(2, word.length() / 4))
        .map(candidate -> " Did you mean " + candidate + "?")
        .orElse("");
  }

  /** The number of letters to insert, delete or exchange to get from one word to the other. */
  private static int distance(String from, String to) {
    int[] previous = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] current = new int[to.length() + 1];
      current[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int exchange = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(exchange, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[to.length()];
  }
}
