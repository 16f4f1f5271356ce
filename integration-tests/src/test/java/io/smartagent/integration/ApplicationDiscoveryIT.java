package io.smartagent.integration;

import static io.smartagent.integration.Launches.module;
import static io.smartagent.integration.Launches.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.RunningContainer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real programs of this machine, as {@code ss} and they themselves describe them. */
@Isolated
final class ApplicationDiscoveryIT {

  private static final String PYTHON = "/usr/bin/python3";
  private static final String REDIS = "/usr/bin/redis-server";
  private static final String SECRET = "Geh3im-0815";

  @RegisterExtension final Afterwards afterwards = new Afterwards();

  private Launcher launcher(String... without) {
    return Launcher.on(afterwards.close(HostRoot.machine()))
        .user("nobody")
        .setting("--modules", "application-discovery")
        .without(without);
  }

  private RunningContainer ready(Launcher launcher) {
    return afterwards.close(launcher.startAgent()).awaitReady();
  }

  private Process start(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(Path.of("/dev/null").toFile())
            .redirectError(Path.of("/dev/null").toFile())
            .start();
    afterwards.close(() -> process.destroyForcibly().waitFor());
    return process;
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private Process redis(int port) throws IOException {
    return start(
        REDIS,
        "--port",
        Integer.toString(port),
        "--bind",
        "127.0.0.1",
        "::1",
        "--save",
        "",
        "--dir",
        "/tmp",
        "--requirepass",
        SECRET);
  }

  private static JsonNode event(RunningContainer agent, Predicate<JsonNode> wanted) {
    return await("the event")
        .atMost(RunningContainer.TIMEOUT)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> agent.events().stream().filter(wanted).findFirst(), Optional::isPresent)
        .orElseThrow();
  }

  private static JsonNode event(RunningContainer agent, long pid, String... types) {
    return event(
        agent,
        event ->
            event.path("pid").asLong() == pid
                && Arrays.asList(types).contains(event.get("type").asText()));
  }

  private static JsonNode eventWithPorts(RunningContainer agent, long pid, int port) {
    return event(
        agent,
        event ->
            event.path("pid").asLong() == pid
                && event.path("ports").toString().contains("\"port\":" + port + "}"));
  }

  /** Returns protocol, address and port of each socket of an event. */
  private static Set<String> ports(JsonNode event) {
    Set<String> ports = new TreeSet<>();
    for (JsonNode port : event.get("ports")) {
      ports.add(
          port.get("protocol").asText().replace("6", "")
              + " "
              + port.get("address").asText()
              + " "
              + port.get("port").asInt());
    }
    return ports;
  }

  /** Returns what ss says of a process, in the same form. */
  private static Set<String> portsBySs(long pid) {
    Pattern line =
        Pattern.compile(
            "(tcp|udp)\\s+\\S+\\s+\\d+\\s+\\d+\\s+(\\S+):(\\d+)\\s.*\\bpid=" + pid + ",.*");
    Set<String> ports = new TreeSet<>();
    for (String text : Programs.run("ss", "-ltunpH").orFail().out().lines().toList()) {
      Matcher matcher = line.matcher(text);
      if (matcher.matches()) {
        String address = matcher.group(2).replaceAll("[\\[\\]]|%.*", "");
        ports.add(matcher.group(1) + " " + address.replace("*", "::") + " " + matcher.group(3));
      }
    }
    return ports;
  }

  private static String firstVersion(String text) {
    Matcher matcher = Pattern.compile("[0-9]+(?:\\.[0-9]+)+").matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -                  | proc-events | enabled  | CAP_DAC_READ_SEARCH CAP_NET_ADMIN CAP_SYS_PTRACE
          NET_ADMIN          | proc-full   | degraded | CAP_DAC_READ_SEARCH CAP_SYS_PTRACE
          DAC_READ_SEARCH    | proc-links  | degraded | CAP_SYS_PTRACE
          SYS_PTRACE         | proc-public | degraded | -
          """)
  void hasASourceForEachSetOfCapabilities(
      String missing, String source, String state, String capabilities) {
    Launcher launcher = missing.equals("-") ? launcher() : launcher(missing);

    JsonNode planned = module(launcher.plan(), "application-discovery");

    assertThat(planned.get("source").asText()).isEqualTo(source);
    assertThat(planned.get("state").asText()).isEqualTo(state);
    assertThat(String.join(" ", names(planned.get("capabilities"))))
        .isEqualTo(capabilities.equals("-") ? "" : capabilities);
    if (!missing.equals("-")) {
      assertThat(planned.get("effect").asText()).isNotBlank();
      assertThat(planned.get("remedy").asText()).contains(missing);
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = "-\nNET_ADMIN")
  void reportsProductsVersionsAndPortsAsTheProgramsDo(String missing) throws Exception {
    int port = freePort();
    Process redis = redis(port);
    Process python =
        start(PYTHON, "-m", "http.server", "--bind", "127.0.0.1", Integer.toString(freePort()));
    Process perl = start("/usr/bin/perl", "-e", "sleep 600");
    await().until(() -> !portsBySs(redis.pid()).isEmpty() && !portsBySs(python.pid()).isEmpty());
    RunningContainer agent = ready(missing.equals("-") ? launcher() : launcher(missing));

    JsonNode found = event(agent, redis.pid(), "ApplicationFound");
    assertThat(found.get("product").asText()).isEqualTo("Redis");
    assertThat(found.get("version").asText())
        .isEqualTo(firstVersion(Programs.run(REDIS, "--version").orFail().out()));
    assertThat(found.get("versionSource").asText()).isEqualTo("packageDatabase");
    assertThat(found.get("portsBy").asText()).isEqualTo("descriptors");
    assertThat(ports(found)).isEqualTo(portsBySs(redis.pid())).hasSize(2);

    JsonNode server = event(agent, python.pid(), "ApplicationFound");
    assertThat(server.get("language").asText()).isEqualTo("Python");
    assertThat(server.get("languageVersion").asText())
        .isEqualTo(firstVersion(Programs.run(PYTHON, "--version").orFail().out()));
    assertThat(server.get("entryPoint").asText()).isEqualTo("http.server");
    assertThat(ports(server)).isEqualTo(portsBySs(python.pid())).hasSize(1);

    JsonNode script = event(agent, perl.pid(), "ApplicationFound");
    assertThat(script.get("languageVersion").asText())
        .isEqualTo(
            firstVersion(Programs.run("/usr/bin/perl", "-e", "printf '%vd', $^V").orFail().out()));
    assertThat(ports(script)).isEmpty();

    long self = ProcessHandle.current().pid();
    JsonNode jvm = event(agent, self, "ApplicationFound");
    assertThat(jvm.get("language").asText()).isEqualTo("Java");
    assertThat(jvm.get("languageVersion").asText()).isEqualTo(System.getProperty("java.version"));
    assertThat(jvm.get("languageVersionSource").asText()).isEqualTo("release");
    assertThat(jvm.get("commandLine").size()).isPositive();
    assertThat(Programs.run("ps", "-o", "user=", "-p", Long.toString(self)).out().strip())
        .isEqualTo(jvm.get("user").asText());
    assertThat(everything(agent)).doesNotContain(SECRET);
  }

  /** Go's own program, as it describes itself. */
  @Test
  void readsWhatGoHasWrittenIntoAnExecutable() {
    RunningContainer agent = ready(launcher());
    long engine =
        Long.parseLong(Programs.run("pgrep", "-o", "-x", "dockerd").orFail().out().strip());

    JsonNode found = event(agent, engine, "ApplicationFound");

    assertThat(found.get("product").asText()).isEqualTo("Docker Engine");
    assertThat(found.get("language").asText()).isEqualTo("Go");
    assertThat("go" + found.get("languageVersion").asText())
        .isEqualTo(Docker.docker("version", "-f", "{{.Server.GoVersion}}").orFail().out().strip());
    assertThat(found.get("languageVersionSource").asText()).isEqualTo("executable");
  }

  @Test
  void reportsAtOnceWhatStartsListensAndEnds() throws Exception {
    RunningContainer agent = ready(launcher());
    event(agent, ProcessHandle.current().pid(), "ApplicationFound");
    int port = freePort();

    Process redis = redis(port);
    JsonNode started = event(agent, redis.pid(), "ApplicationStarted");
    assertThat(started.get("product").asText()).isEqualTo("Redis");
    assertThat(Instant.parse(started.get("time").asText()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now());
    JsonNode changed = eventWithPorts(agent, redis.pid(), port);
    assertThat(changed.get("type").asText()).isEqualTo("ApplicationPortsChanged");
    assertThat(ports(changed)).isEqualTo(portsBySs(redis.pid()));
    assertThat(changed.get("opened")).isEqualTo(changed.get("ports"));

    redis.destroyForcibly().waitFor();
    Instant end = Instant.now();
    JsonNode ended = event(agent, redis.pid(), "ApplicationEnded");
    assertThat(ended.get("signal").asText()).isEqualTo("SIGKILL");
    assertThat(ended.get("exitCode").isNull()).isTrue();
    assertThat(Duration.between(end, Instant.parse(ended.get("time").asText())).abs())
        .isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void losesNoProcessThatLivesShortly() throws Exception {
    RunningContainer agent = ready(launcher());
    event(agent, ProcessHandle.current().pid(), "ApplicationFound");
    for (int i = 1; i <= 5; i++) {
      Process shortly =
          start(PYTHON, "-c", "import time; time.sleep(0.2); raise SystemExit(" + i + ")");
      assertThat(shortly.waitFor()).isEqualTo(i);

      JsonNode started = event(agent, shortly.pid(), "ApplicationStarted");
      JsonNode ended = event(agent, shortly.pid(), "ApplicationEnded");

      assertThat(started.get("language").asText()).isEqualTo("Python");
      assertThat(ended.get("exitCode").asInt()).isEqualTo(i);
      assertThat(ended.get("signal").isNull()).isTrue();
    }
  }

  /** What ends within a few milliseconds is looked at in time where the machine is not too busy. */
  @Test
  void seesWhatLivesForMilliseconds() throws Exception {
    RunningContainer agent = ready(launcher());
    event(agent, ProcessHandle.current().pid(), "ApplicationFound");
    Set<Long> pids = new TreeSet<>();
    await()
        .atMost(RunningContainer.TIMEOUT)
        .until(() -> {
          Process shortly = start(PYTHON, "-c", "pass");
          shortly.waitFor();
          pids.add(shortly.pid());
          return agent.events().stream()
              .filter(event -> event.get("type").asText().equals("ApplicationEnded"))
              .anyMatch(event ->
                  pids.contains(event.get("pid").asLong())
                      && event.get("language").asText().equals("Python")
                      && event.get("exitCode").asInt(-1) == 0);
        });
    assertThat(agent.get("/metrics").orElseThrow().body())
        .contains("smartagent_process_executions_missed_total");
  }

  /** Without the right to read descriptors or executables. */
  @ParameterizedTest
  @CsvSource({"DAC_READ_SEARCH, true", "SYS_PTRACE, false"})
  void seesLessWithLess(String missing, boolean executables) throws Exception {
    Process redis = redis(freePort());
    await().until(() -> !portsBySs(redis.pid()).isEmpty());
    String container = redisInContainer();
    RunningContainer agent = ready(launcher(missing));

    JsonNode found = event(agent, redis.pid(), "ApplicationFound");
    assertThat(found.get("product").asText()).isEqualTo("Redis");
    assertThat(found.get("executable").isNull()).isEqualTo(!executables);
    assertThat(found.get("version").isNull()).isTrue();
    assertThat(found.get("ports").isNull()).isTrue();
    assertThat(found.get("portsBy").isNull()).isTrue();

    JsonNode inside = event(agent, event -> event.path("containerId").asText().equals(container));
    assertThat(inside.get("product").asText()).isEqualTo("Redis");
    assertThat(inside.get("portsBy").asText()).isEqualTo("namespace");
    assertThat(ports(inside)).containsExactly("tcp 127.0.0.1 6390");
    assertThat(everything(agent)).doesNotContain(SECRET);
  }

  @Test
  void findsTheApplicationOfAContainer() throws Exception {
    String container = redisInContainer();
    RunningContainer agent = ready(launcher());

    JsonNode inside = event(agent, event -> event.path("containerId").asText().equals(container));

    assertThat(inside.get("product").asText()).isEqualTo("Redis");
    assertThat(inside.get("executable").asText()).endsWith("/redis-check-rdb");
    assertThat(inside.get("portsBy").asText()).isEqualTo("descriptors");
    assertThat(ports(inside)).containsExactly("tcp 127.0.0.1 6390");
  }

  /** This machine's programs in a root that has nothing else. */
  private String redisInContainer() throws Exception {
    HostRoot root = afterwards.close(HostRoot.busybox());
    HostRoot.makeDirectory(root.path().resolve("lib"));
    HostRoot.makeDirectory(root.path().resolve("lib64"));
    String image = Docker.importImage(root.path());
    afterwards.close(() -> Docker.removeImage(image));
    String name = Docker.newName();
    afterwards.close(() -> Docker.docker("rm", "-f", name).orFail());
    List<String> command =
        new ArrayList<>(
            List.of("run", "-d", "--name", name, "--label", Docker.LABEL, "--network", "none"));
    for (String directory : List.of("/usr", "/lib", "/lib64", "/etc")) {
      command.addAll(List.of("-v", directory + ":" + directory + ":ro"));
    }
    command.addAll(
        List.of(
            image, REDIS, "--port", "6390", "--bind", "127.0.0.1", "--save", "", "--dir", "/tmp"));
    Docker.docker(command).orFail();
    String pid = Docker.docker("inspect", "-f", "{{.State.Pid}}", name).orFail().out().strip();
    await()
        .until(
            () -> Programs.run("nsenter", "-t", pid, "-n", "ss", "-ltnH").out().contains("6390"));
    return Docker.docker("inspect", "-f", "{{.Id}}", name).orFail().out().strip();
  }

  /** Its name, descriptors and secrets do no harm, and secrets are not shown. */
  @Test
  void standsAHostileProcess() throws Exception {
    RunningContainer agent = ready(launcher());
    Path script = closedAfterwardsFile();
    Files.writeString(
        script,
        """
        import ctypes, os, resource, sys, time
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        most = min(hard, 100100)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        for i in range(most - 50):
            os.open('/dev/null', os.O_RDONLY)
        ctypes.CDLL(None).prctl(15, b'a,"\\n{\\xff')
        for i in range(300):
            if os.fork() == 0:
                os._exit(0)
            os.wait()
        time.sleep(600)
        """);
    Process hostile =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                "exec "
                    + PYTHON
                    + " \"$0\" \"$(printf 'x\\n{\"type\":\"Forged\"},\\377\\033[2J')\""
                    + " --password="
                    + SECRET
                    + " postgres://app:"
                    + SECRET
                    + "@db/x -p "
                    + "'curl -u me:"
                    + SECRET
                    + "'",
                script.toString())
            .redirectErrorStream(true)
            .redirectOutput(Path.of("/dev/null").toFile())
            .start();
    afterwards.close(() -> hostile.destroyForcibly().waitFor());

    JsonNode started = event(agent, hostile.pid(), "ApplicationStarted", "ApplicationFound");
    assertThat(started.get("entryPoint").asText()).isEqualTo(script.toString());
    Process redis = redis(freePort());
    await().until(() -> !portsBySs(redis.pid()).isEmpty());
    int port = Integer.parseInt(portsBySs(redis.pid()).iterator().next().replaceAll(".* ", ""));
    eventWithPorts(agent, redis.pid(), port);
    hostile.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
    event(agent, hostile.pid(), "ApplicationEnded");

    assertThat(agent.events())
        .extracting(event -> event.get("type").asText())
        .doesNotContain("Forged");
    assertThat(everything(agent)).doesNotContain(SECRET);
    assertThat(module(agent.status(), "application-discovery").get("health").get("state").asText())
        .isEqualTo("healthy");
  }

  /** Children of fork(2) that wait, and then execute a script, half of them by way of a shell. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = "-\nNET_ADMIN")
  void reportsTheProgramThatAProcessHasBecome(String missing) throws Exception {
    int count = 100;
    RunningContainer agent = ready(missing.equals("-") ? launcher() : launcher(missing));
    event(agent, ProcessHandle.current().pid(), "ApplicationFound");
    Path directory = Files.createTempDirectory("smartagent-it");
    afterwards.close(() -> Programs.run("rm", "-rf", directory.toString()).orFail());
    Path driver = directory.resolve("driver.py");
    Files.writeString(
        driver,
        """
        import os, sys, time
        directory, python, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
        for i in range(count):
            target = f'{directory}/{i}.py'
            with open(target, 'w') as script:
                script.write('import time; time.sleep(600)')
            if os.fork() == 0:
                # A grandchild: a child that executes nothing would be a worker of this process.
                if os.fork() == 0:
                    with open(f'{directory}/pids', 'a') as pids:
                        pids.write(f'{os.getpid()} {target}\\n')
                    time.sleep(i % 6 * 0.01)
                    if i % 2 == 0:
                        os.execv(python, [python, target])
                    os.execv('/bin/sh', ['sh', '-c', f'exec {python} {target}'])
                os._exit(0)
            os.wait()
        """);
    assertThat(
            start(PYTHON, driver.toString(), directory.toString(), PYTHON, String.valueOf(count))
                .waitFor())
        .isZero();
    // The last grandchildren may still wait for a CPU.
    Path pids = directory.resolve("pids");
    await().until(() -> Files.readAllLines(pids).size() == count);
    Map<Long, String> targets =
        Files.readAllLines(pids).stream()
            .map(line -> line.split(" "))
            .collect(Collectors.toMap(words -> Long.valueOf(words[0]), words -> words[1]));
    targets.keySet().forEach(pid -> afterwards.close(() -> kill(pid)));

    await("all entry points")
        .atMost(RunningContainer.TIMEOUT)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> assertThat(entryPoints(agent, targets.keySet())).isEqualTo(targets));

    assertThat(
            agent.events().stream()
                .filter(event -> targets.containsKey(event.path("pid").asLong()))
                .filter(event -> !event.get("type").asText().equals("ApplicationPortsChanged")))
        .hasSize(count);
  }

  /** Returns the entry points that were reported last. */
  private static Map<Long, String> entryPoints(RunningContainer agent, Set<Long> pids) {
    Map<Long, String> entryPoints = new HashMap<>();
    for (JsonNode event : agent.events()) {
      long pid = event.path("pid").asLong();
      if (pids.contains(pid)) {
        entryPoints.put(pid, event.path("entryPoint").asText());
      }
    }
    return entryPoints;
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  private Path closedAfterwardsFile() throws IOException {
    Path file = Files.createTempFile("smartagent-it", ".py");
    afterwards.close(() -> Files.deleteIfExists(file));
    return file;
  }

  /** All that can be read from the agent. */
  private static String everything(RunningContainer agent) {
    StringBuilder all = new StringBuilder(agent.logs().everything());
    for (String path : List.of("/status", "/metrics", "/")) {
      all.append(agent.get(path).map(HttpResponse::body).orElseThrow());
    }
    return all.toString();
  }
}
