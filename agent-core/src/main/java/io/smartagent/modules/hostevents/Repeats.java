package io.smartagent.modules.hostevents;

import io.smartagent.module.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes one event of what is said again and again. The first is told at once; how often the same
 * was said within {@link #WINDOW} after that is one more event, with its {@code count}, when the
 * window has passed. What two witnesses say within one window is one fact.
 */
final class Repeats {

  /** For how long the same is the same. */
  static final Duration WINDOW = Duration.ofMinutes(1);

  /** Within so long the kernel's several sentences for one state come. */
  private static final Duration SENTENCES = Duration.ofSeconds(10);

  private static final int FACTS_AT_MOST = 500;

  private final Consumer<Event> out;

  private final Map<String, Fact> facts =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Fact> eldest) {
          if (size() > FACTS_AT_MOST) {
            eldest.getValue().tell();
            return true;
          }
          return false;
        }
      };

  /** Who says so. */
  enum Witness {
    /** The kernel's log. */
    LOG,
    /** What the kernel counts or shows of a thing's state. */
    STATE
  }

  /** What has been told, and how much of the same has come since. */
  private final class Fact {

    private final Witness witness;
    private final Instant since;
    private final Event told;
    private long more;
    private Instant lastAt;
    private boolean history;

    Fact(Witness witness, Instant since, Event told) {
      this.witness = witness;
      this.since = since;
      this.told = told;
      this.lastAt = since;
    }

    boolean isOpen(Instant time) {
      return Duration.between(since, time).abs().compareTo(WINDOW) < 0;
    }

    /** Returns whether what {@code other} says at {@code time} is this. */
    boolean covers(Witness other, Instant time, boolean counts) {
      if (other != witness) {
        return isOpen(time);
      }
      Duration window = counts ? WINDOW : SENTENCES;
      return !history && Duration.between(since, time).abs().compareTo(window) < 0;
    }

    void tell() {
      if (more > 0) {
        Map<String, @Nullable Object> attributes = new LinkedHashMap<>(told.attributes());
        attributes.put("count", more);
        out.accept(new Event(lastAt, told.type(), attributes));
      }
      more = 0;
    }
  }

  /**
   * @param out takes the events that are to be told; they have an attribute {@code count}
   */
  Repeats(Consumer<Event> out) {
    this.out = out;
  }

  /**
   * Takes something that was said.
   *
   * @param key what makes it the same
   * @param counts whether it matters how often it is said: a state is not entered twice
   * @param times how often it was said now
   * @param event made only if it is to be told now
   */
  void add(
      String key,
      Witness witness,
      Instant time,
      boolean counts,
      long times,
      Supplier<Event> event) {
    Fact known = facts.get(key);
    if (known != null && known.covers(witness, time, counts)) {
      if (counts && known.witness == witness) {
        known.more += times;
        known.lastAt = time;
      }
      return;
    }
    if (known != null) {
      known.tell();
      facts.remove(key);
    }
    Event told = event.get();
    facts.put(key, new Fact(witness, time, told));
    out.accept(told);
  }

  /** Returns whether this has been said, however long ago, as far as is remembered. */
  boolean isKnown(String key) {
    return facts.containsKey(key);
  }

  /** Tells what the windows that have ended by now have counted. */
  void tellUntil(Instant now) {
    facts
        .values()
        .forEach(fact -> {
          if (!fact.isOpen(now)) {
            fact.tell();
          }
        });
  }

  /** Tells what has been counted so far: what the same witness says from now on is another fact. */
  void endHistory() {
    facts
        .values()
        .forEach(fact -> {
          fact.tell();
          fact.history = true;
        });
  }
}
