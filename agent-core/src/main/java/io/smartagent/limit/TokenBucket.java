package io.smartagent.limit;

import java.time.Duration;

/** Limits a rate: a number at once, and then one more for each period. Not thread-safe. */
public final class TokenBucket {

  private static final double NANOSECONDS = 1e9;

  private final int capacity;
  private final long period;
  private long tokens;
  private long filledAt;

  /**
   * Makes a full one.
   *
   * @param capacity how many at once, at least 1
   * @param period after which there is one more
   * @param now in nanoseconds, of the clock that every other call has too
   */
  public TokenBucket(int capacity, Duration period, long now) {
    this.capacity = capacity;
    this.period = period.toNanos();
    this.tokens = capacity;
    this.filledAt = now;
  }

  /**
   * Returns a full one of a rate.
   *
   * @param capacity how many at once, at least 1
   * @param perSecond how many are added each second
   * @param now in nanoseconds, of the clock that every other call has too
   */
  public static TokenBucket perSecond(int capacity, double perSecond, long now) {
    return new TokenBucket(capacity, Duration.ofNanos((long) (NANOSECONDS / perSecond)), now);
  }

  /** Takes one; returns whether there was any. */
  public boolean tryTake(long now) {
    return tryTake(1, now);
  }

  /** Takes {@code count}, or none if there are not as many; returns whether there were. */
  public boolean tryTake(int count, long now) {
    fill(now);
    if (tokens < count) {
      return false;
    }
    tokens -= count;
    return true;
  }

  /** Returns how long it takes until there is one; zero where there is. */
  public Duration untilNext(long now) {
    fill(now);
    return tokens > 0 ? Duration.ZERO : Duration.ofNanos(period - (now - filledAt));
  }

  /** Returns whether it is as full as it can be. */
  public boolean isFull(long now) {
    fill(now);
    return tokens == capacity;
  }

  private void fill(long now) {
    long more = Math.max(0, now - filledAt) / period;
    tokens = Math.min(capacity, tokens + more);
    filledAt = tokens == capacity ? now : filledAt + more * period;
  }
}
