package io.smartagent.module;

import java.util.Optional;

/** One of two words. */
record Choice(String first, String second) implements SettingFormat<String> {

  @Override
  public String argument() {
    return first + "|" + second;
  }

  @Override
  public String accepted() {
    return "\"" + first + "\" or \"" + second + "\"";
  }

  @Override
  public Optional<String> parse(String text) {
    return text.equals(first) || text.equals(second) ? Optional.of(text) : Optional.empty();
  }
}
