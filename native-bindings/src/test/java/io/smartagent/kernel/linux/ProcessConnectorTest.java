package io.smartagent.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.net.ProcessEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages as Linux 6.18 sends them, and what is none. */
final class ProcessConnectorTest {

  /** struct nlmsghdr, struct cn_msg. */
  private static final String HEADERS =
      "4c00000003000000952a000000000000" + "0100000001000000952a00000000000028000000";

  private static final String FORK =
      HEADERS
          + "0100000001000000500dacfaf90a0000"
          + "9f3600009f360000c8360000c83600000000000000000000";
  static final String EXIT =
      HEADERS
          + "00000080000000009862c1faf90a0000"
          + "c8360000c836000000030000110000009f3600009f360000";
  private static final String EXEC =
      HEADERS
          + "02000000000000009862c1faf90a0000"
          + "c8360000c8360000000000000000000000000000000000000";
  private static final String ANSWER =
      "4c00000003000000952a000000000000"
          + "0100000001000000952a00004e00000028000000"
          + "0000000001000000e023a6faf90a0000"
          + "010000000000000000000000000000000000000000000000";

  private static ByteBuffer message(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.substring(0, hex.length() & ~1)))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void readsStartExecutionAndEnd() {
    assertThat(ProcessConnector.event(message(FORK)))
        .isEqualTo(new ProcessEvent.Fork(14024, 13983, 12_068_768_714_064L));
    assertThat(ProcessConnector.event(message(EXEC)))
        .isEqualTo(new ProcessEvent.Exec(14024, 12_068_770_112_152L));
    assertThat(ProcessConnector.event(message(EXIT)))
        .isEqualTo(new ProcessEvent.Exit(14024, 3, 0, 12_068_770_112_152L));
    assertThat(ProcessConnector.event(message(EXIT.replace("00030000110000", "89000000110000"))))
        .isEqualTo(new ProcessEvent.Exit(14024, 0, 9, 12_068_770_112_152L));
  }

  @Test
  void leavesThreadsOut() {
    assertThat(
            ProcessConnector.event(message(FORK.replace("c8360000c8360000", "c9360000c8360000"))))
        .isNull();
    assertThat(
            ProcessConnector.event(message(EXIT.replace("c8360000c8360000", "c9360000c8360000"))))
        .isNull();
  }

  @Test
  void anAnswerIsForOneRequestOnly() {
    assertThat(ProcessConnector.answer(message(ANSWER), 77)).isEqualTo(1);
    assertThat(ProcessConnector.answer(message(ANSWER), 78)).isEqualTo(-1);
    assertThat(ProcessConnector.answer(message(FORK), 77)).isEqualTo(-1);
    assertThat(ProcessConnector.event(message(ANSWER))).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 16, 36, 52, 58, 66})
  void aShortMessageIsNone(int length) {
    assertThat(ProcessConnector.event(message(EXIT.substring(0, 2 * length)))).isNull();
    assertThat(ProcessConnector.answer(message(EXIT.substring(0, 2 * length)), 77)).isEqualTo(-1);
  }

  /** Before Linux 4.18 an end does not say whose child it was. */
  @Test
  void readsWhatOlderKernelsSend() {
    String older =
        EXIT.substring(0, 2 * 68).replaceFirst("^4c", "44").replaceFirst("28000000", "20000000");

    assertThat(ProcessConnector.event(message(older)))
        .isEqualTo(new ProcessEvent.Exit(14024, 3, 0, 12_068_770_112_152L));
  }
}
