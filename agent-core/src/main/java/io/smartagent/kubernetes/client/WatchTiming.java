package io.smartagent.kubernetes.client;

import io.smartagent.limit.Backoff;
import java.time.Duration;

/**
 * The timeouts of a {@link ResourceWatch}.
 *
 * @param start how long listing everything may take
 * @param silence how long a watch may be without a connection: it makes a new one every few
 *     minutes, and waits up to three seconds for that
 * @param first longest pause after a failure, which doubles with each one: as of {@link Backoff}
 * @param longest pause after any
 * @param wellAfter how long a watch has to hold for failures to be forgotten
 */
public record WatchTiming(
    Duration start, Duration silence, Duration first, Duration longest, Duration wellAfter) {

  /** For a server that thousands of agents ask. */
  public static final WatchTiming STANDARD =
      new WatchTiming(
          Duration.ofMinutes(1),
          Duration.ofSeconds(8),
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          Duration.ofMinutes(1));
}
