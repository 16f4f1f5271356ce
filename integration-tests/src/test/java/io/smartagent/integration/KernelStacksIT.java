package io.smartagent.integration;

import static io.smartagent.integration.Launches.module;
import static io.smartagent.integration.Launches.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.KernelSetting;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.LoopFilesystem;
import io.smartagent.integration.machine.RunningContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * kernel-stacks on a task that a frozen file system blocks. What /proc/PID/stack shows to root is
 * what the events are held against. Alone, for it changes the kernel's settings.
 */
@Isolated
final class KernelStacksIT {

  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  @RegisterExtension final Afterwards afterwards = new Afterwards();
  private final HostRoot root = afterwards.close(HostRoot.machine());

  private Launcher launcher() {
    return Launcher.on(root)
        .user("nobody")
        .setting("--modules", "auto,kernel-stacks")
        .environment("SMARTAGENT_BLOCKED_TASK_SECONDS", "2");
  }

  private RunningContainer ready(Launcher launcher) {
    return afterwards.close(launcher.startAgent()).awaitReady();
  }

  private LoopFilesystem ext4() {
    return afterwards.close(LoopFilesystem.make(root.scratch(), "ext4", "16M", ""));
  }

  /** Starts a program that waits until the file system is thawed. */
  private Process blockedOn(LoopFilesystem filesystem) throws IOException {
    filesystem.freeze();
    Process touch =
        new ProcessBuilder("touch", filesystem.mountPoint().resolve("file").toString()).start();
    afterwards.close(() -> {
      filesystem.thaw();
      touch.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
    });
    return touch;
  }

  private static JsonNode event(RunningContainer agent, String type, long pid, Pattern also) {
    return await(type + " of " + pid)
        .atMost(TIMEOUT)
        .until(
            () ->
                agent.events().stream()
                    .filter(event -> event.get("type").asText().equals(type))
                    .filter(event -> event.path("pid").asLong() == pid)
                    .filter(event -> also.matcher(event.toString()).find())
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static List<String> frames(JsonNode event) {
    List<String> frames = new ArrayList<>();
    event.get("kernelStack").forEach(frame -> frames.add(frame.asText()));
    return frames;
  }

  /** Returns what the kernel shows to root. */
  private static List<String> stackOf(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/stack")).stream()
        .map(line -> line.replaceFirst("^\\[<[0-9a-f]+>\\] ", ""))
        .toList();
  }

  private static String wchanOf(long pid) throws IOException {
    return Files.readString(Path.of("/proc/" + pid + "/wchan"));
  }

  @Test
  void showsTheStackThatProcfsShowsToRoot() throws Exception {
    RunningContainer agent = ready(launcher());
    assertThat(module(agent.status(), "kernel-stacks").get("source").asText())
        .isEqualTo("proc-stack");
    assertThat(names(module(launcher().plan(), "kernel-stacks").get("capabilities")))
        .containsExactly("CAP_DAC_READ_SEARCH", "CAP_SYS_ADMIN", "CAP_SYS_PTRACE");
    LoopFilesystem filesystem = ext4();
    Process touch = blockedOn(filesystem);

    JsonNode event = event(agent, "BlockedTask", touch.pid(), Pattern.compile("\"update\":false"));

    assertThat(frames(event)).isNotEmpty().isEqualTo(stackOf(touch.pid()));
    assertThat(event.get("wchan").asText()).isEqualTo(wchanOf(touch.pid()));
    assertThat(event.get("process").asText()).isEqualTo("touch");
    assertThat(event.get("state").asText()).isEqualTo("D");
    assertThat(event.get("blockedSeconds").asLong()).isBetween(2L, 6L);
    assertThat(event.get("kernelThread").asBoolean()).isFalse();
    event(agent, "BlockedTask", touch.pid(), Pattern.compile("\"update\":true"));
    assertThat(agent.get("/metrics").orElseThrow().body())
        .containsPattern("(?m)^smartagent_blocked_tasks\\{container_id=\"\"\\} [1-9]");

    filesystem.thaw();

    JsonNode end = event(agent, "BlockedTaskEnded", touch.pid(), Pattern.compile("exited|ran"));
    assertThat(end.get("blockedSeconds").asLong()).isGreaterThanOrEqualTo(4);
  }

  /** One capability below each source, the next one is used. */
  @ParameterizedTest
  @CsvSource({
    "SYS_ADMIN-not-named, syslog, true,  false",
    "SYSLOG,              wchan,  false, true",
    "SYSLOG+SYS_PTRACE,   states, false, false"
  })
  void degradesToTheNextSource(String without, String source, boolean stack, boolean wchan)
      throws Exception {
    afterwards.close(KernelSetting.set("kernel/hung_task_warnings", "20"));
    afterwards.close(KernelSetting.set("kernel/hung_task_timeout_secs", "2"));
    Launcher launcher =
        Launcher.on(root)
            .user("nobody")
            .setting("--modules", "auto")
            .environment("SMARTAGENT_BLOCKED_TASK_SECONDS", "2");
    if (!without.contains("not-named")) {
      launcher.without(without.split("\\+"));
    }
    RunningContainer agent = ready(launcher);
    JsonNode module = module(agent.status(), "kernel-stacks");
    assertThat(module.get("source").asText()).isEqualTo(source);
    assertThat(module.get("state").asText()).isEqualTo("degraded");
    assertThat(module.get("effect").asText()).isNotBlank();
    LoopFilesystem filesystem = ext4();
    Process touch = blockedOn(filesystem);

    JsonNode event =
        event(
            agent,
            "BlockedTask",
            touch.pid(),
            Pattern.compile(stack ? "\"kernelStack\":\\[\"" : "BlockedTask"));

    assertThat(event.get("source").asText()).isEqualTo(source);
    assertThat(event.get("wchan").asText()).isEqualTo(wchan ? wchanOf(touch.pid()) : "null");
    if (stack) {
      // The log shows the scheduler's own frames before these.
      assertThat(frames(event)).containsSubsequence(stackOf(touch.pid()));
    } else {
      assertThat(frames(event)).isEmpty();
    }
  }

  /**
   * The kernel shows a paused container's processes as blocked where its control groups are old.
   */
  @Test
  void saysNothingOfAPausedContainer() throws Exception {
    RunningContainer agent = ready(launcher());
    HostRoot busybox = afterwards.close(HostRoot.busybox());
    String image = Docker.importImage(busybox.path());
    afterwards.close(() -> Docker.removeImage(image));
    String paused = Docker.newName();
    Docker.docker(
            "run",
            "-d",
            "--name",
            paused,
            "--label",
            Docker.LABEL,
            "--network",
            "none",
            image,
            "/bin/sleep",
            "1000")
        .orFail();
    afterwards.close(() -> Docker.docker("rm", "-f", paused).orFail());
    afterwards.close(() -> Docker.docker("unpause", paused));
    Docker.docker("pause", paused).orFail();
    String pid = Docker.docker("inspect", "-f", "{{.State.Pid}}", paused).orFail().out().strip();
    LoopFilesystem filesystem = ext4();

    // What was blocked later has been reported, so the paused one had its time.
    Process touch = blockedOn(filesystem);
    event(agent, "BlockedTask", touch.pid(), Pattern.compile("\"update\":true"));

    assertThat(agent.events())
        .filteredOn(event -> event.get("type").asText().equals("BlockedTask"))
        .extracting(event -> event.get("pid").asText())
        .doesNotContain(pid);
  }

  @Test
  void saysWhichContainerABlockedTaskIsIn() throws Exception {
    RunningContainer agent = ready(launcher());
    LoopFilesystem filesystem = ext4();
    HostRoot busybox = afterwards.close(HostRoot.busybox());
    String image = Docker.importImage(busybox.path());
    afterwards.close(() -> Docker.removeImage(image));
    String name = Docker.newName();
    filesystem.freeze();
    Docker.docker(
            "run",
            "-d",
            "--name",
            name,
            "--label",
            Docker.LABEL,
            "--network",
            "none",
            "-v",
            filesystem.mountPoint() + ":/data",
            image,
            "/bin/touch",
            "/data/file")
        .orFail();
    afterwards.close(() -> {
      filesystem.thaw();
      Docker.docker("rm", "-f", name).orFail();
    });
    String id = Docker.docker("inspect", "-f", "{{.Id}}", name).orFail().out().strip();
    long pid =
        Long.parseLong(
            Docker.docker("inspect", "-f", "{{.State.Pid}}", name).orFail().out().strip());

    JsonNode event = event(agent, "BlockedTask", pid, Pattern.compile("touch"));

    assertThat(event.get("containerId").asText()).isEqualTo(id);
    assertThat(event.get("containerRuntime").asText()).isEqualTo("docker");
  }
}
