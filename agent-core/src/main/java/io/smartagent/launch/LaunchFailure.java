package io.smartagent.launch;

import io.smartagent.config.ExitStatus;

/** A launch that could not be finished, as one message for people: fault, cause, remedy. */
public final class LaunchFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final ExitStatus status;

  /**
   * @param status that the process ends with
   * @param message fault, cause and remedy
   */
  public LaunchFailure(ExitStatus status, String message) {
    super(message);
    this.status = status;
  }

  /** Returns what the process ends with. */
  public ExitStatus status() {
    return status;
  }
}
