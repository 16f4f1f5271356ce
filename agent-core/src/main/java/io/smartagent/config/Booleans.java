package io.smartagent.config;

import java.util.Optional;

/** Truth values as users write them. */
public final class Booleans {

  /** What {@link #parse} accepts, for messages. */
  public static final String ACCEPTED = "\"true\" or \"false\"";

  private Booleans() {}

  /** Returns the value that {@code text} is: {@code true} or {@code false} in any case. */
  public static Optional<Boolean> parse(String text) {
    boolean isTrue = text.equalsIgnoreCase("true");
    return isTrue || text.equalsIgnoreCase("false") ? Optional.of(isTrue) : Optional.empty();
  }
}
