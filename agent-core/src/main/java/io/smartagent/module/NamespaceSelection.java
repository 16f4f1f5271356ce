package io.smartagent.module;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Namespaces by their names, or by how these start, with {@code *} behind it.
 *
 * @param taken all where it is empty
 * @param leftOut of those
 */
public record NamespaceSelection(List<String> taken, List<String> leftOut) {

  /** Takes every namespace. */
  public static final NamespaceSelection ALL = new NamespaceSelection(List.of(), List.of());

  private static final int LONGEST = 63;

  /** Copies the lists. */
  public NamespaceSelection {
    taken = List.copyOf(taken);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * Returns the selection in {@code NAME[,NAME...]}, where those with {@code !} before them are
   * left out; empty where the text is something else.
   */
  public static Optional<NamespaceSelection> parse(String text) {
    List<String> taken = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String entry = part.strip();
      if (entry.isEmpty()) {
        continue;
      }
      boolean not = entry.startsWith("!");
      String name = not ? entry.substring(1).strip() : entry;
      if (!isName(name)) {
        return Optional.empty();
      }
      (not ? leftOut : taken).add(name);
    }
    return Optional.of(new NamespaceSelection(taken, leftOut));
  }

  private static boolean isName(String name) {
    String letters = name.endsWith("*") ? name.substring(0, name.length() - 1) : name;
    return !name.isEmpty()
        && letters.length() <= LONGEST
        && letters
            .chars()
            .allMatch(letter ->
                (letter >= 'a' && letter <= 'z')
                    || (letter >= '0' && letter <= '9')
                    || letter == '-');
  }

  /** Returns whether {@code namespace} is one of them. */
  public boolean includes(String namespace) {
    return (taken.isEmpty() || isAmong(taken, namespace)) && !isAmong(leftOut, namespace);
  }

  private static boolean isAmong(List<String> names, String namespace) {
    for (String name : names) {
      boolean start = name.endsWith("*");
      if (start
          ? namespace.startsWith(name.substring(0, name.length() - 1))
          : namespace.equals(name)) {
        return true;
      }
    }
    return false;
  }
}
