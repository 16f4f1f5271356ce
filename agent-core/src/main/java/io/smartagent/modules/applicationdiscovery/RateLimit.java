package io.smartagent.modules.applicationdiscovery;

import java.util.function.LongSupplier;

/** Allows so many things a second, and a number of them at once. */
final class RateLimit {

  private static final double NANOSECONDS = 1e9;

  private final double perSecond;
  private final double most;
  private final LongSupplier nanoTime;
  private double left;
  private long last;

  /**
   * @param perSecond how many are allowed in the long run
   * @param most how many are allowed at once after a rest
   * @param nanoTime as {@link System#nanoTime}
   */
  RateLimit(double perSecond, int most, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.most = most;
    this.nanoTime = nanoTime;
    this.left = most;
    this.last = nanoTime.getAsLong();
  }

  /** Returns whether one more is allowed now, and counts it if so. */
  boolean allows() {
    return allows(1);
  }

  /** Returns whether so many more are allowed now, and counts them if so. */
  boolean allows(int count) {
    long now = nanoTime.getAsLong();
    left = Math.min(most, left + (now - last) / NANOSECONDS * perSecond);
    last = now;
    if (left < count) {
      return false;
    }
    left -= count;
    return true;
  }
}
