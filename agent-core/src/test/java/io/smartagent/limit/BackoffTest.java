package io.smartagent.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BackoffTest {

  private static Backoff backoff(RandomGenerator random) {
    return new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), random);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "6, 32", "7, 60", "1000, 60"})
  void waitsLongerEachTimeAndNeverLongerThanItMay(int failures, long seconds) {
    Backoff backoff = backoff(new Random(7));
    Duration pause = Duration.ZERO;
    for (int i = 0; i < failures; i++) {
      pause = backoff.next(null);
    }
    assertThat(pause).isBetween(Duration.ofMillis(seconds * 500), Duration.ofSeconds(seconds));
  }

  @Test
  void waitsNotAsLongAsOthersDo() {
    Random random = new Random(7);
    assertThat(random.ints(100).mapToObj(seed -> backoff(new Random(seed)).next(null)).distinct())
        .hasSizeGreaterThan(50);
  }

  @Test
  void waitsNoShorterThanTheServerAsks() {
    assertThat(backoff(new Random(7)).next(Duration.ofMinutes(5)))
        .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(5).plusSeconds(1));
  }

  @Test
  void startsAnewOnceItHasWorked() {
    Backoff backoff = backoff(new Random(7));
    for (int i = 0; i < 10; i++) {
      backoff.next(null);
    }
    backoff.reset();
    assertThat(backoff.next(null)).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }
}
