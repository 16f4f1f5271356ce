package io.smartagent.module;

import java.util.Optional;

/** Decimal digits, from {@code least} to {@code most}. */
record WholeNumber(int least, int most) implements SettingFormat<Integer> {

  /** The longest text that always fits. */
  private static final int MAX_DIGITS = 18;

  @Override
  public String argument() {
    return "NUMBER";
  }

  @Override
  public String accepted() {
    return "a whole number from " + least + " to " + most;
  }

  @Override
  public Optional<Integer> parse(String text) {
    if (text.isEmpty() || text.length() > MAX_DIGITS) {
      return Optional.empty();
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return Optional.empty();
      }
    }
    long number = Long.parseLong(text);
    return number >= least && number <= most ? Optional.of((int) number) : Optional.empty();
  }
}
