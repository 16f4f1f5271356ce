package io.smartagent.kubernetes.client;

import java.time.Duration;

/** So many at once, and then one for each period that has passed. */
public final class TokenBucket {

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

  /** Takes one; returns whether there was any. */
  public boolean tryTake(long now) {
    fill(now);
    if (tokens == 0) {
      return false;
    }
    tokens--;
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
