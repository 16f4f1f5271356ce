package io.smartagent.integration;

import static io.smartagent.integration.Launches.module;
import static io.smartagent.integration.Launches.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.RunningContainer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code network-interfaces} beside ip(8), on a container of Docker's bridge. */
final class NetworkInterfacesIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Two passes, on a machine that is busy with other things too. */
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @RegisterExtension final Afterwards afterwards = new Afterwards();
  private String container = "";
  private String id = "";
  private String pid = "";

  @BeforeEach
  void startAContainer() {
    HostRoot busybox = afterwards.close(HostRoot.busybox());
    String image = Docker.importImage(busybox.path());
    afterwards.close(() -> Docker.removeImage(image));
    container = Docker.newName();
    String name = container;
    afterwards.close(() -> Docker.docker("rm", "-f", name));
    Docker.docker(
            "run",
            "-d",
            "--name",
            container,
            "--label",
            Docker.LABEL,
            "--network",
            "bridge",
            image,
            "/bin/sleep",
            "3600")
        .orFail();
    id = Docker.docker("inspect", "-f", "{{.Id}}", container).orFail().out().strip();
    pid = Docker.docker("inspect", "-f", "{{.State.Pid}}", container).orFail().out().strip();
  }

  /** Interfaces by their names; one that is not there is missing. */
  private record Interfaces(Map<String, JsonNode> byName) {

    JsonNode named(String name) {
      return byName.getOrDefault(name, MissingNode.getInstance());
    }

    Set<String> names() {
      return byName.keySet();
    }
  }

  /** How the module may get at its facts, and with what. */
  enum Way {
    NETLINK("enabled", "", "CAP_NET_ADMIN"),
    /** One below NETLINK. */
    SETNS("enabled", "NET_ADMIN", "CAP_SYS_ADMIN CAP_SYS_PTRACE"),
    /** One below SETNS. */
    PROC("degraded", "NET_ADMIN SYS_PTRACE", "");

    private final String state;
    private final String without;
    private final String kept;

    Way(String state, String without, String kept) {
      this.state = state;
      this.without = without;
      this.kept = kept;
    }

    private static List<String> words(String text) {
      return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }

    List<String> without() {
      return words(without);
    }

    List<String> kept() {
      return words(kept);
    }

    String source() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private Launcher launcher(Way way) {
    return Launcher.on(afterwards.close(HostRoot.machine()))
        .without(way.without().toArray(String[]::new))
        .setting("--modules", "network-interfaces")
        .user("nobody");
  }

  private RunningContainer started(Launcher launcher) {
    return afterwards.close(launcher.startAgent()).awaitReady();
  }

  /** What ip(8) says of all interfaces, here or in the container. */
  private Interfaces ip(String... prefix) {
    List<String> command = new ArrayList<>(List.of(prefix));
    command.addAll(List.of("ip", "-j", "-d", "-s", "addr"));
    Interfaces interfaces = new Interfaces(new TreeMap<>());
    try {
      JSON.readTree(Programs.run(command).orFail().out())
          .forEach(each -> interfaces.byName().put(each.get("ifname").asText(), each));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
    return interfaces;
  }

  private Interfaces ipInside() {
    return ip("nsenter", "-t", pid, "-n");
  }

  private void ipInside(String arguments) {
    List<String> command = new ArrayList<>(List.of("nsenter", "-t", pid, "-n", "ip"));
    command.addAll(List.of(arguments.split(" ", -1)));
    Programs.run(command).orFail();
  }

  /** Returns the agent's last report of each interface of the container. */
  private Interfaces reported(RunningContainer agent) {
    return reported(agent, "container", id);
  }

  private static Interfaces reported(RunningContainer agent, String scope, String id) {
    Interfaces last = new Interfaces(new TreeMap<>());
    for (JsonNode event : agent.events()) {
      if (event.path("scope").asText().equals(scope)
          && event.path("containerId").asText("").equals(id)) {
        last.byName().put(event.get("interface").asText(), event);
      }
    }
    return last;
  }

  private static List<String> addresses(JsonNode ip) {
    List<String> addresses = new ArrayList<>();
    for (JsonNode address : ip.get("addr_info")) {
      addresses.add(address.get("local").asText() + "/" + address.get("prefixlen").asText());
    }
    return addresses;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  /** Asserts that ip(8) and the agent report the same of an interface. */
  private static void assertSame(JsonNode reported, JsonNode ip) {
    assertThat(reported.get("index").asInt()).isEqualTo(ip.get("ifindex").asInt());
    assertThat(reported.get("mac").asText()).isEqualTo(ip.get("address").asText());
    assertThat(reported.get("mtu").asLong()).isEqualTo(ip.get("mtu").asLong());
    assertThat(reported.get("state").asText()).isEqualToIgnoringCase(ip.get("operstate").asText());
    assertThat(reported.get("kind").asText("")).isEqualTo(ip.at("/linkinfo/info_kind").asText(""));
    assertThat(texts(reported.get("addresses"))).containsExactlyInAnyOrderElementsOf(addresses(ip));
  }

  /** Returns the host's end of the container's pair, as ip(8) has it. */
  private JsonNode hostEnd() {
    int index = ipInside().named("eth0").get("link_index").asInt();
    return ip().byName().values().stream()
        .filter(each -> each.get("ifindex").asInt() == index)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void reportsWhatIpShows(Way way) {
    Launcher launcher = launcher(way);
    JsonNode plan = launcher.plan();
    JsonNode planned = module(plan, "network-interfaces");
    assertThat(planned.get("source").asText()).isEqualTo(way.source());
    assertThat(planned.get("state").asText()).isEqualTo(way.state);
    assertThat(names(plan.get("capabilities").get("kept")))
        .containsExactlyInAnyOrderElementsOf(way.kept());

    RunningContainer agent = started(launcher);

    await("the container's interfaces")
        .atMost(TIMEOUT)
        .until(() -> reported(agent).names().containsAll(List.of("eth0", "lo")));
    Interfaces ip = ipInside();
    Interfaces reported = reported(agent);
    JsonNode hostEnd = hostEnd();
    assertThat(reported.names()).isEqualTo(ip.names());
    assertThat(reported.named("eth0").get("hostInterface").asText())
        .isEqualTo(hostEnd.get("ifname").asText());
    assertThat(reported.named("eth0").get("bridge").asText())
        .isEqualTo(hostEnd.get("master").asText());
    for (String name : List.of("eth0", "lo")) {
      if (way == Way.PROC) {
        assertThat(reported.named(name).get("mac").isNull()).isTrue();
        assertThat(reported.named(name).get("index").asInt())
            .isIn(0, ip.named(name).get("ifindex").asInt());
        assertThat(texts(reported.named(name).get("addresses")))
            .containsExactlyInAnyOrderElementsOf(addresses(ip.named(name)));
      } else {
        assertSame(reported.named(name), ip.named(name));
      }
    }
    Interfaces host = reported(agent, "host", "");
    assertSame(host.named("docker0"), ip().named("docker0"));
    assertThat(host.named(hostEnd.get("ifname").asText()).get("master").asText())
        .isEqualTo("docker0");
    JsonNode status = module(agent.status(), "network-interfaces");
    assertThat(status.at("/health/state").asText()).as("%s", status).isEqualTo("healthy");
  }

  /** The container sends, so that there is something to count. */
  @ParameterizedTest
  @EnumSource
  void countsWhatIpCounts(Way way) {
    RunningContainer agent = started(launcher(way));
    Docker.docker("exec", container, "/bin/ping", "-c", "3", "-i", "0.2", "172.17.0.1");
    String hostEnd = hostEnd().get("ifname").asText();

    await("the same counters as ip(8)")
        .atMost(TIMEOUT)
        .untilAsserted(() -> {
          JsonNode counters = ipInside().named("eth0").get("stats64");
          assertThat(metric(agent, "receive_bytes_total", hostEnd))
              .isEqualTo(counters.at("/rx/bytes").asDouble())
              .isPositive();
          assertThat(metric(agent, "transmit_bytes_total", hostEnd))
              .isEqualTo(counters.at("/tx/bytes").asDouble())
              .isPositive();
          assertThat(metric(agent, "transmit_packets_total", hostEnd))
              .isEqualTo(counters.at("/tx/packets").asDouble());
        });
  }

  private static double metric(RunningContainer agent, String name, String hostInterface) {
    String body = agent.get("/metrics").map(HttpResponse::body).orElse("");
    Matcher line =
        Pattern.compile(
                "smartagent_network_interface_"
                    + name
                    + "\\{[^}]*host_interface=\""
                    + hostInterface
                    + "\"[^}]*} (\\S+)")
            .matcher(body);
    return line.find() ? Double.parseDouble(line.group(1)) : -1;
  }

  @Test
  void reportsChangesAndTheEnd() {
    RunningContainer agent = started(launcher(Way.NETLINK));
    await("eth0").atMost(TIMEOUT).until(() -> reported(agent).names().contains("eth0"));

    ipInside("link set eth0 mtu 1280");
    ipInside("addr add 198.51.100.9/28 dev eth0");

    await("the change")
        .atMost(TIMEOUT)
        .untilAsserted(() -> {
          JsonNode eth0 = reported(agent).named("eth0");
          assertThat(eth0.path("type").asText()).isEqualTo("NetworkInterfaceChanged");
          assertThat(eth0.get("mtu").asInt()).isEqualTo(1280);
          assertThat(texts(eth0.get("addresses"))).contains("198.51.100.9/28");
        });
    Docker.docker("rm", "-f", container).orFail();
    await("the end")
        .atMost(TIMEOUT)
        .until(() ->
            reported(agent).named("eth0").path("type").asText().equals("NetworkInterfaceRemoved"));
  }

  @Test
  void withoutTheHostsPidsItSaysWhatIsMissing() {
    RunningContainer agent = started(launcher(Way.NETLINK).withOwnProcesses());

    await("the container's interfaces")
        .atMost(TIMEOUT)
        .until(() -> reported(agent).names().containsAll(List.of("eth0", "lo")));
    assertThat(reported(agent).named("eth0").get("mac").isNull()).isTrue();
    assertThat(texts(reported(agent).named("eth0").get("addresses")))
        .containsExactlyInAnyOrderElementsOf(addresses(ipInside().named("eth0")));
    JsonNode status = module(agent.status(), "network-interfaces");
    assertThat(status.at("/health/lastError").asText()).contains("hostPID: true");
  }
}
