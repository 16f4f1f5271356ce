package io.smartagent.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LogLineEncoderTest {

  private static String encode(Level level, String message, @Nullable Throwable exception) {
    return encode(new LogLineEncoder(), level, message, exception);
  }

  private static String encode(
      LogLineEncoder encoder, Level level, String message, @Nullable Throwable exception) {
    LoggingEvent event =
        new LoggingEvent(
            "", new LoggerContext().getLogger("test"), level, message, exception, new Object[0]);
    event.setInstant(Instant.parse("2026-11-01T12:00:00.123456Z"));
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }

  @Test
  void writesForPeopleAsEventsInWordsAreWritten() {
    LogLineEncoder encoder = new LogLineEncoder(ZoneId.of("Europe/Berlin"));

    assertThat(encode(encoder, Level.INFO, "The agent ends.", null))
        .isEqualTo("13:00:00  The agent ends.\n");
    assertThat(encode(encoder, Level.WARN, "a\u001b[2J", null))
        .isEqualTo("13:00:00  WARN  a\uFFFD[2J\n");
    assertThat(encode(encoder, Level.INFO, "word ".repeat(30) + "\n", null))
        .isEqualTo(
            "13:00:00  "
                + "word ".repeat(22).strip()
                + "\n          "
                + "word ".repeat(8)
                + "\\n\n");
  }

  @Test
  void writesTimeLevelAndSentence() {
    assertThat(encode(Level.INFO, "The agent ends.", null))
        .isEqualTo("2026-11-01T12:00:00.123Z INFO  The agent ends.\n");
  }

  @Test
  void keepsAMessageOnOneLine() {
    assertThat(encode(Level.WARN, "a\r\nINFO forged\u001b[2J\u0000", null))
        .isEqualTo("2026-11-01T12:00:00.123Z WARN  a\\r\\nINFO forged\uFFFD[2J\uFFFD\n");
  }

  @Test
  void printsAnExceptionOnlyAtLevelDebug() {
    Exception exception = new IllegalStateException("on fire");

    assertThat(encode(Level.ERROR, "It failed.", exception)).doesNotContain("IllegalState");
    assertThat(encode(Level.DEBUG, "It failed.", exception))
        .contains("java.lang.IllegalStateException: on fire")
        .contains("\tat ");
  }
}
