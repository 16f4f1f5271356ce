package io.smartagent.modules.networkinterfaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.smartagent.kernel.net.LinkCounters;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Texts as Linux 6.18 has them in a container of Docker, but for one address of Calico's. */
final class ProcNetTest {

  private static final String DEV =
      """
      Inter-|   Receive                                                |  Transmit
       face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
          lo:     112       2    0    0    0     0          0         0      112       2    0    0    0     0       0          0
        eth0: 18446744073709551615 11 1 2 0 0 0 0 766 9 3 4 0 0 0 0
      """;

  private static final String MULTICAST =
      """
      12   eth0            1     0     333300000001
      12   eth0            1     0     01005e000001
      """;

  private static final String IPV6 =
      """
      00000000000000000000000000000001 01 80 10 80       lo
      fe800000000000000042acfffe110002 0c 40 20 80     eth0
      """;

  private static final String TRIE =
      """
      Main:
        +-- 0.0.0.0/0 3 0 5
           |-- 0.0.0.0
              /0 universe UNICAST
           +-- 127.0.0.0/8 2 0 2
              +-- 127.0.0.0/31 1 0 0
                 |-- 127.0.0.0
                    /8 host LOCAL
                 |-- 127.0.0.1
                    /32 host LOCAL
              |-- 127.255.255.255
                 /32 link BROADCAST
           +-- 172.17.0.0/16 2 0 2
              +-- 172.17.0.0/30 2 0 2
                 |-- 172.17.0.0
                    /16 link UNICAST
                 |-- 172.17.0.2
                    /32 host LOCAL
              |-- 172.17.255.255
                 /32 link BROADCAST
      Local:
        +-- 0.0.0.0/0 3 0 5
                 |-- 172.17.0.2
                    /32 host LOCAL
      """;

  private static final String ROUTES =
      """
      Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
      eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0
      eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
      """;

  private static NetworkInterface named(ProcNet net, String name) {
    return net.interfaces().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void readsCountersIndexesAndAddresses() {
    ProcNet net = ProcNet.parse(DEV, MULTICAST, IPV6, TRIE, ROUTES);

    NetworkInterface eth0 = named(net, "eth0");
    assertThat(eth0.counters()).isEqualTo(new LinkCounters(-1, 11, 1, 2, 766, 9, 3, 4));
    assertThat(eth0.index()).isEqualTo(12);
    assertThat(eth0.addresses()).containsExactly("172.17.0.2/16", "fe80::42:acff:fe11:2/64");
    assertThat(eth0.loopback()).isFalse();
    NetworkInterface lo = named(net, "lo");
    assertThat(lo.addresses()).containsExactly("127.0.0.1/8", "::1/128");
    assertThat(lo.index()).isEqualTo(1);
    assertThat(lo.loopback()).isTrue();
    assertThat(net.addressesLeftOut()).isZero();
  }

  @Test
  void anAddressInNoNetworkBelongsToTheOnlyInterface() {
    String calico = "        |-- 10.1.2.3\n           /32 host LOCAL\n";
    String routes =
        ROUTES.lines().findFirst().orElseThrow()
            + "\neth0\tFEA9FEA9\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0\n";

    assertThat(named(ProcNet.parse(DEV, "", "", calico, routes), "eth0").addresses())
        .containsExactly("10.1.2.3");
    String second = DEV + "  eth1: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n";
    ProcNet net = ProcNet.parse(second, "", "", calico, routes);
    assertThat(net.interfaces()).flatExtracting(NetworkInterface::addresses).isEmpty();
    assertThat(net.addressesLeftOut()).isEqualTo(1);
  }

  @Test
  void showsNoMoreAddressesThanTheBound() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      many.append("20010db800000000000000000000%04x 0c 40 00 80 eth0\n".formatted(i));
    }

    ProcNet net = ProcNet.parse(DEV, "", many.toString(), "", "");

    assertThat(named(net, "eth0").addresses()).hasSize(Bounds.ADDRESSES).contains("2001:db8::/64");
    assertThat(net.addressesLeftOut()).isEqualTo(30 - Bounds.ADDRESSES);
  }

  @Test
  void noTextBreaksIt() {
    Random random = new Random(2);
    String alphabet = "lo: eth0\n\t/|-0123456789abcdef.LOCALhost +";
    for (int i = 0; i < 5000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(200); j > 0; j--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String noise = text.toString();
      assertThatCode(
              () -> ProcNet.parse(DEV + noise, noise, noise, TRIE + noise, noise).interfaces())
          .doesNotThrowAnyException();
    }
  }
}
