package io.smartagent.integration;

import static io.smartagent.integration.Launches.names;
import static io.smartagent.integration.Launches.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is strange, but does not keep the agent from starting. */
final class WarningIT {

  private final HostRoot root = HostRoot.busybox();

  @AfterEach
  void removeRoot() {
    root.close();
  }

  @Test
  void warnsOfAnUnknownVariable() {
    Completed launched =
        succeeded(Launcher.on(root).user("agent").environment("SMARTAGENT_USR", "x").run("true"));
    assertThat(launched.error())
        .contains("Variable SMARTAGENT_USR is not known")
        .contains("SMARTAGENT_USER");
  }

  /** Kubernetes sets them in every pod where there is a Service "smartagent". */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SMARTAGENT_SERVICE_HOST",
        "SMARTAGENT_SERVICE_PORT",
        "SMARTAGENT_SERVICE_PORT_HTTP",
        "SMARTAGENT_PORT",
        "SMARTAGENT_PORT_8080_TCP",
        "SMARTAGENT_PORT_8080_TCP_ADDR"
      })
  void doesNotWarnOfAServicesVariables(String name) {
    Launcher launcher = Launcher.on(root).user("agent").environment(name, "tcp://10.0.0.1:8080");
    assertThat(names(launcher.plan().get("warnings")).toString()).doesNotContain(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ghost", "4242"})
  void runsAsRootWhereTheUserIsNotThere(String user) {
    Completed launched = succeeded(Launcher.on(root).user(user).run("id", "-u"));
    assertThat(launched.out().strip()).isEqualTo("0");
    assertThat(launched.error())
        .contains("User \"" + user + "\" is not in the host's /etc/passwd")
        .contains("so the agent runs as root")
        .contains("--user");
  }

  @Test
  void warnsOfBrokenLinesOfPasswd() throws Exception {
    Files.writeString(
        root.path("/etc/passwd"),
        "broken:x:abc:1::/:/bin/sh\nno colon at all\n",
        StandardOpenOption.APPEND);
    Completed launched = succeeded(Launcher.on(root).user("agent").run("id", "-u"));
    assertThat(launched.out().strip()).isEqualTo("1500");
    assertThat(launched.error())
        .contains("Line 4 of the host's /etc/passwd is not an account")
        .contains("Line 5 of the host's /etc/passwd");
    assertThat(Launcher.on(root).user("broken").run("true").error())
        .contains("User \"broken\" is not in the host's /etc/passwd")
        .contains("line 4");
  }

  @Test
  void findsOneOfTenThousandUsersAtOnce() throws Exception {
    Duration few = fastest();
    Files.writeString(
        root.path("/etc/passwd"),
        IntStream.range(0, 10_000)
            .mapToObj(i ->
                "user%d:x:%d:%d:User:/home/user%d:/bin/sh\n".formatted(i, i + 2000, i + 2000, i))
            .collect(Collectors.joining()),
        StandardOpenOption.APPEND);
    Files.writeString(
        root.path("/etc/group"),
        IntStream.range(0, 10_000)
            .mapToObj(i -> "group%d:x:%d:user%d,user9999\n".formatted(i, i + 20000, i))
            .collect(Collectors.joining()),
        StandardOpenOption.APPEND);
    assertThat(succeeded(Launcher.on(root).user("user9998").run("id", "-u")).out().strip())
        .isEqualTo("11998");
    assertThat(succeeded(Launcher.on(root).user("user9998").run("id", "-G")).out().strip())
        .isEqualTo("11998 29998");
    assertThat(fastest()).isLessThan(few.plusSeconds(1));
  }

  private Duration fastest() {
    return IntStream.range(0, 3)
        .mapToObj(round -> {
          long started = System.nanoTime();
          succeeded(Launcher.on(root).user("agent").run("true"));
          return Duration.ofNanos(System.nanoTime() - started);
        })
        .min(Duration::compareTo)
        .orElseThrow();
  }
}
