package io.smartagent.module;

import io.smartagent.limit.Backoff;
import java.time.Duration;

/**
 * How long a module that failed waits for its next start: longer each time, so that one that cannot
 * work costs little, and short again once it has worked.
 *
 * @param first pause after the first failure
 * @param maximum pause, which doubling does not exceed
 * @param wellAfter how long it has to run for its failures to be forgotten
 */
public record RestartPolicy(Duration first, Duration maximum, Duration wellAfter) {

  /** One second, doubling to a minute, forgotten after a minute. */
  public static final RestartPolicy STANDARD =
      new RestartPolicy(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(1));

  /**
   * Returns the pause after that many failures in a row.
   *
   * @param failures at least one
   */
  public Duration pauseAfter(int failures) {
    return Backoff.after(failures, first, maximum);
  }
}
