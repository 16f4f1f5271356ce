package io.smartagent.modules.kubernetesattributes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which labels or annotations of Kubernetes are taken: everything else may hold anything, and is
 * not reported.
 *
 * @param keys each as Kubernetes has it, or the beginning of keys with {@code *} behind it
 */
record KeySelection(List<String> keys) {

  /** Takes nothing. */
  static final KeySelection NONE = new KeySelection(List.of());

  private static final int MAX_VALUE_LENGTH = 512;
  private static final int MAX_TAKEN = 64;

  /** Copies the keys. */
  KeySelection {
    keys = List.copyOf(keys);
  }

  /** Returns the selection in {@code KEY[,KEY...]}; empty where the text is something else. */
  static Optional<KeySelection> parse(String text) {
    List<String> keys = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String key = part.strip();
      if (key.isEmpty()) {
        continue;
      }
      if (!isKey(key.endsWith("*") ? key.substring(0, key.length() - 1) : key)) {
        return Optional.empty();
      }
      keys.add(key);
    }
    return Optional.of(new KeySelection(keys));
  }

  private static boolean isKey(String key) {
    for (int i = 0; i < key.length(); i++) {
      char letter = key.charAt(i);
      if (letter >= 128 || !(Character.isLetterOrDigit(letter) || "-_./".indexOf(letter) >= 0)) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether nothing is taken. */
  boolean isEmpty() {
    return keys.isEmpty();
  }

  private boolean takes(String name) {
    for (String key : keys) {
      boolean prefix = key.endsWith("*");
      if (prefix ? name.startsWith(key.substring(0, key.length() - 1)) : name.equals(key)) {
        return true;
      }
    }
    return false;
  }

  /** Returns those of {@code all} that are taken: the first ones in order, with values cut. */
  Map<String, String> of(Map<String, String> all) {
    Map<String, String> taken = new TreeMap<>();
    for (Map.Entry<String, String> each : new TreeMap<>(all).entrySet()) {
      if (taken.size() < MAX_TAKEN && takes(each.getKey())) {
        String value = each.getValue();
        taken.put(
            each.getKey(),
            value.length() <= MAX_VALUE_LENGTH
                ? value
                : value.substring(0, MAX_VALUE_LENGTH) + "…");
      }
    }
    return taken;
  }
}
