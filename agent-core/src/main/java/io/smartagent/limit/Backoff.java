package io.smartagent.limit;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait after failures in a row: twice as long with each, and with jitter, so that not
 * all nodes come at once when a server is back.
 */
public final class Backoff {

  private static final int MAX_DOUBLINGS = 20;

  private final Duration first;
  private final Duration maximum;
  private final RandomGenerator random;
  private int failures;

  /**
   * @param first the maximum after the first failure
   * @param maximum the maximum after any
   */
  public Backoff(Duration first, Duration maximum, RandomGenerator random) {
    this.first = first;
    this.maximum = maximum;
    this.random = random;
  }

  /**
   * Returns how long to wait after one more failure: between half of what is due and all of it, and
   * no shorter than the server asks.
   *
   * @param asked what the server asks; null where it does not
   */
  public Duration next(@Nullable Duration asked) {
    long due = after(++failures, first, maximum).toMillis();
    long wait = due / 2 + random.nextLong(Math.max(1, due / 2));
    // All that were refused at once got the same time.
    return Duration.ofMillis(asked == null ? wait : asked.toMillis() + wait);
  }

  /**
   * Returns what is due after failures in a row: twice as long with each.
   *
   * @param failures at least 1
   * @param first after one failure
   * @param maximum after any number
   */
  public static Duration after(int failures, Duration first, Duration maximum) {
    Duration due = first.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
    return due.compareTo(maximum) < 0 ? due : maximum;
  }

  /** Forgets the failures: it works again. */
  public void reset() {
    failures = 0;
  }
}
