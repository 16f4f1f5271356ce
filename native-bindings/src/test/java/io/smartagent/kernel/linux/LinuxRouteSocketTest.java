package io.smartagent.kernel.linux;

import static io.smartagent.kernel.capability.Capability.CAP_NET_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.net.InterfaceAddress;
import io.smartagent.kernel.net.Link;
import io.smartagent.kernel.net.RouteSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Asks ip(8) about a pair of interfaces between this namespace and another process's. */
final class LinuxRouteSocketTest {

  private static final String HERE = "sa-test-here";
  private static final String THERE = "sa-test-there";

  private final LinuxKernel kernel = new LinuxKernel();
  private Process other = new ProcessBuilder("true").start();

  LinuxRouteSocketTest() throws Exception {}

  @BeforeEach
  void makeAPair() throws Exception {
    Requires.capabilities(CAP_NET_ADMIN, CAP_SYS_ADMIN);
    Requires.program("ip");
    Requires.program("unshare");
    other = new ProcessBuilder("unshare", "-n", "sh", "-c", "echo; exec sleep 600").start();
    assertThat(other.getInputStream().read()).isEqualTo('\n');
    ip("link add " + HERE + " mtu 1432 type veth peer name " + THERE);
    ip("link set " + THERE + " netns " + other.pid());
    ip("addr add 198.51.100.1/28 dev " + HERE);
    // A container has IPv6 turned off by default, and so have some machines.
    Path off = Path.of("/proc/sys/net/ipv6/conf", HERE, "disable_ipv6");
    Requires.file(off.toString());
    Files.writeString(off, "0");
    ip("addr add 2001:db8::1:0:0:1/64 dev " + HERE + " nodad");
    there("link set lo up");
    there("link set " + THERE + " address 02:00:5e:10:00:01 mtu 1400 up");
    there("addr add 198.51.100.2/28 dev " + THERE);
  }

  @AfterEach
  void endTheOther() throws Exception {
    other.destroyForcibly().waitFor();
    Program.run("ip", "link", "del", HERE);
  }

  private static String ip(String arguments) throws Exception {
    return Program.run(("ip " + arguments).split(" ", -1)).output();
  }

  private String there(String arguments) throws Exception {
    return Program.run(("nsenter -t " + other.pid() + " -n ip " + arguments).split(" ", -1))
        .output();
  }

  private static Link named(String name, List<Link> links) {
    return links.stream().filter(link -> link.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void showsTheSameInterfacesAsIp() throws Exception {
    try (RouteSocket route = kernel.network().openRoute()) {
      List<Link> links = route.links(RouteSocket.NONE, 10_000).found();

      List<String> names = ip("-o link").lines().map(line -> line.split(": |@", -1)[1]).toList();
      assertThat(links).extracting(Link::name).containsExactlyElementsOf(names);
      Link lo = named("lo", links);
      assertThat(lo.mac()).isEqualTo("00:00:00:00:00:00");
      assertThat(lo.kind()).isNull();
      assertThat(lo.isRunning()).isTrue();
      Link here = named(HERE, links);
      assertThat(here.kind()).isEqualTo("veth");
      assertThat(here.mtu()).isEqualTo(1432);
      assertThat(ip("link show " + HERE)).contains("link/ether " + here.mac() + " ");
    }
  }

  @Test
  void seesTheOtherNamespaceFromHereAndPairsTheTwo() throws Exception {
    try (RouteSocket route = kernel.network().openRoute()) {
      int id = route.assignNamespaceId((int) other.pid());
      Link there = named(THERE, route.links(id, 64).found());
      Link here = named(HERE, route.links(RouteSocket.NONE, 10_000).found());

      assertThat(route.namespaceId((int) other.pid())).isEqualTo(id);
      assertThat(route.assignNamespaceId((int) other.pid())).isEqualTo(id);
      assertThat(here.peerNamespace()).isEqualTo(id);
      assertThat(here.peerIndex()).isEqualTo(there.index());
      assertThat(there.peerIndex()).isEqualTo(here.index());
      assertThat(there.peerNamespace())
          .isEqualTo(route.namespaceId((int) ProcessHandle.current().pid()));
      assertThat(there.mac()).isEqualTo("02:00:5e:10:00:01");
      assertThat(there.mtu()).isEqualTo(1400);
      // Its other end is not up.
      assertThat(there.state().id()).isEqualTo("lowerlayerdown");
      assertThat(there.isRunning()).isFalse();
      assertThat(there.counters()).isNotNull();
    }
  }

  @Test
  void showsAddressesOfBothNamespaces() throws Exception {
    try (RouteSocket route = kernel.network().openRoute()) {
      int id = route.assignNamespaceId((int) other.pid());
      int here = named(HERE, route.links(RouteSocket.NONE, 10_000).found()).index();
      int there = named(THERE, route.links(id, 64).found()).index();

      assertThat(route.addresses(RouteSocket.NONE, 10_000).found())
          .contains(
              new InterfaceAddress(here, "198.51.100.1", 28, "global"),
              new InterfaceAddress(here, "2001:db8::1:0:0:1", 64, "global"));
      assertThat(route.addresses(id, 64).found())
          .contains(
              new InterfaceAddress(there, "198.51.100.2", 28, "global"),
              new InterfaceAddress(1, "127.0.0.1", 8, "host"));
    }
  }

  @Test
  void countsWhatItLeavesOut() throws Exception {
    try (RouteSocket route = kernel.network().openRoute()) {
      int all = route.links(RouteSocket.NONE, 10_000).found().size();
      RouteSocket.Found<Link> some = route.links(RouteSocket.NONE, 1);

      assertThat(some.found()).hasSize(1);
      assertThat(some.leftOut()).isEqualTo(all - 1);
    }
  }

  @Test
  void seesFromInsideWhatItSeesFromOutside() throws Exception {
    Link outside;
    try (RouteSocket route = kernel.network().openRoute()) {
      int id = route.assignNamespaceId((int) other.pid());
      outside = named(THERE, route.links(id, 64).found());
    }
    ThrowAwayThread.run(() -> {
      try (Descriptor namespace = kernel.filesystem().openFile("/proc/" + other.pid() + "/ns/net");
          Descriptor own = kernel.filesystem().openFile("/proc/thread-self/ns/net")) {
        kernel.namespaces().enterNetworkNamespace(namespace);
        try (RouteSocket route = kernel.network().openRoute()) {
          Link inside = named(THERE, route.links(RouteSocket.NONE, 64).found());
          assertThat(inside.peerNamespace()).isEqualTo(route.namespaceId(own)).isNotNegative();
          assertThat(inside.mac()).isEqualTo(outside.mac());
          assertThat(inside.peerIndex()).isEqualTo(outside.peerIndex());
        }
      }
    });
  }

  @Test
  void anotherNamespaceNeedsNetAdminAndAnIdOnlyWhereItIsNew() throws Exception {
    try (RouteSocket route = kernel.network().openRoute()) {
      Process third =
          new ProcessBuilder("unshare", "-n", "sh", "-c", "echo; exec sleep 600").start();
      try {
        assertThat(third.getInputStream().read()).isEqualTo('\n');
        int id = route.assignNamespaceId((int) other.pid());
        ThrowAwayThread.run(() -> {
          kernel.capabilities().set(CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE);
          try (RouteSocket mine = kernel.network().openRoute()) {
            assertThat(mine.namespaceId((int) other.pid())).isEqualTo(id);
            assertThat(mine.links(RouteSocket.NONE, 10_000).found()).isNotEmpty();
            assertThat(mine.namespaceId((int) third.pid())).isEqualTo(RouteSocket.NONE);
            assertFails(Errno.EPERM, () -> mine.assignNamespaceId((int) third.pid()));
            assertFails(Errno.EACCES, () -> mine.links(id, 64));
            assertFails(Errno.EACCES, () -> mine.addresses(id, 64));
          }
        });
      } finally {
        third.destroyForcibly().waitFor();
      }
      assertFails(Errno.ESRCH, () -> route.namespaceId((int) third.pid()));
      assertFails(Errno.EINVAL, () -> route.links(123_456, 64));
    }
  }

  private static void assertFails(Errno errno, ThrowAwayThread.Body call) {
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(call::run)
        .satisfies(e -> assertThat(e.errno()).isEqualTo(errno));
  }
}
