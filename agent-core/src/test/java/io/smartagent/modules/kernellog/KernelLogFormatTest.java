package io.smartagent.modules.kernellog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KernelLogFormatTest {

  @Test
  void readsARecordOfTheDevice() {
    assertThat(record("6,553,2478330764,-;veth0: left mode\n SUBSYSTEM=net\n DEVICE=+net:veth0\n"))
        .isEqualTo(new KernelLogLine(6, 2_478_330_764L, 553, "veth0: left mode"));
    assertThat(record("6,1,2,-,caller=T1;a;b")).isEqualTo(new KernelLogLine(6, 2, 1, "a;b"));
  }

  @Test
  void undoesTheDevicesEscapes() {
    assertThat(record("6,1,2,-;a\\x0ab \\xc3\\xa4 \\x5cx \\x5 \\xzz\n"))
        .isEqualTo(new KernelLogLine(6, 2, 1, "a\nb ä \\x \\x5 \\xzz"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ";", "6,1;x", "a,b,c,-;x", "6,1,99999999999999999999,-;x", "no record"})
  void passesOverWhatIsNoRecord(String text) {
    assertThat(record(text)).isNull();
  }

  @Test
  void readsLinesOfTheSystemCall() {
    assertThat(SyslogText.parseLine("<12>[ 2477.510604] from user space"))
        .isEqualTo(new KernelLogLine(12, 2_477_510_604L, -1, "from user space"));
    assertThat(SyslogText.parseLine("<4>[    0.000000][    T0] first"))
        .isEqualTo(new KernelLogLine(4, 0, -1, "first"));
    assertThat(SyslogText.parseLine("<4>[12345.678901][  C3] third"))
        .isEqualTo(new KernelLogLine(4, 12_345_678_901L, -1, "third"));
    assertThat(SyslogText.parseLine("<6>without a stamp"))
        .isEqualTo(new KernelLogLine(6, KernelLogLine.NO_STAMP, -1, "without a stamp"));
    assertThat(SyslogText.parseLine("<6>[    1.000000]   indented"))
        .isEqualTo(new KernelLogLine(6, 1_000_000, -1, "  indented"));
  }

  @Test
  void passesOverLinesWithoutAPriority() {
    assertThat(SyslogText.parse("\n<x>a\n[ 1.000000] cut\n<99999999999>b\n")).isEmpty();
  }

  @Test
  void believesOnlyTheKernelsFacility() {
    assertThat(new KernelLogLine(7, 0, 0, "").isKernels()).isTrue();
    assertThat(new KernelLogLine(8, 0, 0, "").isKernels()).isFalse();
  }

  @Test
  void placesAStampBetweenWhatIsKnown() {
    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    KernelTime time = KernelTime.of("3600.50 7000.00\n", now);

    assertThat(time.boot()).isEqualTo("2026-03-01T10:59:59.500Z");
    assertThat(time.at(1_500_000, Instant.EPOCH, now)).isEqualTo("2026-03-01T11:00:01Z");
    assertThat(time.at(1_500_000, now.minusSeconds(1), now)).isEqualTo(now.minusSeconds(1));
    assertThat(time.at(9_999_000_000L, Instant.EPOCH, now)).isEqualTo(now);
    assertThat(time.at(KernelLogLine.NO_STAMP, Instant.EPOCH, now)).isEqualTo(now);
  }

  private static @Nullable KernelLogLine record(String text) {
    return KmsgRecord.parse(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
