package io.smartagent.kernel.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathTextTest {

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void textIsText() {
    for (String path : new String[] {"", "/", "/srv/data", "/srv/café", "/日本/😀", "/tab\tline\n"}) {
      assertThat(PathText.of(path.getBytes(StandardCharsets.UTF_8))).isEqualTo(path);
      assertThat(PathText.bytes(path)).isEqualTo(path.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void bytesThatAreNoTextComeBackAsTheyWere() {
    for (byte[] path :
        new byte[][] {
          bytes('/', 0xff),
          bytes('/', 0xe9, 't', 0xe9),
          bytes('/', 0xe2, 0x82),
          bytes('/', 0xc0, 0xaf),
          bytes('/', 0xed, 0xb2, 0x80),
          bytes('/', 0xf0, 0x9f, 0x98, 0x80, 0x80),
          bytes('/', 0xf8, 0x88, 0x80, 0x80, 0x80),
        }) {
      assertThat(PathText.bytes(PathText.of(path))).isEqualTo(path);
    }
  }

  @Test
  void anyBytesComeBackAsTheyWere() {
    Random random = new Random(4);
    for (int i = 0; i < 20_000; i++) {
      byte[] path = new byte[random.nextInt(1, 12)];
      random.nextBytes(path);
      assertThat(PathText.bytes(PathText.of(path))).isEqualTo(path);
    }
  }

  @Test
  void differentBytesAreDifferentText() {
    assertThat(PathText.of(bytes('/', 0xe9))).isNotEqualTo(PathText.of(bytes('/', 0xe8)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "/srv/data | \"/srv/data\"",
        "/srv/café | \"/srv/café\"",
        "/with space | \"/with space\"",
        "/back\\slash | \"/back\\\\slash\"",
        "/a\"b | \"/a\\\"b\"",
      })
  void quotesForPeople(String path, String quoted) {
    assertThat(PathText.quote(path)).isEqualTo(quoted);
  }

  @Test
  void quotesWhatWouldMakeALogSayWhatItDoesNot() {
    assertThat(PathText.quote("/a\nERROR\t\u001b[31m\u202egpj\u2028\0"))
        .isEqualTo("\"/a\\nERROR\\t\\x1b[31m\\xe2\\x80\\xaegpj\\xe2\\x80\\xa8\\0\"");
    assertThat(PathText.quote(PathText.of(bytes('/', 0xff, 0xfe)))).isEqualTo("\"/\\xff\\xfe\"");
  }

  @Test
  void cutsWhatIsLong() {
    assertThat(PathText.quote("/" + "a".repeat(300), 10)).isEqualTo("\"/aaaaaaaaa...\"");
    assertThat(PathText.quote("/" + "é".repeat(300), 10)).isEqualTo("\"/ééééééééé...\"");
    assertThat(PathText.quote("/aaaaaaaaa", 10)).isEqualTo("\"/aaaaaaaaa\"");
  }
}
