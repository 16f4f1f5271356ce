package io.smartagent.config;

import java.util.Optional;

/** Decimal numbers as users write them. */
public final class Numbers {

  private Numbers() {}

  /** Returns the number that {@code text} is, where it is only digits and at most {@code most}. */
  public static Optional<Long> parse(String text, long most) {
    if (text.isEmpty() || text.length() > 18) {
      return Optional.empty();
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return Optional.empty();
      }
    }
    long number = Long.parseLong(text);
    return number <= most ? Optional.of(number) : Optional.empty();
  }
}
