package io.smartagent.kubernetes.client;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long to leave a server alone that did not do what it was asked: twice as long each time, and
 * never as long as other nodes do, so that not all of them come at once when it is back.
 */
public final class Backoff {

  private static final int MAX_DOUBLINGS = 20;

  private final Duration first;
  private final Duration longest;
  private final RandomGenerator random;
  private int failures;

  /**
   * @param first how long at most after the first failure
   * @param longest how long at most after any
   */
  public Backoff(Duration first, Duration longest, RandomGenerator random) {
    this.first = first;
    this.longest = longest;
    this.random = random;
  }

  /**
   * Returns how long to wait after one more failure: between half of what is due and all of it, and
   * no shorter than the server asks.
   *
   * @param asked what the server asks; null where it does not
   */
  public Duration next(@Nullable Duration asked) {
    long due = first.toMillis() << Math.min(failures++, MAX_DOUBLINGS);
    long most = Math.min(due, longest.toMillis());
    long wait = most / 2 + random.nextLong(Math.max(1, most / 2));
    // All that were refused at once got the same time.
    return Duration.ofMillis(asked == null ? wait : asked.toMillis() + wait);
  }

  /** Forgets the failures: it works again. */
  public void reset() {
    failures = 0;
  }
}
