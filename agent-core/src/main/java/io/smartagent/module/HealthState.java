package io.smartagent.module;

import java.util.Locale;

/** How a module is doing. */
public enum HealthState {
  /** It is not to run. */
  DISABLED,
  /** It is to run and has not been started yet. */
  STARTING,
  /** It runs, and nothing went wrong lately. */
  HEALTHY,
  /** It failed and waits for its next start, or runs and says that something is wrong. */
  UNHEALTHY,
  /** It was requested to end, or was never allowed to start. */
  STOPPED;

  /** Returns the name in {@code status}' output. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
