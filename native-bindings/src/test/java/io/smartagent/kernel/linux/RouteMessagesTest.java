package io.smartagent.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.smartagent.kernel.net.AddressText;
import io.smartagent.kernel.net.Link;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RouteMessagesTest {

  private static ByteBuffer link(int... attributes) {
    ByteBuffer message =
        ByteBuffer.wrap(
                RouteMessages.request(
                    RouteMessages.RTM_NEWLINK, 0, 1, RouteMessages.IFINFOMSG, attributes))
            .order(ByteOrder.nativeOrder());
    message.putInt(RouteMessages.HEADER + 4, 7);
    return message;
  }

  private static Link parsed(int... attributes) {
    return Objects.requireNonNull(RouteMessages.link(link(attributes)));
  }

  /** IFLA_IFNAME "abc". */
  private static final int NAME = 0x0063_6261;

  @Test
  void aPeerInTheSameNamespaceHasNoNamespace() {
    Link link = parsed(3, NAME, 5, 9);

    assertThat(link.name()).isEqualTo("abc");
    assertThat(link.index()).isEqualTo(7);
    assertThat(link.peerIndex()).isEqualTo(9);
    assertThat(link.peerNamespace()).isEqualTo(-1);
    assertThat(link.counters()).isNull();
    assertThat(link.mac()).isNull();
  }

  @Test
  void theSameNumberInAnotherNamespaceIsAPeer() {
    assertThat(parsed(3, NAME, 5, 7).peerIndex()).isZero();
    assertThat(parsed(3, NAME, 5, 7, 37, 0).peerIndex()).isEqualTo(7);
  }

  @Test
  void aMessageWithoutANameIsNone() {
    assertThat(RouteMessages.link(link(5, 9))).isNull();
    assertThat(RouteMessages.link(ByteBuffer.allocate(20).order(ByteOrder.nativeOrder()))).isNull();
    assertThat(RouteMessages.address(ByteBuffer.allocate(20).order(ByteOrder.nativeOrder())))
        .isNull();
  }

  @Test
  void noBytesBreakIt() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      ByteBuffer message = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
      if (bytes.length > 40) {
        message.putShort(32, (short) random.nextInt(12));
        message.putShort(34, (short) random.nextInt(48));
      }
      assertThatCode(
              () -> {
                RouteMessages.link(message);
                RouteMessages.address(message);
              })
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.255.1, 10.0.255.1",
    "0:0:0:0:0:0:0:1, ::1",
    "0:0:0:0:0:0:0:0, ::",
    "fe80:0:0:0:42:acff:fe11:2, fe80::42:acff:fe11:2",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::"
  })
  void writesAddressesAsPeopleDo(String address, String text) throws Exception {
    assertThat(AddressText.of(InetAddress.getByName(address).getAddress())).isEqualTo(text);
    assertThat(AddressText.of(new byte[5])).isNull();
  }
}
