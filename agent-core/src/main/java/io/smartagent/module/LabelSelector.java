package io.smartagent.module;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A label selector as Kubernetes has it: the grammar and the meaning of labels.Parse in
 * k8s.io/apimachinery/pkg/labels, but for {@code <} and {@code >}, which no API documents.
 *
 * @param requirements each of which has to be met
 */
public record LabelSelector(List<Requirement> requirements) {

  /** Selects whatever labels there are. */
  public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

  private static final int LONGEST_NAME = 63;
  private static final int LONGEST_PREFIX = 253;

  /** What a requirement asks of the label of its key. */
  public enum Operator {
    /** It is there. */
    EXISTS,
    /** It is not there. */
    DOES_NOT_EXIST,
    /** It is there and has one of the values. */
    IN,
    /** It has none of the values, or is not there. */
    NOT_IN
  }

  /**
   * One part of a selector.
   *
   * @param key of the label
   * @param operator what is asked
   * @param values that it may have or must not have
   */
  public record Requirement(String key, Operator operator, List<String> values) {

    /** Copies the values. */
    public Requirement {
      values = List.copyOf(values);
    }

    private boolean isMetBy(Map<String, String> labels) {
      String value = labels.get(key);
      return switch (operator) {
        case EXISTS -> value != null;
        case DOES_NOT_EXIST -> value == null;
        case IN -> value != null && values.contains(value);
        case NOT_IN -> value == null || !values.contains(value);
      };
    }
  }

  /** Copies the requirements. */
  public LabelSelector {
    requirements = List.copyOf(requirements);
  }

  /** Returns whether labels have nothing to meet. */
  public boolean isEverything() {
    return requirements.isEmpty();
  }

  /** Returns whether every requirement is met. */
  public boolean matches(Map<String, String> labels) {
    for (Requirement requirement : requirements) {
      if (!requirement.isMetBy(labels)) {
        return false;
      }
    }
    return true;
  }

  /** Returns the selector in {@code text}; empty where it is none. */
  public static Optional<LabelSelector> parse(String text) {
    if (text.isBlank()) {
      return Optional.of(EVERYTHING);
    }
    List<Requirement> requirements = new ArrayList<>();
    for (String part : parts(text)) {
      Requirement requirement = requirement(part.strip());
      if (requirement == null) {
        return Optional.empty();
      }
      requirements.add(requirement);
    }
    return Optional.of(new LabelSelector(requirements));
  }

  /** A comma between parentheses separates values, not parts. */
  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      depth += letter == '(' ? 1 : letter == ')' ? -1 : 0;
      if (letter == ',' && depth == 0) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static @Nullable Requirement requirement(String part) {
    int open = part.indexOf('(');
    int equals = part.indexOf('=');
    if (open >= 0) {
      return ofSet(part, open);
    }
    if (equals >= 0) {
      return ofValue(part, equals);
    }
    boolean absent = part.startsWith("!");
    return made(
        absent ? part.substring(1) : part,
        absent ? Operator.DOES_NOT_EXIST : Operator.EXISTS,
        List.of());
  }

  /** {@code KEY in (A,B)} and {@code KEY notin (A,B)}. */
  private static @Nullable Requirement ofSet(String part, int open) {
    String before = part.substring(0, open).strip();
    int blank = lastBlank(before);
    String word = before.substring(blank + 1);
    boolean known = word.equals("in") || word.equals("notin");
    if (!known || blank < 0 || !part.endsWith(")")) {
      return null;
    }
    List<String> values = new ArrayList<>();
    for (String value : part.substring(open + 1, part.length() - 1).split(",", -1)) {
      values.add(value.strip());
    }
    Operator operator = word.equals("in") ? Operator.IN : Operator.NOT_IN;
    return made(before.substring(0, blank), operator, values);
  }

  private static int lastBlank(String text) {
    int last = text.length() - 1;
    while (last >= 0 && !Character.isWhitespace(text.charAt(last))) {
      last--;
    }
    return last;
  }

  /** {@code KEY=VALUE}, {@code KEY==VALUE} and {@code KEY!=VALUE}. */
  private static @Nullable Requirement ofValue(String part, int equals) {
    boolean not = equals > 0 && part.charAt(equals - 1) == '!';
    boolean twice = !not && part.startsWith("==", equals);
    return made(
        part.substring(0, not ? equals - 1 : equals),
        not ? Operator.NOT_IN : Operator.IN,
        List.of(part.substring(equals + (twice ? 2 : 1)).strip()));
  }

  private static @Nullable Requirement made(String key, Operator operator, List<String> values) {
    String name = key.strip();
    return isKey(name) && values.stream().allMatch(LabelSelector::isValue)
        ? new Requirement(name, operator, values)
        : null;
  }

  private static boolean isKey(String key) {
    int slash = key.indexOf('/');
    String prefix = key.substring(0, Math.max(0, slash));
    String name = key.substring(slash + 1);
    return !name.isEmpty() && isValue(name) && (slash < 0 || isPrefix(prefix));
  }

  private static boolean isPrefix(String prefix) {
    return !prefix.isEmpty()
        && prefix.length() <= LONGEST_PREFIX
        && isAlphanumeric(prefix.charAt(0))
        && isAlphanumeric(prefix.charAt(prefix.length() - 1))
        && prefix
            .chars()
            .allMatch(letter ->
                (letter >= 'a' && letter <= 'z')
                    || (letter >= '0' && letter <= '9')
                    || letter == '-'
                    || letter == '.');
  }

  private static boolean isValue(String value) {
    return value.isEmpty()
        || (value.length() <= LONGEST_NAME
            && isAlphanumeric(value.charAt(0))
            && isAlphanumeric(value.charAt(value.length() - 1))
            && value
                .chars()
                .allMatch(letter -> isAlphanumeric((char) letter) || "-_.".indexOf(letter) >= 0));
  }

  private static boolean isAlphanumeric(char letter) {
    return (letter >= 'a' && letter <= 'z')
        || (letter >= 'A' && letter <= 'Z')
        || (letter >= '0' && letter <= '9');
  }
}
