package io.smartagent.launch.installer;

import java.time.Duration;
import java.util.Optional;

/** Why a script was not fetched, and whether a retry can help. */
final class FetchFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final String fault;
  private final String remedy;
  private final boolean passing;
  private final long retryAfterSeconds;

  private FetchFailure(String fault, String remedy, boolean passing, long retryAfterSeconds) {
    super(fault);
    this.fault = fault;
    this.remedy = remedy;
    this.passing = passing;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Returns a failure that stays, however often the server is asked. */
  static FetchFailure permanent(String fault, String remedy) {
    return new FetchFailure(fault, remedy, false, 0);
  }

  /**
   * Returns a failure that may pass.
   *
   * @param retryAfter how long the server asks to be left alone
   */
  static FetchFailure temporary(String fault, String remedy, Optional<Duration> retryAfter) {
    return new FetchFailure(fault, remedy, true, retryAfter.map(Duration::toSeconds).orElse(0L));
  }

  /** Returns what is wrong, as a sentence. */
  String fault() {
    return fault;
  }

  /** Returns what makes it right, as a sentence. */
  String remedy() {
    return remedy;
  }

  /** Returns whether it is of use to ask again. */
  boolean isTemporary() {
    return passing;
  }

  /** Returns how long the server asks to be left alone; zero where it does not. */
  Duration retryAfter() {
    return Duration.ofSeconds(retryAfterSeconds);
  }
}
