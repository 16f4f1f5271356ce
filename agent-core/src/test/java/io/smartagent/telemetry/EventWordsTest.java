package io.smartagent.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EventWordsTest {

  @ParameterizedTest
  @CsvSource({
    "ContainerStarted, Container started",
    "LogFileRotated, Log file rotated",
    "PodOOMKilling, Pod OOM killing",
    "OOMKilling, OOM killing",
    "Ext4Error, Ext4 error",
    "IOError, IO error",
    "blockedSeconds, Blocked seconds",
    "x, X",
    "'', ''"
  })
  void separatesTheWordsOfAName(String name, String words) {
    assertThat(EventWords.sentence(name)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({
    "1, ApplicationEnded, 1 application ended",
    "17, ApplicationEnded, 17 applications ended",
    "40, ProcessVanished, 40 processes vanished",
    "2, NetworkInterfaceChanged, 2 network interfaces changed",
    "2, PodOOMKilling, 2 pod OOM killings",
    "2, ConfigurationRefused, 2 configurations refused",
    "3, EventsLost, 3 events lost",
    "0, LogFile, 0 log files"
  })
  void countsWhatHasHappened(long count, String type, String words) {
    assertThat(EventWords.counted(count, type)).isEqualTo(words);
  }

  @Test
  void survivesATypeThatIsNoName() {
    assertThat(EventWords.counted(2, "")).isEqualTo("2 ");
    assertThat(EventWords.sentence("-")).isEqualTo("-");
  }
}
