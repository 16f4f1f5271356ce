package io.smartagent.modules.container;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Limits of what is taken from a description: whoever makes a container chooses what is in it. */
final class Text {

  private static final int LONGEST = 512;
  private static final int LABELS_AT_MOST = 64;
  private static final String ELLIPSIS = "…";

  private Text() {}

  /** Returns the first of them that says something, cut; null where none does. */
  static @Nullable String first(@Nullable String... texts) {
    for (String text : texts) {
      if (text != null && !text.isBlank()) {
        return cut(text);
      }
    }
    return null;
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + ELLIPSIS;
  }

  /** Returns the labels that {@code kept} lets through: the first ones in order, cut. */
  static Map<String, String> labels(Map<String, String> all, Predicate<String> kept) {
    Map<String, String> labels = new TreeMap<>();
    new TreeMap<>(all)
        .forEach((name, value) -> {
          if (labels.size() < LABELS_AT_MOST && kept.test(name)) {
            labels.put(cut(name), cut(value));
          }
        });
    return labels;
  }
}
