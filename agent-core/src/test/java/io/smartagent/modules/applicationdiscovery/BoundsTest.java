package io.smartagent.modules.applicationdiscovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.modules.applicationdiscovery.ListeningSocket.Protocol;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keeps a hostile host from filling the agent's memory or time. */
final class BoundsTest {

  @Test
  void readsNoMoreOfATextThanItMay() throws IOException {
    try (BoundedLines lines = lines("one\nlonger than ten\n\nlast", 100)) {
      assertThat(lines.next()).isEqualTo("one");
      assertThat(lines.next()).isEqualTo("longer tha");
      assertThat(lines.next()).isEmpty();
      assertThat(lines.next()).isEqualTo("last");
      assertThat(lines.next()).isNull();
      assertThat(lines.isCut()).isFalse();
    }
    try (BoundedLines lines = lines("one\ntwo\nthree", 6)) {
      assertThat(lines.next()).isEqualTo("one");
      assertThat(lines.next()).isEqualTo("tw");
      assertThat(lines.next()).isNull();
      assertThat(lines.isCut()).isTrue();
    }
  }

  private static BoundedLines lines(String text, int most) {
    return new BoundedLines(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), most, 10);
  }

  @Test
  void tellsABoundedNumberOfPortsAndCountsTheOthers() {
    Ports ports =
        Ports.of(
            LongStream.range(0, 100)
                .mapToObj(inode ->
                    new ListeningSocket(Protocol.TCP, "0.0.0.0", 1000 + (int) inode, inode))
                .toList(),
            Ports.By.DESCRIPTORS);

    assertThat(ports.list()).hasSize(64);
    assertThat(ports.leftOut()).isEqualTo(36);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "3, 0, 3, -",
        "0, 0, 0, -",
        "0, 9, -, SIGKILL",
        "0, 11, -, SIGSEGV",
        "0, 35, -, signal 35"
      })
  void namesHowAProcessEnded(
      int exitCode, int signal, @Nullable Integer code, @Nullable String name) {
    assertThat(ExitStatus.of(exitCode, signal)).isEqualTo(new ExitStatus(code, name));
  }
}
