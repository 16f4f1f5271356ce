package io.smartagent.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The names of event types and attributes as words of a sentence. */
final class EventWords {

  /** What has happened, after what it happened to: {@code LogFileRotated}. */
  private static final Set<String> VERBS =
      Set.of(
          "appeared",
          "applied",
          "changed",
          "ended",
          "found",
          "gone",
          "hung",
          "lost",
          "refused",
          "removed",
          "rotated",
          "started",
          "vanished");

  private EventWords() {}

  /** Returns a name of several words with blanks between them: {@code log file rotated}. */
  static String lowerCase(String name) {
    return String.join(" ", split(name));
  }

  /** Returns the same as the start of a sentence: {@code Log file rotated}. */
  static String sentence(String name) {
    String words = lowerCase(name);
    return words.isEmpty()
        ? words
        : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  /** Returns how many events of a type there are: {@code 17 applications ended}. */
  static String counted(long count, String type) {
    List<String> words = split(type);
    int noun = words.size() - 1;
    if (noun > 0 && VERBS.contains(words.get(noun))) {
      noun--;
    }
    if (count != 1 && noun >= 0) {
      words.set(noun, plural(words.get(noun)));
    }
    return count + " " + String.join(" ", words);
  }

  private static String plural(String noun) {
    if (noun.endsWith("ss") || noun.endsWith("x") || noun.endsWith("ch")) {
      return noun + "es";
    }
    return noun.endsWith("s") ? noun : noun + "s";
  }

  /** A word starts with a capital letter; an abbreviation has no other letters. */
  private static List<String> split(String name) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= name.length(); i++) {
      if (i == name.length() || startsWord(name, i)) {
        String word = name.substring(start, i);
        words.add(isAbbreviation(word) ? word : word.toLowerCase(Locale.ROOT));
        start = i;
      }
    }
    return words;
  }

  private static boolean startsWord(String name, int at) {
    return Character.isUpperCase(name.charAt(at))
        && (!Character.isUpperCase(name.charAt(at - 1))
            || (at + 1 < name.length() && Character.isLowerCase(name.charAt(at + 1))));
  }

  private static boolean isAbbreviation(String word) {
    return word.length() > 1 && word.equals(word.toUpperCase(Locale.ROOT));
  }
}
