package io.smartagent.kubernetes.event;

import io.smartagent.limit.TokenBucket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is written: one Event for all that is alike and not far apart, and not too many for
 * one pod or node. The limits for one object are those of client-go's own recorder
 * (tools/record/events_cache.go); the limit of all of a node's is for clusters of thousands.
 */
final class EventAggregator {

  /** What happens again in that time is the same Event. */
  static final Duration WINDOW = Duration.ofMinutes(10);

  /** Between two requests for the same Event. */
  static final Duration CALM = Duration.ofSeconds(10);

  /** What could not be reported for that long is dropped. */
  static final Duration NEWS = Duration.ofMinutes(30);

  /** What a name of 253 characters has before a dot and 16 digits. */
  private static final int MAX_PREFIX = 236;

  static final int MAX_SERIES = 256;
  static final int OBJECT_BURST = 25;
  static final int NODE_BURST = 50;
  static final Duration OBJECT_REFILL = Duration.ofMinutes(5);
  static final Duration NODE_REFILL = Duration.ofSeconds(30);

  private final Supplier<String> suffixes;
  private final Map<Occurrence.Key, EventSeries> series = new LinkedHashMap<>();
  private final Map<String, TokenBucket> objects = new LinkedHashMap<>();
  private final TokenBucket node;
  private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);

  /**
   * @param suffixes each makes a name that no other Event has
   * @param now in nanoseconds, as everywhere here
   */
  EventAggregator(Supplier<String> suffixes, long now) {
    this.suffixes = suffixes;
    this.node = new TokenBucket(NODE_BURST, NODE_REFILL, now);
  }

  /** Takes what has happened. */
  void add(Occurrence occurrence, long now) {
    forget(now);
    EventSeries known = series.get(occurrence.key());
    if (known != null) {
      known.repeat(occurrence, now);
    } else if (series.size() < MAX_SERIES) {
      String name = prefix(occurrence.regarding().name()) + "." + suffixes.get();
      series.put(occurrence.key(), new EventSeries(occurrence, name, now));
    } else {
      drop(DropReason.QUEUE, occurrence.count());
    }
  }

  /** A part of a name may end in neither of these, which cutting may uncover. */
  private static String prefix(String name) {
    int end = Math.min(MAX_PREFIX, name.length());
    while (end > 0 && (name.charAt(end - 1) == '.' || name.charAt(end - 1) == '-')) {
      end--;
    }
    return name.substring(0, end);
  }

  /** Returns what is to be written now; null where nothing is. */
  @Nullable EventSeries next(long now) {
    forget(now);
    Iterator<EventSeries> all = series.values().iterator();
    while (all.hasNext()) {
      EventSeries each = all.next();
      if (!each.isDue(CALM, now)) {
        continue;
      }
      if (each.isPermitted() || isAllowed(each, now)) {
        each.permit();
        return each;
      }
      if (!each.isWritten()) {
        all.remove();
        drop(DropReason.RATE, each.count());
      }
    }
    return null;
  }

  /** Takes away what the server does not take. */
  void refuse(EventSeries refused) {
    series.remove(refused.first().key());
    drop(DropReason.REFUSED, refused.unreported());
  }

  /** A limit of the node is only used up by what its object's limit allows. */
  private boolean isAllowed(EventSeries each, long now) {
    TokenBucket object =
        objects.computeIfAbsent(
            each.first().regarding().uid(),
            uid -> new TokenBucket(OBJECT_BURST, OBJECT_REFILL, now));
    return node.untilNext(now).isZero() && object.tryTake(now) && node.tryTake(now);
  }

  private void forget(long now) {
    series
        .values()
        .removeIf(each -> {
          boolean over = each.isOlderThan(each.isWritten() ? WINDOW : NEWS, now);
          if (over && each.unreported() > 0) {
            drop(DropReason.AGE, each.unreported());
          }
          return over;
        });
    if (objects.size() > MAX_SERIES) {
      objects.values().removeIf(bucket -> bucket.isFull(now));
    }
  }

  private synchronized void drop(DropReason reason, long count) {
    dropped.merge(reason, count, Long::sum);
  }

  /** Returns how many were dropped, by reason. */
  synchronized Map<DropReason, Long> dropped() {
    return new EnumMap<>(dropped);
  }
}
