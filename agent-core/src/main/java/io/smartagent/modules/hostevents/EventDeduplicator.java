package io.smartagent.modules.hostevents;

import io.smartagent.limit.BoundedMap;
import io.smartagent.module.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Makes one event of what the kernel repeats. The first is reported at once; how often the same
 * came within {@link #WINDOW} after that is one more event, with its {@code count}, when the window
 * has passed. What two sources have within one window is one fault.
 */
final class EventDeduplicator {

  /** For how long the same is the same. */
  static final Duration WINDOW = Duration.ofMinutes(1);

  /** Within this time the kernel's several sentences for one state come. */
  private static final Duration SENTENCES = Duration.ofSeconds(10);

  private static final int MAX_FAULTS = 500;

  private final Consumer<Event> out;
  private final Map<String, Fault> faults = BoundedMap.ofNewest(MAX_FAULTS, Fault::report);

  /** What has been reported, and how much of the same has come since. */
  private final class Fault {
    private final EvidenceSource source;
    private final Instant since;
    private final Event reported;
    private long more;
    private Instant lastAt;
    private boolean history;

    Fault(EvidenceSource source, Instant since, Event reported) {
      this.source = source;
      this.since = since;
      this.reported = reported;
      this.lastAt = since;
    }

    boolean isOpen(Instant time) {
      return Duration.between(since, time).abs().compareTo(WINDOW) < 0;
    }

    /** Returns whether what {@code other} has at {@code time} is this. */
    boolean covers(EvidenceSource other, Instant time, boolean counts) {
      if (other != source) {
        return isOpen(time);
      }
      Duration window = counts ? WINDOW : SENTENCES;
      return !history && Duration.between(since, time).abs().compareTo(window) < 0;
    }

    void report() {
      if (more > 0) {
        out.accept(reported.repeated(lastAt, more));
      }
      more = 0;
    }
  }

  /**
   * @param out takes the events that are to be reported; they have an attribute {@code count}
   */
  EventDeduplicator(Consumer<Event> out) {
    this.out = out;
  }

  /**
   * Takes a piece of evidence.
   *
   * @param key what makes it the same
   * @param counts whether it matters how often it comes: a state is not entered twice
   * @param times how often it came now
   * @param event made only if it is to be reported now
   */
  void add(
      String key,
      EvidenceSource source,
      Instant time,
      boolean counts,
      long times,
      Supplier<Event> event) {
    Fault known = faults.get(key);
    if (known != null && known.covers(source, time, counts)) {
      if (counts && known.source == source) {
        known.more += times;
        known.lastAt = time;
      }
      return;
    }
    if (known != null) {
      known.report();
      faults.remove(key);
    }
    Event reported = event.get();
    faults.put(key, new Fault(source, time, reported));
    out.accept(reported);
  }

  /** Returns whether this has been reported, however long ago, as far as is remembered. */
  boolean isKnown(String key) {
    return faults.containsKey(key);
  }

  /** Reports what the windows that have ended by now have counted. */
  void reportUntil(Instant now) {
    faults
        .values()
        .forEach(fault -> {
          if (!fault.isOpen(now)) {
            fault.report();
          }
        });
  }

  /**
   * Reports what has been counted so far: what the same source has from now on is another fault.
   */
  void endHistory() {
    faults
        .values()
        .forEach(fault -> {
          fault.report();
          fault.history = true;
        });
  }
}
