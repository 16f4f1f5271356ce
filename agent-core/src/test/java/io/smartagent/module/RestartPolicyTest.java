package io.smartagent.module;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RestartPolicyTest {

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 4", "6, 32", "7, 60", "8, 60", "1000000, 60"})
  void doublesThePauseUpToAMinute(int failures, long seconds) {
    assertThat(RestartPolicy.STANDARD.pauseAfter(failures)).isEqualTo(Duration.ofSeconds(seconds));
  }
}
