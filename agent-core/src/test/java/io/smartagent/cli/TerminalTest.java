package io.smartagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.ExitStatus;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TerminalTest {

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({"OK, IO_ERROR", "FOUND, IO_ERROR", "CONFIGURATION, CONFIGURATION"})
  void reportsAResultThatCannotBeWritten(ExitStatus found, ExitStatus end) throws IOException {
    try (OutputStream full = new FileOutputStream("/dev/full")) {
      Terminal terminal = new Terminal(full, err, false);
      terminal.print("result");
      terminal.print(out -> out.write('x'));

      assertThat(terminal.end(found)).isEqualTo(end);
    }
    assertThat(err())
        .isEqualTo("smartagent: The result could not be written: No space left on device.\n");
  }

  @Test
  void saysNothingWhereTheReaderHasGone() {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int letter) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    Terminal terminal = new Terminal(gone, err, false);
    terminal.print("result");

    assertThat(terminal.end(ExitStatus.OK)).isEqualTo(ExitStatus.OK);
    assertThat(err()).isEmpty();
  }
}
