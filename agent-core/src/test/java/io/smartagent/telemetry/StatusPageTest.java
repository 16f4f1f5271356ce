package io.smartagent.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StatusPageTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 s",
    "59, 59 s",
    "61, 1 min 1 s",
    "3600, 1 h 0 min",
    "90061, 1 d 1 h",
    "-5, 0 s",
  })
  void printsAnAgeInItsLargestUnits(long seconds, String age) {
    assertThat(StatusPage.age(Instant.EPOCH, Instant.EPOCH.plusSeconds(seconds))).isEqualTo(age);
  }

  @Test
  void escapesWhatMarkupIsMadeOf() {
    assertThat(StatusPage.escape("<a href='x' & \"y\">"))
        .isEqualTo("&lt;a href=&#39;x&#39; &amp; &quot;y&quot;&gt;");
  }
}
