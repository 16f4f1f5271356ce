package io.smartagent.module;

import java.util.Locale;

/** What becomes of a module in a container. */
public enum ModuleState {
  /** Its source shows it all that it is for. */
  ENABLED,
  /** It runs from a second-best source and sees less. */
  DEGRADED,
  /** No source of it can be used, or the configuration leaves it out. */
  DISABLED;

  /** Returns the name in {@code plan}'s and {@code status}' output. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
