package io.smartagent.kubernetes.audit;

import java.util.Locale;

/** How far a container is from being one, the worst first. */
public enum Level {
  /** It runs with privileged: true. */
  PRIVILEGED("Runs with privileged: true."),
  /** It does not, but what it has is enough to become root on the host by itself. */
  EQUIVALENT("Is not privileged, but can become root on the host."),
  /** It has less isolation than others: a step on the way. */
  WEAKENED("Has less isolation from the host or from other containers than the default.");

  private final String meaning;

  Level(String meaning) {
    this.meaning = meaning;
  }

  /** Returns the name on the command line and in output. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns what it means for a container, as a sentence. */
  public String meaning() {
    return meaning;
  }

  /** Returns whether this is as bad as {@code other}, or worse. */
  public boolean isAtLeast(Level other) {
    return compareTo(other) <= 0;
  }
}
