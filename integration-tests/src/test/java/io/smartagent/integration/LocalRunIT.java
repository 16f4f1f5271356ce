package io.smartagent.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.RunningContainer;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** docker/local-run, as a person uses it. Alone, for what it does to the machine is compared. */
@Isolated
final class LocalRunIT {

  private static final Path REPOSITORY =
      Path.of(System.getProperty("smartagent.repository", "..")).toAbsolutePath().normalize();

  private static final int CTRL_C = 3;

  private static final Path DATA = Path.of("/var/lib/bonree");

  private final HostRoot root = HostRoot.machine();

  @AfterEach
  void removeRoot() {
    root.close();
  }

  private static String script() {
    return REPOSITORY.resolve("docker/local-run").toString();
  }

  /**
   * It builds the image where the sources are newer: minutes, and another image than the tested.
   */
  private static void assumeImageIsOfTheseSources() {
    String label = "{{index .Config.Labels \"io.smartagent.sources\"}}";
    String ofImage = Docker.docker("image", "inspect", "-f", label, Docker.image()).out().strip();
    String ofSources =
        Programs.run(
                "bash",
                "-c",
                ". \"$1\"; sources_digest",
                "bash",
                REPOSITORY.resolve("docker/lib.sh").toString())
            .orFail()
            .out()
            .strip();
    assumeTrue(
        ofImage.equals(ofSources),
        () -> Docker.image() + " is not made of these sources, so local-run would build it first");
  }

  private List<String> command(int port, String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "SMARTAGENT_IMAGE=" + Docker.image(),
                script(),
                "-e",
                "SMARTAGENT_STATUS_ADDRESS=127.0.0.1:" + port,
                "--label",
                Docker.LABEL));
    command.addAll(List.of(words));
    return command;
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  private static String dataDirectory() {
    return Programs.run("stat", "-c", "%u:%g %a", DATA.toString()).everything();
  }

  private static String containers() {
    return Docker.docker("ps", "-a", "--format", "{{.Names}}", "--filter", "name=smartagent-local-")
        .orFail()
        .out();
  }

  @Test
  void hasHelpForPeople() {
    Completed help = Programs.run(script(), "--help").orFail();
    assertThat(help.out())
        .contains("Usage: docker/local-run", "--for SECONDS", "--events FORMAT", "--cap-drop X");
    Completed wrong = Programs.run(script(), "--for", "soon");
    assertThat(wrong.exitCode()).isEqualTo(64);
    assertThat(wrong.error()).contains("--for \"soon\"").contains("--help");
    Completed format = Programs.run(script(), "--events", "xml");
    assertThat(format.exitCode()).isEqualTo(64);
    assertThat(format.error()).contains("--events \"xml\"", "json or text");
    assertThat(Programs.run(script(), "--events=").exitCode()).isEqualTo(64);
    assertThat(Programs.run(script(), "--cap-drop", "SYS_TIME").error())
        .contains("SYS_TIME")
        .contains("none of the documented capabilities");
  }

  @Test
  void runsACommandOnThisMachine() throws Exception {
    assumeImageIsOfTheseSources();
    String before = dataDirectory();
    String containersBefore = containers();
    Completed ran =
        Programs.run(
            command(
                freePort(),
                "--for",
                "60",
                "--cap-drop",
                "SYSLOG",
                "--",
                "run",
                "--user",
                "nobody",
                "--",
                "sh",
                "-c",
                "id -un; exit 3"));
    assertThat(ran.exitCode()).as("%s", ran).isEqualTo(3);
    assertThat(ran.out()).isEqualTo("nobody\n");
    assertThat(ran.error()).contains("host-events            degraded  from counters");
    assertThat(dataDirectory()).isEqualTo(before);
    assertThat(containers()).isEqualTo(containersBefore);
  }

  /**
   * Runs it on a terminal of its own until {@code awaited} is on the screen, and ends it by Ctrl-C.
   *
   * @return the lines of the screen, without colours
   */
  private List<String> onTerminal(List<String> command, String awaited) throws Exception {
    Path screen = Files.createTempFile(root.scratch(), "screen", ".txt");
    String shell = String.join(" ", interruptible(command));
    Process script =
        new ProcessBuilder("script", "--quiet", "--return", "--command", shell, "/dev/null")
            .redirectErrorStream(true)
            .redirectOutput(screen.toFile())
            .start();
    try {
      await(awaited)
          .atMost(RunningContainer.TIMEOUT)
          .until(() -> !script.isAlive() || Files.readString(screen).contains(awaited));
      script.getOutputStream().write(CTRL_C);
      script.getOutputStream().flush();
      assertThat(script.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(script.exitValue()).as(Files.readString(screen)).isEqualTo(130);
    } finally {
      script.destroy();
      script.waitFor();
    }
    return Files.readString(screen)
        .replaceAll("\u001b\\[[0-9;]*m", "")
        .lines()
        .map(String::stripTrailing)
        .toList();
  }

  @Test
  void showsPlanPageAndEventsInWordsOnATerminal() throws Exception {
    assumeImageIsOfTheseSources();
    int port = freePort();

    List<String> lines = onTerminal(command(port), "  Found: ");

    String screen = String.join("\n", lines);
    assertThat(lines)
        .contains("Plan", "Guarantees", "Modules")
        .anyMatch(line -> line.matches(" {2}host-events +(enabled|degraded) +from .*"))
        .anyMatch(line -> line.matches(" {2}no-new-privileges +yes +.*"))
        .anyMatch(line -> line.endsWith("  Status page: http://127.0.0.1:" + port + "/"))
        .anyMatch(line -> line.matches("\\d\\d:\\d\\d:\\d\\d {2}Found: .*\\d \\S.*"))
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120))
        .noneMatch(line -> line.startsWith("{"));
    assertThat(screen.indexOf("Status page")).isGreaterThan(screen.indexOf("Modules"));
    assertThat(screen.indexOf("Found: ")).isGreaterThan(screen.indexOf("Status page"));
  }

  @Test
  void printsTheStreamOnATerminalWhereThatIsAskedFor() throws Exception {
    assumeImageIsOfTheseSources();

    List<String> lines =
        onTerminal(command(freePort(), "--events", "json"), "\"type\":\"ContainerFound\"");

    assertThat(lines)
        .anyMatch(line -> line.matches("\\{\"time\":.*\"type\":\"ContainerFound\".*}"))
        .noneMatch(line -> line.contains("  Found: "));
  }

  @Test
  void printsEventsInWordsWithoutATerminalOnlyWhereThatIsAskedFor() throws Exception {
    assumeImageIsOfTheseSources();

    assertThat(Programs.run(command(freePort(), "--for", "20")).orFail().out().lines())
        .isNotEmpty()
        .allMatch(line -> line.startsWith("{\"time\":"));
    assertThat(Programs.run(command(freePort(), "--for", "20", "--events=text")).orFail().out())
        .contains("  Found: ")
        .doesNotContain("{\"");
  }

  @Test
  void endsByItselfAfterTheTime() throws Exception {
    assumeImageIsOfTheseSources();
    Completed ran = Programs.run(command(freePort(), "--for", "5"));
    assertThat(ran.exitCode()).as("%s", ran).isZero();
    assertThat(ran.error()).contains("Attestation passed").contains("The agent ends.");
  }

  @Test
  void endsWithinTwoSecondsOfCtrlC() throws Exception {
    assumeImageIsOfTheseSources();
    String before = dataDirectory();
    String containersBefore = containers();
    int port = freePort();
    File log = Files.createTempFile(root.scratch(), "local-run", ".log").toFile();
    Process script =
        new ProcessBuilder(interruptible(command(port)))
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    try {
      await("readiness")
          .atMost(RunningContainer.TIMEOUT)
          .until(() -> Files.readString(log.toPath()).contains("Attestation passed"));
      long asked = System.nanoTime();
      Programs.run("kill", "-INT", Long.toString(script.pid())).orFail();
      assertThat(script.waitFor(1, TimeUnit.MINUTES)).isTrue();
      Duration took = Duration.ofNanos(System.nanoTime() - asked);
      assertThat(took).isLessThan(Duration.ofSeconds(2));
      assertThat(script.exitValue()).isEqualTo(130);
    } finally {
      script.destroy();
      script.waitFor();
    }
    assertThat(containers()).isEqualTo(containersBefore);
    assertThat(dataDirectory()).isEqualTo(before);
  }

  /** A shell that runs the tests in the background has SIGINT ignored in all of them. */
  private static List<String> interruptible(List<String> command) {
    List<String> words = new ArrayList<>(List.of("env", "--default-signal=INT"));
    words.addAll(command);
    return words;
  }
}
