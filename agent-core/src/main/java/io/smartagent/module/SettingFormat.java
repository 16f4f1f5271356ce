package io.smartagent.module;

import java.util.Optional;

/**
 * The texts that a setting's value can be.
 *
 * @param <T> what they mean
 */
public interface SettingFormat<T> {

  /** Returns the form of the texts, as help shows it. */
  String argument();

  /** Returns what is accepted, as the rest of a sentence that starts with "It must be". */
  String accepted();

  /** Returns what {@code text} means; empty where it is not accepted. */
  Optional<T> parse(String text);
}
