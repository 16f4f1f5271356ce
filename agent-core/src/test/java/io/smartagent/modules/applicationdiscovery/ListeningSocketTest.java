package io.smartagent.modules.applicationdiscovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.modules.applicationdiscovery.ListeningSocket.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ListeningSocketTest {

  private static final String HEADINGS =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

  /** As machines with the bytes of x86 and ARM print them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          TCP  | 0: 00000000:0050 00000000:0000 0A 0:0 00:0 0 0 0 4711 1 | 0.0.0.0 80 4711
          TCP  | 1: 0100007F:1538 00000000:0000 0A 0:0 00:0 0 0 0 12 1 | 127.0.0.1 5432 12
          TCP  | 1: 0100007F:1538 0100007F:C000 01 0:0 00:0 0 0 0 12 1 | -
          TCP6 | 0: 00000000000000000000000000000000:2384 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 9 1 | :: 9092 9
          TCP6 | 0: 00000000000000000000000001000000:0001 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 9 1 | ::1 1 9
          TCP6 | 0: 0000000000000000FFFF00000100007F:0001 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 9 1 | ::ffff:127.0.0.1 1 9
          TCP6 | 0: B80D01200000000000000000010000FE:0001 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 9 1 | 2001:db8::fe00:1 1 9
          UDP  | 5: 3500007F:0035 00000000:0000 07 0:0 00:0 0 0 0 33 2 | 127.0.0.53 53 33
          UDP  | 5: 3500007F:0035 0100007F:0035 01 0:0 00:0 0 0 0 33 2 | -
          TCP  | nonsense | -
          TCP  | 0: XYZ:0050 00000000:0000 0A 0:0 00:0 0 0 0 4711 1 | -
          TCP  | 0: 00:0050 00000000:0000 0A 0:0 00:0 0 0 0 4711 1 | -
          """)
  void parses(Protocol protocol, String line, @Nullable String expected) {
    ListeningSocket socket = ListeningSocket.parse(protocol, line.split(" +", -1));

    assertThat(
            socket == null ? null : socket.address() + " " + socket.port() + " " + socket.inode())
        .isEqualTo(expected);
  }

  /** The kernel tells what listens first: what comes after the first other line is not read. */
  @Test
  void readsNoConnections(@TempDir Path net) throws IOException {
    StringBuilder tcp = new StringBuilder(HEADINGS);
    tcp.append(" 0: 00000000:0050 00000000:0000 0A 0:0 00:0 0 0 0 1 1\n");
    tcp.append(" 1: 00000000:0050 0100007F:0001 01 0:0 00:0 0 0 0 2 1\n".repeat(50_000));
    tcp.append(" 2: 00000000:0051 00000000:0000 0A 0:0 00:0 0 0 0 3 1\n");
    Files.writeString(net.resolve("tcp"), tcp);

    SocketTable table = SocketTable.read(net.toString());

    assertThat(table.byInode()).containsOnlyKeys(1L);
    assertThat(table.truncated()).isFalse();
  }

  @Test
  void readsNoMoreThanABoundedNumber(@TempDir Path net) throws IOException {
    StringBuilder tcp = new StringBuilder(HEADINGS);
    for (int inode = 1; inode <= 5000; inode++) {
      tcp.append(" 0: 00000000:0050 00000000:0000 0A 0:0 00:0 0 0 0 " + inode + " 1\n");
    }
    Files.writeString(net.resolve("tcp"), tcp);
    Files.writeString(net.resolve("udp"), "x".repeat(5 << 20));

    SocketTable table = SocketTable.read(net.toString());

    assertThat(table.byInode()).hasSize(4096);
    assertThat(table.truncated()).isTrue();
  }

  @Test
  void saysThatItCannotRead(@TempDir Path net) {
    assertThat(SocketTable.read(net.resolve("none").toString()).readable()).isFalse();
  }
}
