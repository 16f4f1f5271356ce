package io.smartagent.agent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smartagent.json.JsonTree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The agent as a process of its own, as the launcher leaves it: a user with ambient capabilities.
 */
final class AgentProcessTest {

  private static final String NO_CAPABILITY = "0000000000000000";
  private static final String SYSLOG = "0000000400000000";
  private static final String SYS_PTRACE = "0000000000080000";
  private static final String SYS_PTRACE_AND_SYSLOG = "0000000400080000";

  /** Threads that no module made, though one may have been the first to need them. */
  private static final List<String> THREADS_OF_ALL =
      List.of(
          "java",
          "VM Thread",
          "C1 CompilerThre",
          "Signal Dispatch",
          "Common-Cleaner",
          "JNA Cleaner",
          "prometheus-metr",
          "events",
          "HTTP-Dispatcher",
          "http-1");

  private static final Duration START = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private int port;
  private @Nullable Process agent;

  @BeforeEach
  void needsRoot() throws IOException {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)
            && Files.isExecutable(Path.of("/usr/bin/setpriv")),
        "only root can give a process a user and capabilities");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void end() {
    if (agent != null) {
      agent.destroyForcibly();
    }
    client.close();
  }

  private Path stdout() {
    return directory.resolve("stdout");
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("stderr"));
  }

  private Path launchRecord(String kept) throws IOException {
    return launchRecord(kept, "json");
  }

  private Path launchRecord(String kept, String events) throws IOException {
    Path file = directory.resolve("launch.json");
    Files.writeString(
        file,
        """
        {"schemaVersion": 1, "version": "1.2.3", "mode": "full", "sealed": false, "writable": [],
         "user": {"name": "nobody", "uid": 65534, "gid": 65534, "groups": [], "root": false},
         "statusAddress": "127.0.0.1:%d", "runtimeDirectory": "/var/lib/bonree", "nodeName": "",
         "capabilities": {"kept": [%s], "dropped": ["CAP_SYS_ADMIN"]},
         "modules": [
           {"id": "application-discovery", "state": "degraded", "source": "proc-links",
            "capabilities": ["CAP_SYS_PTRACE"], "missing": "CAP_DAC_READ_SEARCH", "blockedBy": "bounding",
            "effect": "less is seen", "remedy": null},
           {"id": "host-events", "state": "enabled", "source": "syslog",
            "capabilities": ["CAP_SYSLOG"], "missing": null, "blockedBy": null,
            "effect": null, "remedy": null}],
         "warnings": [],
         "settings": [{"name": "SMARTAGENT_EVENTS", "value": "%s", "source": "--events"}]}
        """
            .formatted(port, kept, events));
    return file;
  }

  private Process start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                // A shell that starts the tests in the background has SIGINT ignored in all of
                // them.
                "/usr/bin/env",
                "--default-signal",
                "/usr/bin/setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "--no-new-privs",
                "--inh-caps=-all,+sys_ptrace,+syslog",
                "--ambient-caps=-all,+sys_ptrace,+syslog",
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-Djna.nosys=true",
                "-cp",
                readableClassPath(),
                AgentMain.class.getName()));
    command.addAll(List.of(arguments));
    Process started =
        new ProcessBuilder(command)
            .directory(new java.io.File("/"))
            .redirectOutput(stdout().toFile())
            .redirectError(directory.resolve("stderr").toFile())
            .start();
    agent = started;
    return started;
  }

  /** The agent's user cannot read the build's directories where these are below root's home. */
  private String readableClassPath() throws IOException {
    List<String> entries = new ArrayList<>();
    Path copies = Files.createDirectories(directory.resolve("lib"));
    int number = 0;
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      Path source = Path.of(entry).toRealPath();
      Path copy = copies.resolve(number++ + "-" + source.getFileName());
      copyTree(source, copy);
      entries.add(copy.toString());
    }
    return String.join(":", entries);
  }

  private static void copyTree(Path source, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, target.resolve(source.relativize(file).toString()));
      }
    }
  }

  private boolean answers(String path) {
    try {
      URI uri = URI.create("http://127.0.0.1:" + port + path);
      return client
              .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private JsonTree status() throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/status");
    return JsonTree.parse(
        client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray()).body());
  }

  /** Returns the lines of every thread's status that start with {@code field}, by thread name. */
  private static Map<String, List<String>> ofEveryThread(Process process, String field)
      throws IOException {
    Map<String, List<String>> values = new HashMap<>();
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
      for (Path thread : threads) {
        List<String> lines = Files.readAllLines(thread.resolve("status"), StandardCharsets.UTF_8);
        String name = lines.getFirst().substring("Name:\t".length());
        String value =
            lines.stream().filter(line -> line.startsWith(field)).findFirst().orElseThrow();
        values
            .computeIfAbsent(name, ignored -> new ArrayList<>())
            .add(value.substring(field.length()).strip());
      }
    }
    return values;
  }

  @Test
  void givesEachThreadOnlyWhatItsModuleNeeds() throws Exception {
    Process process = start(launchRecord("\"CAP_SYS_PTRACE\", \"CAP_SYSLOG\"").toString());
    await().atMost(START).until(() -> !process.isAlive() || answers("/readyz"));
    assertThat(process.isAlive()).as(log()).isTrue();

    Map<String, List<String>> effective = ofEveryThread(process, "CapEff:");
    Map<String, List<String>> permitted = ofEveryThread(process, "CapPrm:");
    Map<String, List<String>> ambient = ofEveryThread(process, "CapAmb:");

    assertThat(effective.get("host-events")).containsExactly(SYSLOG);
    assertThat(permitted.get("host-events")).containsExactly(SYSLOG);
    assertThat(effective.get("application-dis")).containsExactly(SYS_PTRACE);
    assertThat(permitted.get("application-dis")).containsExactly(SYS_PTRACE);
    assertThat(effective.get("supervisor")).containsExactly(NO_CAPABILITY);
    assertThat(permitted.remove("supervisor")).containsExactly(SYS_PTRACE_AND_SYSLOG);
    assertThat(ambient.remove("supervisor")).containsExactly(SYS_PTRACE_AND_SYSLOG);
    for (String shared : THREADS_OF_ALL) {
      assertThat(effective.get(shared)).as(shared).containsOnly(NO_CAPABILITY);
      assertThat(permitted.get(shared)).as(shared).containsOnly(NO_CAPABILITY);
    }
    assertThat(permitted.values())
        .allSatisfy(sets -> assertThat(sets).isSubsetOf(NO_CAPABILITY, SYSLOG, SYS_PTRACE));
    assertThat(ambient.values()).allSatisfy(sets -> assertThat(sets).containsOnly(NO_CAPABILITY));
    assertThat(status().get("attestation").get("checks").items())
        .extracting(check -> check.get("name").text())
        .contains("other-threads", "stray-descriptors", "user", "dropped-capabilities");
  }

  @Test
  void startsNoModuleWhereAttestationFails() throws Exception {
    Process process = start(launchRecord("\"CAP_SYSLOG\", \"CAP_SYS_CHROOT\"").toString());
    await().atMost(START).until(() -> !process.isAlive() || log().contains("not ready"));

    assertThat(log()).contains("Attestation failed: dropped-capabilities").contains("SYS_CHROOT");
    assertThat(answers("/healthz")).isTrue();
    assertThat(answers("/readyz")).isFalse();
    assertThat(status().get("modules").items())
        .extracting(module -> module.get("health").get("state").text())
        .containsOnly("stopped");
    assertThat(ofEveryThread(process, "CapEff:")).doesNotContainKey("host-events");
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130"})
  void endsWithinTwoSecondsOfASignal(String signal, int exitStatus) throws Exception {
    Process process = start(launchRecord("\"CAP_SYS_PTRACE\", \"CAP_SYSLOG\"").toString());
    await().atMost(START).until(() -> !process.isAlive() || answers("/readyz"));

    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();

    assertThat(kill.waitFor()).isZero();
    assertThat(process.waitFor(2, SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(exitStatus);
    assertThat(log()).doesNotContain("\tat ", "Exception", "ERROR");
    assertThat(Files.readString(stdout()).lines())
        .allSatisfy(line -> assertThat(line).startsWith("{\"time\":"));
  }

  @Test
  void writesEventsAndLogInWordsForPeople() throws Exception {
    Process process = start(launchRecord("\"CAP_SYS_PTRACE\", \"CAP_SYSLOG\"", "text").toString());
    await()
        .atMost(START)
        .until(() -> !process.isAlive() || Files.readString(stdout()).contains("  Found: "));

    assertThat(new ProcessBuilder("kill", Long.toString(process.pid())).start().waitFor()).isZero();

    assertThat(process.waitFor(2, SECONDS)).isTrue();
    assertThat(Files.readString(stdout())).doesNotContain("{\"");
    assertThat(Files.readString(stdout()).lines().toList())
        .allSatisfy(
            line -> assertThat(line).containsPattern("^[-0-9 ]*\\d\\d:\\d\\d:\\d\\d {2}[A-Z0-9]"));
    assertThat(log())
        .contains("  Status page: http://127.0.0.1:" + port + "/\n", "  The agent ends.\n");
    assertThat(log()).doesNotContain("INFO", "Module ");
  }

  @Test
  void saysWhoseFaultItIsThatItsPortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();

      Process process = start(launchRecord("\"CAP_SYS_PTRACE\", \"CAP_SYSLOG\"").toString());

      assertThat(process.waitFor(60, SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(69);
      assertThat(log())
          .contains("127.0.0.1 port " + port, "in use", "SMARTAGENT_STATUS_ADDRESS")
          .hasLineCount(1);
    }
  }

  @Test
  void saysThatTheLauncherStartsIt() throws Exception {
    Process process = start();

    assertThat(process.waitFor(60, SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(64);
    assertThat(log()).contains("smartagent config").hasLineCount(1);
  }

  @Test
  void endsWhereItsRecordIsBroken() throws Exception {
    Path broken = Files.writeString(directory.resolve("broken.json"), "{\"schemaVersion\": 1");

    Process process = start(broken.toString());

    assertThat(process.waitFor(60, SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(70);
    assertThat(log()).contains("broken.json").doesNotContain("\tat ").hasLineCount(1);
  }
}
