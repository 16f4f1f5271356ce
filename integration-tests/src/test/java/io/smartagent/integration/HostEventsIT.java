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
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.RunningContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * host-events on faults that the kernel really has, by each of its sources. Alone, for it changes
 * the kernel's settings, and what one test breaks is in the log of all.
 */
@Isolated
final class HostEventsIT {

  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  /** More than the module takes from one look at the mounts to the next. */
  private static final Duration LOOKS = Duration.ofSeconds(8);

  @RegisterExtension final Afterwards afterwards = new Afterwards();
  private final HostRoot root = afterwards.close(HostRoot.machine());

  /** Each with what it needs, and the next one without it. */
  enum Source {
    KMSG,
    SYSLOG,
    COUNTERS;

    Launcher launcher(HostRoot root) {
      Launcher launcher = Launcher.on(root).user("nobody");
      return switch (this) {
        case KMSG -> launcher.option("--device", "/dev/kmsg:/dev/kmsg:r");
        case SYSLOG -> launcher;
        case COUNTERS -> launcher.without("SYSLOG").option("--device", "/dev/kmsg:/dev/kmsg:r");
      };
    }

    String id() {
      return switch (this) {
        case KMSG -> "kmsg";
        case SYSLOG -> "syslog";
        case COUNTERS -> "counters";
      };
    }
  }

  private RunningContainer ready(Source source) {
    RunningContainer agent = afterwards.close(source.launcher(root).startAgent()).awaitReady();
    JsonNode module = module(agent.status(), "host-events");
    assertThat(module.get("source").asText()).isEqualTo(source.id());
    assertThat(module.get("state").asText())
        .isEqualTo(source == Source.COUNTERS ? "degraded" : "enabled");
    JsonNode planned = module(source.launcher(root).plan(), "host-events");
    if (source == Source.COUNTERS) {
      assertThat(names(planned.get("capabilities"))).isEmpty();
      assertThat(planned.get("effect").asText()).contains("XFS");
    } else {
      assertThat(names(planned.get("capabilities"))).containsExactly("CAP_SYSLOG");
    }
    return agent;
  }

  private LoopFilesystem filesystem(String type, String size, String options) {
    return afterwards.close(LoopFilesystem.make(root.scratch(), type, size, options));
  }

  private static List<JsonNode> events(
      RunningContainer agent, String type, Predicate<JsonNode> which) {
    return agent.events().stream()
        .filter(event -> event.get("type").asText().equals(type))
        .filter(which)
        .toList();
  }

  private static Predicate<JsonNode> now(LoopFilesystem filesystem) {
    return event ->
        !event.get("historical").asBoolean()
            && event.path("device").asText().equals(filesystem.device());
  }

  private static JsonNode first(RunningContainer agent, String type, Predicate<JsonNode> which) {
    return await(type)
        .atMost(TIMEOUT)
        .until(() -> events(agent, type, which), found -> !found.isEmpty())
        .getFirst();
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private String importBusybox() {
    HostRoot busybox = afterwards.close(HostRoot.busybox());
    String image = Docker.importImage(busybox.path());
    afterwards.close(() -> Docker.removeImage(image));
    return image;
  }

  private String container(String image, String... words) {
    String name = Docker.newName();
    List<String> command =
        new ArrayList<>(List.of("run", "-d", "--name", name, "--label", Docker.LABEL));
    command.addAll(List.of("--network", "none"));
    for (String word : words) {
      command.add(word.equals("IMAGE") ? image : word);
    }
    afterwards.close(() -> Docker.docker("rm", "-f", name));
    Docker.docker(command).orFail();
    return Docker.docker("inspect", "-f", "{{.Id}}", name).orFail().out().strip();
  }

  @ParameterizedTest
  @EnumSource
  void reportsAKillInAContainerOnce(Source source) {
    RunningContainer agent = ready(source);
    String id =
        container(
            importBusybox(),
            "-m",
            "32m",
            "IMAGE",
            "/bin/sh",
            "-c",
            "until [ -e /tmp/go ]; do sleep 0.2; done; tail /dev/zero; exec sleep 1000");
    // A counter reports kills in containers that it knows.
    if (source == Source.COUNTERS) {
      awaitALook(agent);
    }
    Docker.docker("exec", id, "touch", "/tmp/go").orFail();

    JsonNode event =
        first(agent, "PodOOMKilling", each -> each.get("containerId").asText().equals(id));

    assertThat(event.get("historical").asBoolean()).isFalse();
    assertThat(event.get("source").asText()).isEqualTo(source.id());
    assertThat(event.get("count").asLong()).isEqualTo(1);
    assertThat(event.get("scope").asText()).isEqualTo("container");
    assertThat(event.get("memoryCgroup").asText()).endsWith(id);
    assertThat(event.get("process").asText())
        .isEqualTo(source == Source.COUNTERS ? "null" : "tail");
    if (source != Source.COUNTERS) {
      assertThat(event.get("limitBytes").asLong()).isEqualTo(32L << 20);
      assertThat(Programs.run("dmesg").orFail().out())
          .contains("Killed process " + event.get("pid").asText() + " (tail)");
    }
    await("no second event")
        .during(Duration.ofSeconds(3))
        .atMost(TIMEOUT)
        .until(
            () -> events(agent, "PodOOMKilling", each -> each.toString().contains(id)).size() == 1);
  }

  @ParameterizedTest
  @EnumSource
  void reportsAnExt4FilesystemThatTurnsReadOnlyOnce(Source source) throws IOException {
    RunningContainer agent = ready(source);
    LoopFilesystem filesystem = filesystem("ext4", "64M", "errors=remount-ro");
    String id =
        container(
            importBusybox(),
            "-v",
            filesystem.mountPoint() + ":/data",
            "IMAGE",
            "/bin/sleep",
            "1000");
    // The module has to have seen it writable: its counter is there before any error.
    if (source == Source.COUNTERS) {
      awaitALook(agent);
    }

    filesystem.triggerExt4Error();

    JsonNode event = first(agent, "ReadonlyFilesystem", now(filesystem));
    assertThat(event.get("source").asText()).isEqualTo(source.id());
    assertThat(event.get("filesystem").asText()).isEqualTo("ext4");
    assertThat(texts(event.get("mountPoints"))).contains(filesystem.mountPoint().toString());
    // Others that have been given the whole of this machine's root meanwhile have it, too.
    List<String> inContainers = new ArrayList<>();
    event
        .get("containers")
        .forEach(each ->
            inContainers.add(
                each.get("containerId").asText() + " " + each.get("mountPoint").asText()));
    assertThat(inContainers).contains(id + " /data");
    JsonNode error = first(agent, "Ext4Error", now(filesystem));
    assertThat(error.get("count").asLong()).isGreaterThanOrEqualTo(1);
    assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
        .containsPattern(filesystem.mountPoint() + " .* - ext4 .*(emergency_ro| ro)");
    assertStaysOne(agent, "ReadonlyFilesystem", filesystem);
    assertThat(events(agent, "Ext4Error", now(filesystem))).hasSize(1);
  }

  private void awaitALook(RunningContainer agent) {
    await("a look at the mounts").during(LOOKS).atMost(TIMEOUT).until(agent::isRunning);
  }

  /** Log and state both show it, and neither more than once. */
  private static void assertStaysOne(
      RunningContainer agent, String type, LoopFilesystem filesystem) {
    await("one " + type)
        .during(LOOKS)
        .atMost(TIMEOUT)
        .until(() -> events(agent, type, now(filesystem)).size() == 1);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "COUNTERS")
  void reportsAnXfsFilesystemThatShutsItselfDown(Source source) {
    RunningContainer agent = ready(source);
    LoopFilesystem filesystem = filesystem("xfs", "320M", "");

    filesystem.shutDownXfs();

    JsonNode event = first(agent, "XfsShutdown", now(filesystem));
    assertThat(event.get("filesystem").asText()).isEqualTo("xfs");
    assertThat(texts(event.get("mountPoints"))).containsExactly(filesystem.mountPoint().toString());
    assertThat(Programs.run("dmesg").orFail().out()).contains(event.get("message").asText());
    assertStaysOne(agent, "XfsShutdown", filesystem);
  }

  @ParameterizedTest
  @EnumSource
  void reportsABtrfsFilesystemThatIsForcedReadOnly(Source source) {
    RunningContainer agent = ready(source);
    LoopFilesystem filesystem = filesystem("btrfs", "128M", "");
    awaitALook(agent);

    filesystem.truncateDevice("1M");

    JsonNode event = first(agent, "ReadonlyFilesystem", now(filesystem));
    assertThat(event.get("source").asText()).isEqualTo(source.id());
    assertThat(event.get("filesystem").asText()).isEqualTo("btrfs");
    assertThat(texts(event.get("mountPoints"))).containsExactly(filesystem.mountPoint().toString());
    if (source != Source.COUNTERS) {
      assertThat(first(agent, "IOError", now(filesystem)).get("message").asText())
          .contains("errs: wr");
    }
    assertStaysOne(agent, "ReadonlyFilesystem", filesystem);
  }

  @ParameterizedTest
  @EnumSource
  void reportsAHungTaskOnceHoweverOftenTheKernelDoes(Source source) throws Exception {
    RunningContainer agent = ready(source);
    afterwards.close(KernelSetting.set("kernel/hung_task_warnings", "20"));
    afterwards.close(KernelSetting.set("kernel/hung_task_timeout_secs", "2"));
    LoopFilesystem filesystem = filesystem("ext4", "16M", "");
    filesystem.freeze();
    Process touch =
        new ProcessBuilder("touch", filesystem.mountPoint().resolve("file").toString()).start();
    afterwards.close(() -> {
      filesystem.thaw();
      touch.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
    });
    String pid = Long.toString(touch.pid());
    Predicate<JsonNode> which =
        source == Source.COUNTERS
            ? event -> !event.get("historical").asBoolean()
            : event -> event.get("pid").asText().equals(pid);

    JsonNode event = first(agent, "TaskHung", which);

    assertThat(event.get("source").asText()).isEqualTo(source.id());
    assertThat(event.get("count").asLong()).isGreaterThanOrEqualTo(1);
    if (source != Source.COUNTERS) {
      assertThat(event.get("process").asText()).isEqualTo("touch");
      assertThat(event.get("blockedSeconds").asLong()).isGreaterThanOrEqualTo(2);
      List<String> shownToRoot =
          Files.readAllLines(Path.of("/proc/" + pid + "/stack")).stream()
              .map(line -> line.replaceFirst("^\\[<[0-9a-f]+>\\] ", ""))
              .toList();
      // The log shows the scheduler's own frames before these.
      assertThat(texts(event.get("kernelStack"))).containsSubsequence(shownToRoot);
      await("the kernel to say so again")
          .atMost(TIMEOUT)
          .until(
              () -> Programs.run("dmesg").orFail().out().split("task touch:" + pid, -1).length > 3);
      assertThat(events(agent, "TaskHung", which)).hasSize(1);
    }
  }

  @Test
  void reportsHistoryAsHistory() {
    LoopFilesystem filesystem = filesystem("ext4", "64M", "errors=remount-ro");
    filesystem.triggerExt4Error();
    await("the kernel to say so")
        .atMost(TIMEOUT)
        .until(() ->
            Programs.run("dmesg")
                .orFail()
                .out()
                .contains("(" + filesystem.device() + "): Remounting filesystem read-only"));

    RunningContainer agent = ready(Source.SYSLOG);

    Predicate<JsonNode> ofDevice =
        event -> event.path("device").asText().equals(filesystem.device());
    JsonNode event = first(agent, "ReadonlyFilesystem", ofDevice);
    assertThat(event.get("historical").asBoolean()).isTrue();
    await("no other event")
        .during(LOOKS)
        .atMost(TIMEOUT)
        .until(() -> events(agent, "ReadonlyFilesystem", now(filesystem)).isEmpty());
  }

  /** By the log's own device, and by the name of a mount option, which the kernel repeats. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "COUNTERS")
  void believesNoForgedLine(Source source) {
    RunningContainer agent = ready(source);
    String hung = "INFO: task forged:1 blocked for more than 120 seconds.";
    Programs.run("sh", "-c", "printf '<3>%s\\n' \"$1\" >/dev/kmsg", "sh", hung).orFail();
    Programs.run(
        "unshare",
        "-Urm",
        "mount",
        "-t",
        "tmpfs",
        "-o",
        "x\n" + hung + "\nXFS (forged): Shutting down filesystem\ny",
        "none",
        "/mnt");
    assertThat(Programs.run("dmesg").orFail().out()).contains(hung, "XFS (forged)");
    LoopFilesystem filesystem = filesystem("ext4", "64M", "errors=remount-ro");

    filesystem.triggerExt4Error();

    first(agent, "ReadonlyFilesystem", now(filesystem));
    assertThat(agent.logs().out()).doesNotContain("forged");
  }
}
