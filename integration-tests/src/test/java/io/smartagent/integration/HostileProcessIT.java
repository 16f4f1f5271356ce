package io.smartagent.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.RunningContainer;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All modules at once beside a process that tries to break them, or to make them report lies. */
final class HostileProcessIT {

  private static final int DESCRIPTORS = 100_000;

  /** A few times what any module pauses between two looks. */
  private static final Duration EVERYBODY_LOOKS_WITHIN = Duration.ofMinutes(3);

  @RegisterExtension final Afterwards afterwards = new Afterwards();

  /** Starts it, and returns when it has done its worst. */
  private void startHostileProcess() throws Exception {
    Path directory = Files.createTempDirectory(Path.of("/var/tmp"), "smartagent-hostile");
    afterwards.close(() -> Programs.run("rm", "-rf", directory.toString()));
    Path program = directory.resolve("hostile.py");
    try (var source = HostileProcessIT.class.getResourceAsStream("/hostile.py")) {
      Files.write(program, source.readAllBytes());
    }
    Process process =
        new ProcessBuilder(
                "python3", program.toString(), directory.toString(), Integer.toString(DESCRIPTORS))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    afterwards.close(() -> process.destroyForcibly().waitFor());
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    assertThat(out.readLine()).startsWith("ready ");
  }

  @Test
  void breaksNothingAndForgesNothing() throws Exception {
    HostRoot root = afterwards.close(HostRoot.machine());
    RunningContainer agent =
        afterwards
            .close(
                Launcher.on(root)
                    .user("nobody")
                    .setting("--modules", "auto,kernel-stacks")
                    .startAgent())
            .awaitReady();
    startHostileProcess();
    Instant worst = Instant.now();

    await("a look of every module after the worst")
        .atMost(EVERYBODY_LOOKS_WITHIN)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> everybodyHasLookedSince(agent.status(), worst));

    for (JsonNode module : running(agent.status())) {
      JsonNode health = module.get("health");
      assertThat(health.get("state").asText()).as("%s", module).isEqualTo("healthy");
    }
    // Every line is an event of a module: what a process calls itself is never a line of its own.
    assertThat(agent.events())
        .isNotEmpty()
        .allMatch(event -> event.hasNonNull("module") && event.hasNonNull("type"))
        .noneMatch(event -> event.has("forged"));
    assertThat(agent.events())
        .filteredOn(event -> event.get("type").asText().endsWith("OOMKilling"))
        .noneMatch(event -> event.get("process").asText("").equals("forged"));
    String metrics = agent.get("/metrics").orElseThrow().body();
    assertThat(metrics.lines())
        .allMatch(line -> line.startsWith("# ") || line.matches("[a-z_]+(\\{.*\\})? \\S+"));
    assertThat(metrics.lines().filter(line -> line.startsWith("smartagent_module_restarts_total")))
        .hasSize(agent.status().get("modules").size())
        .allMatch(line -> line.endsWith(" 0.0"));
    assertThat(metrics.length()).as("bytes of /metrics").isLessThan(2_000_000);
    String everything = agent.logs().everything() + metrics + agent.status();
    assertThat(everything).doesNotContain("hunter2hunter2");
    assertThat(agent.logs().error()).doesNotContain("\tat ", "Exception in thread", "java.lang.");
    assertThat(memoryOf(agent.pid())).as("resident megabytes").isLessThan(160);
  }

  /** All but kubernetes-attributes, which has no cluster here. */
  private static List<JsonNode> running(JsonNode status) {
    List<JsonNode> running = new ArrayList<>();
    for (JsonNode module : status.get("modules")) {
      if (!module.get("state").asText().equals("disabled")) {
        running.add(module);
      }
    }
    assertThat(running).hasSize(6);
    return running;
  }

  private static boolean everybodyHasLookedSince(JsonNode status, Instant time) {
    for (JsonNode module : running(status)) {
      JsonNode at = module.get("health").get("observedAt");
      boolean eventDriven = module.get("id").asText().equals("host-events");
      if (!eventDriven && (at.isNull() || !Instant.parse(at.asText()).isAfter(time))) {
        return false;
      }
    }
    return true;
  }

  private static long memoryOf(long pid) throws Exception {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
