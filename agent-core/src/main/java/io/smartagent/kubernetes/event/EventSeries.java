package io.smartagent.kubernetes.event;

import java.time.Duration;
import java.time.Instant;

/** One Event, and how often that has happened again. Only the thread that writes Events has it. */
final class EventSeries {

  private final Occurrence first;
  private final String name;
  private long count;
  private long written;
  private Instant lastAt;
  private long seenAt;
  private long writtenAt;
  private boolean permitted;

  /**
   * @param name of the object
   * @param now in nanoseconds
   */
  EventSeries(Occurrence first, String name, long now) {
    this.first = first;
    this.name = name;
    this.count = first.count();
    this.lastAt = first.time();
    this.seenAt = now;
  }

  Occurrence first() {
    return first;
  }

  String name() {
    return name;
  }

  /** Returns how often it has happened. */
  long count() {
    return count;
  }

  /** Returns when it has happened last. */
  Instant lastAt() {
    return lastAt;
  }

  /** Returns how many of these the object does not report yet. */
  long unreported() {
    return count - written;
  }

  void repeat(Occurrence occurrence, long now) {
    count += occurrence.count();
    lastAt = occurrence.time().isAfter(lastAt) ? occurrence.time() : lastAt;
    seenAt = now;
  }

  /** Permits one more request for it, with any number of attempts. */
  void permit() {
    permitted = true;
  }

  boolean isPermitted() {
    return permitted;
  }

  /** Records that the object exists and is up to date. */
  void hasBeenWritten(long now) {
    written = count;
    writtenAt = now;
    permitted = false;
  }

  /** Records that the object no longer exists. */
  void isGone() {
    written = 0;
  }

  boolean isWritten() {
    return written > 0;
  }

  /** Returns whether the object is not up to date, and was not written for that long. */
  boolean isDue(Duration calm, long now) {
    return count > written && (!isWritten() || now - writtenAt >= calm.toNanos());
  }

  /** Returns whether it has not happened for that long. */
  boolean isOlderThan(Duration age, long now) {
    return now - seenAt >= age.toNanos();
  }
}
