package io.smartagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StatusAddressTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:9871, 127.0.0.1, 9871",
    "0.0.0.0:1, 0.0.0.0, 1",
    "[::1]:65535, ::1, 65535",
    "[::]:80, ::, 80",
    "[fe80::1:2]:80, fe80::1:2, 80",
    "[::ffff:10.0.0.1]:80, ::ffff:10.0.0.1, 80"
  })
  void readsAddressAndPort(String text, String host, int port) {
    assertThat(StatusAddress.parse(text)).contains(new StatusAddress(host, port));
    assertThat(new StatusAddress(host, port)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 7f000001",
    "255.010.0.1, ff0a0001",
    "::1, 00000000000000000000000000000001",
    "fe80::1:2, fe800000000000000000000000010002",
    "::ffff:10.0.0.1, 0a000001"
  })
  void givesTheBytesOfTheAddress(String host, String bytes) {
    assertThat(HexFormat.of().formatHex(new StatusAddress(host, 80).bytes())).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":80",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:0",
        "127.0.0.1:65536",
        "127.0.0.1:-1",
        "127.0.0.1:80x",
        "localhost:80",
        "256.0.0.1:80",
        "1.2.3:80",
        "::1:80",
        "[::1]",
        "[]:80",
        "[1.2.3.4]:80",
        "[::::]:80",
        "[1:2]:80",
        "[fe80::1%eth0]:80",
        "[::1:80"
      })
  void refusesEverythingElse(String text) {
    assertThat(StatusAddress.parse(text)).isEmpty();
  }
}
