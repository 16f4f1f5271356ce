package io.smartagent.module;

import org.jspecify.annotations.Nullable;

/** Something that a user can set by an environment variable: an option, or a module's setting. */
public interface Variable {

  /** Returns the name of the environment variable. */
  String variable();

  /** Returns the option on the command line; null where there is only a variable. */
  default @Nullable String flag() {
    return null;
  }

  /** Returns the form of its value, as help shows it; null where the option takes none. */
  @Nullable String argument();

  /** Returns the value where nothing is set; null where there is none. */
  @Nullable String defaultText();

  /** Returns what it does, for people. */
  String help();

  /** Returns whether its value must never be shown. */
  default boolean isSecret() {
    return false;
  }

  /** Returns whether it can be set while the agent runs. */
  boolean isLive();
}
