package io.smartagent.modules.container;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Makes what is asked for again only after a while: long enough that a thousand questions at once
 * cost one look, short enough that a new container is not missed for long.
 *
 * @param nanoTime the clock
 * @param lifetime of what was found out
 */
record RecentFactory(LongSupplier nanoTime, Duration lifetime) {

  <T> Recent<T> recent(Supplier<T> source) {
    return new Recent<>(nanoTime, lifetime, source);
  }
}
