package io.smartagent.integration;

import static io.smartagent.integration.Launches.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.ProcessStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the launched program inherits, and what it does not. */
final class ExecutionIT {

  private static final String TOKEN = "3f0c-a-token-that-must-stay-secret-91b7";

  private final HostRoot root = HostRoot.busybox();

  @AfterEach
  void removeRoot() {
    root.close();
  }

  private Launcher launcher() {
    return Launcher.on(root).user("agent");
  }

  private static void assertNowhere(String text, String where) {
    assertThat(text).as(where).doesNotContain(TOKEN);
  }

  @Test
  void hasNoDescriptorButTheThreeStandardOnes() {
    // The fourth is ls's own, of the directory that it lists.
    assertThat(succeeded(launcher().run("ls", "/proc/self/fd")).out().lines())
        .containsExactly("0", "1", "2", "3");
    String links = "readlink /proc/$$/fd/0; readlink /proc/$$/fd/1; readlink /proc/$$/fd/2";
    assertThat(succeeded(launcher().run("sh", "-c", links)).out().lines())
        .satisfiesExactly(
            input -> assertThat(input).endsWith("/null"),
            output -> assertThat(output).startsWith("pipe:"),
            error -> assertThat(error).startsWith("pipe:"));
  }

  @Test
  void hasNoSignalBlockedOrIgnored() {
    ProcessStatus status =
        new ProcessStatus(succeeded(launcher().run("cat", "/proc/self/status")).out());
    assertThat(status.field("SigBlk")).isEqualTo("0000000000000000");
    assertThat(status.field("SigIgn")).isEqualTo("0000000000000000");
    assertThat(status.field("SigCgt")).isEqualTo("0000000000000000");
    assertThat(status.field("Threads")).isEqualTo("1");
  }

  @Test
  void hasAPlainProcessState() {
    String script = "umask; ulimit -c; ulimit -H -c; pwd; readlink /proc/self/root; echo $PPID";
    List<String> lines = succeeded(launcher().run("sh", "-c", script)).out().lines().toList();
    assertThat(lines.subList(0, 5)).containsExactly("0022", "0", "0", "/", "/");
  }

  @Test
  void isTheContainersFirstProcess() {
    assertThat(succeeded(launcher().withOwnProcesses().run("sh", "-c", "echo $$")).out().strip())
        .isEqualTo("1");
  }

  @Test
  void givesItsExitCodeToTheContainer() {
    assertThat(launcher().run("sh", "-c", "exit 42").exitCode()).isEqualTo(42);
    assertThat(launcher().run("false").exitCode()).isEqualTo(1);
  }

  @Test
  void getsItsArgumentsUnchanged() {
    List<String> arguments =
        List.of(
            "a b",
            "",
            "'",
            "\"",
            "$HOME",
            "`id`",
            "\\",
            "*",
            "--user",
            "-h",
            "ä€🎉",
            "line\nbreak");
    List<String> command = new ArrayList<>(List.of("printf", "%s\\0"));
    command.addAll(arguments);
    Completed printed = succeeded(launcher().run(command.toArray(String[]::new)));
    assertThat(printed.out().split("\0")).containsExactlyElementsOf(arguments);
  }

  /**
   * Docker's own interface takes text only, so another program in the container starts the
   * launcher.
   */
  @Test
  void getsArgumentsThatAreNoText() {
    String start =
        """
        exec /smartagent/bin/smartagent --inhibit-cache --library-path /smartagent/lib \
        /smartagent/jre/bin/java @/smartagent/launcher.args \
        run --user agent -- printf %s "$(printf 'a\\377\\376b')"
        """;
    Completed printed =
        succeeded(
            launcher()
                .option("--entrypoint", "/mnt/root/bin/busybox")
                .invoke(List.of("sh", "-c", start)));
    assertThat(printed.output()).isEqualTo("a\u00ff\u00feb".getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void hasTheContainersEnvironmentButForSecrets() {
    String out =
        succeeded(
                launcher()
                    .environment("SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN", TOKEN)
                    .environment("JAVA_TOOL_OPTIONS", "-Dsomething=else")
                    .environment("PLAIN", "kept as it is: ä")
                    .run("env"))
            .out();
    assertThat(out.lines())
        .contains("PLAIN=kept as it is: ä", "HOME=/home/agent", "USER=agent", "LOGNAME=agent")
        .noneMatch(line -> line.startsWith("SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN"))
        .noneMatch(line -> line.startsWith("JAVA_TOOL_OPTIONS"));
  }

  @Test
  void showsTheTokenNowhere() throws Exception {
    Launcher launcher =
        launcher().environment("SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN", TOKEN).withOwnProcesses();
    assertNowhere(launcher.plan().toString(), "plan");
    assertThat(launcher.plan().toString()).contains("SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN");
    assertNowhere(launcher.planText().everything(), "plan as text");
    assertNowhere(launcher.setting("--format", "xml").planText().everything(), "a refusal");
    try (var agent =
        launcher().environment("SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN", TOKEN).startAgent()) {
      agent.awaitReady();
      assertNowhere(agent.logs().everything(), "logs");
      assertNowhere(agent.status().toString(), "status");
      assertNowhere(agent.get("/").orElseThrow().body(), "page");
      assertNowhere(agent.get("/metrics").orElseThrow().body(), "metrics");
      String here = "/proc/" + agent.pid();
      assertNowhere(read(here + "/environ"), "environment");
      assertNowhere(read(here + "/cmdline"), "command line");
      assertNowhere(read(root.runtimeHere() + "/launch.json"), "launch.json");
      // The engine knows it: it is what gave it to the container.
      assertThat(Docker.docker("inspect", agent.name()).out()).contains(TOKEN);
    }
  }

  private static String read(String file) throws IOException {
    return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.ISO_8859_1);
  }
}
