package io.smartagent.modules.container;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that is found out anew only when it is older than a while. */
final class Recent<T> {

  private final LongSupplier nanoTime;
  private final long lifetime;
  private final Supplier<T> source;
  private @Nullable T value;
  private long foundAt;

  /**
   * @param nanoTime the clock
   */
  Recent(LongSupplier nanoTime, Duration lifetime, Supplier<T> source) {
    this.nanoTime = nanoTime;
    this.lifetime = lifetime.toNanos();
    this.source = source;
  }

  T get() {
    T known = value;
    long now = nanoTime.getAsLong();
    if (known == null || now - foundAt > lifetime) {
      known = source.get();
      value = known;
      foundAt = now;
    }
    return known;
  }
}
