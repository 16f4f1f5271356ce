package io.smartagent.kubernetes.event;

import java.time.Instant;

/**
 * Something that has happened, as it is reported.
 *
 * @param regarding what it happened to
 * @param reason in one word: the type of the agent's event
 * @param warning whether it is reported as a Warning, else as Normal
 * @param note what happened, for people
 * @param subject what of {@code regarding} it happened to: further ones with the same are a series
 * @param time when it happened
 * @param count how often it has happened
 */
record Occurrence(
    Regarding regarding,
    String reason,
    boolean warning,
    String note,
    String subject,
    Instant time,
    long count) {

  /** What all occurrences of a series have in common. */
  record Key(Regarding regarding, String reason, String subject) {}

  Key key() {
    return new Key(regarding, reason, subject);
  }
}
