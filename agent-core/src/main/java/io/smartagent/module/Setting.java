package io.smartagent.module;

import java.time.Duration;
import java.util.Optional;

/**
 * A setting of one or more modules. Each is one constant, which is looked up in {@link
 * ModuleSettings}. It can change while the agent runs: a module that lists it is started anew, or
 * goes on where it follows it.
 *
 * <p>None is secret: launch.json, which the agent reads, has no secrets in it.
 *
 * @param <T> of its values
 */
public final class Setting<T> implements Variable {

  private static final String PREFIX = "SMARTAGENT_";

  private final String variable;
  private final SettingFormat<T> format;
  private final String defaultText;
  private final String help;

  private Setting(String name, SettingFormat<T> format, String defaultText, String help) {
    this.variable = PREFIX + name;
    this.format = format;
    this.defaultText = defaultText;
    this.help = help;
  }

  /**
   * Returns a setting.
   *
   * @param name of its variable, without {@code SMARTAGENT_}
   * @param format a named class, not a lambda: it is loaded before the launcher's execve
   * @param defaultText what holds where it is not set
   * @param help what it does, for people
   */
  public static <T> Setting<T> of(
      String name, SettingFormat<T> format, String defaultText, String help) {
    return new Setting<>(name, format, defaultText, help);
  }

  /** Returns a setting that is a whole number. */
  public static Setting<Integer> integer(
      String name, int least, int most, int defaultValue, String help) {
    return of(name, new WholeNumber(least, most), Integer.toString(defaultValue), help);
  }

  /** Returns a setting that is a time, set in seconds. */
  public static Setting<Duration> seconds(
      String name, int least, int most, int defaultValue, String help) {
    return of(name, new Seconds(least, most), Integer.toString(defaultValue), help);
  }

  /** Returns a setting that is one of two words, the first one by default. */
  public static Setting<String> choice(String name, String first, String second, String help) {
    return of(name, new Choice(first, second), first, help);
  }

  @Override
  public String variable() {
    return variable;
  }

  @Override
  public String argument() {
    return format.argument();
  }

  @Override
  public String defaultText() {
    return defaultText;
  }

  @Override
  public String help() {
    return help;
  }

  @Override
  public boolean isLive() {
    return true;
  }

  /** Returns what is accepted, as the rest of a sentence that starts with "It must be". */
  public String accepted() {
    return format.accepted();
  }

  /** Returns the value that {@code text} is; empty where it is not valid. */
  public Optional<T> parse(String text) {
    return format.parse(text);
  }

  /** Returns the value where nothing is set. */
  public T defaultValue() {
    return parse(defaultText).orElseThrow();
  }

  @Override
  public String toString() {
    return variable;
  }
}
