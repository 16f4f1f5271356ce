package io.smartagent.module;

import java.time.Duration;
import java.util.Optional;

/** A time in whole seconds. */
final class Seconds implements SettingFormat<Duration> {

  private final WholeNumber number;

  Seconds(int least, int most) {
    this.number = new WholeNumber(least, most);
  }

  @Override
  public String argument() {
    return "SECONDS";
  }

  @Override
  public String accepted() {
    return "a whole number of seconds from " + number.least() + " to " + number.most();
  }

  @Override
  public Optional<Duration> parse(String text) {
    return number.parse(text).map(Duration::ofSeconds);
  }
}
