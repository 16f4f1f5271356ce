package io.smartagent.integration;

import static io.smartagent.integration.Launches.modules;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Metrics;
import io.smartagent.integration.machine.Podman;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.RuncBundle;
import io.smartagent.integration.machine.RunningContainer;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is measured of containers, beside what the engines and the kernel say themselves. */
final class ContainerMetricsIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Some passes of the module. */
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private static final String FILL = "dd if=/dev/zero of=/dev/shm/x bs=1048576 count=24;";

  @RegisterExtension final Afterwards afterwards = new Afterwards();
  private HostRoot busybox;
  private String image;

  @BeforeEach
  void makeAnImage() {
    busybox = afterwards.close(HostRoot.busybox());
    image = Docker.importImage(busybox.path());
    afterwards.close(() -> Docker.removeImage(image));
  }

  private Launcher launcher() {
    return Launcher.on(afterwards.close(HostRoot.machine()))
        .user("nobody")
        .setting("--modules", "container-metrics");
  }

  private RunningContainer ready(Launcher launcher) {
    return afterwards.close(launcher.startAgent()).awaitReady();
  }

  /** Starts a container and returns its id. */
  private String docker(List<String> options, String... program) {
    String name = Docker.newName();
    afterwards.close(() -> Docker.docker("rm", "-f", name).orFail());
    List<String> words =
        new ArrayList<>(List.of("run", "-d", "--name", name, "--label", Docker.LABEL));
    words.addAll(options);
    words.add(image);
    words.addAll(Arrays.asList(program));
    return Docker.docker(words).orFail().out().strip();
  }

  private static String inspect(String id, String template) {
    return Docker.docker("inspect", "-f", template, id).orFail().out().strip();
  }

  private static JsonNode dockerStats(String id) {
    try {
      return JSON.readTree(
          Docker.docker("stats", "--no-stream", "--format", "{{json .}}", id).orFail().out());
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static void eventually(ThrowingRunnable assertion) {
    await().atMost(TIMEOUT).pollInterval(Duration.ofSeconds(1)).untilAsserted(assertion);
  }

  private static Optional<JsonNode> event(RunningContainer agent, String type, String id) {
    return agent.events().stream()
        .filter(event -> event.get("type").asText().equals(type))
        .filter(event -> event.path("containerId").asText().equals(id))
        .findFirst();
  }

  /** Returns the middle of bytes that a person reads, such as 24.3MiB, and what that may be off. */
  private static double bytes(String text) {
    String unit = text.replaceAll("[0-9.]", "").strip();
    double number = Double.parseDouble(text.substring(0, text.length() - unit.length()));
    return number
        * switch (unit) {
          case "B" -> 1;
          case "kB" -> 1e3;
          case "KiB" -> 1024;
          case "MB" -> 1e6;
          case "MiB" -> 1 << 20;
          case "GB" -> 1e9;
          case "GiB" -> 1 << 30;
          default -> throw new IllegalArgumentException(text);
        };
  }

  @Test
  void agreesWithDocker() {
    String id =
        docker(
            List.of(
                "-m",
                "64m",
                "--cpus",
                "0.5",
                "--label",
                "team=blue",
                "--label",
                "io.kubernetes.pod.name=claimed"),
            "/bin/sh",
            "-c",
            FILL + " ping -c 3 172.17.0.1; sleep 600 & sleep 600");
    RunningContainer agent = ready(launcher());
    assertThat(modules(agent.status())).containsEntry("container-metrics", "enabled runtime-files");

    eventually(() -> {
      JsonNode stats = dockerStats(id);
      Metrics metrics = Metrics.of(agent);
      String used = stats.get("MemUsage").asText().split(" / ", -1)[0];
      assertThat(metrics.value("container_memory_working_set_bytes", "id", id))
          .isGreaterThan(24 << 20)
          .isCloseTo(bytes(used), within(bytes(used) * 0.01));
      assertThat(metrics.value("container_threads", "id", id))
          .isEqualTo(stats.get("PIDs").asDouble());
      assertThat(metrics.value("container_processes", "id", id))
          .isEqualTo(Docker.docker("top", id).orFail().out().lines().count() - 1.0);
      for (String direction : List.of("receive:rx", "transmit:tx")) {
        String[] names = direction.split(":", -1);
        assertThat(
                metrics.value(
                    "container_network_" + names[0] + "_bytes_total",
                    "id",
                    id,
                    "interface",
                    "eth0"))
            .isPositive()
            .isEqualTo(
                Double.parseDouble(
                    Docker.docker(
                            "exec",
                            id,
                            "/bin/cat",
                            "/sys/class/net/eth0/statistics/" + names[1] + "_bytes")
                        .orFail()
                        .out()
                        .strip()));
      }
    });

    Metrics metrics = Metrics.of(agent);
    Map<String, String> labels = metrics.labels("container_memory_rss", "id", id);
    assertThat("/" + labels.get("name")).isEqualTo(inspect(id, "{{.Name}}"));
    assertThat(labels)
        .containsEntry("image", inspect(id, "{{.Config.Image}}"))
        .containsEntry("pod", "");
    assertThat(metrics.value("container_spec_memory_limit_bytes", "id", id))
        .isEqualTo(Double.parseDouble(inspect(id, "{{.HostConfig.Memory}}")));
    assertThat(
            metrics.value("container_spec_cpu_quota", "id", id)
                / metrics.value("container_spec_cpu_period", "id", id)
                * 1e9)
        .isEqualTo(Double.parseDouble(inspect(id, "{{.HostConfig.NanoCpus}}")));
    assertThat(metrics.value("container_start_time_seconds", "id", id))
        .isCloseTo(
            OffsetDateTime.parse(inspect(id, "{{.State.StartedAt}}")).toInstant().toEpochMilli()
                / 1e3,
            within(1.0));
    assertThat(metrics.value("container_file_descriptors", "id", id)).isEqualTo(descriptorsOf(id));
    JsonNode found = event(agent, "ContainerFound", id).orElseThrow();
    assertThat(found.get("labels").toString())
        .contains("\"team\":\"blue\"")
        .doesNotContain("claimed");
    assertThat(found.get("containerRuntime").asText()).isEqualTo("docker");
  }

  /** As the kernel's own list of the container's processes and their descriptors has it. */
  private static double descriptorsOf(String id) {
    String pid = inspect(id, "{{.State.Pid}}");
    return Double.parseDouble(
        Programs.run(
                "sh",
                "-c",
                "n=0; for p in $(pgrep --ns \"$1\" --nslist pid); do"
                    + " n=$((n + $(ls /proc/$p/fd | wc -l))); done; echo $n",
                "sh",
                pid)
            .orFail()
            .out()
            .strip());
  }

  @Test
  void countsThrottling() {
    RunningContainer agent = ready(launcher());
    // What the first pass finds has not started since.
    eventually(() ->
        assertThat(Metrics.of(agent).value("smartagent_container_metrics_pass_seconds"))
            .isPositive());
    String id = docker(List.of("--cpus", "0.2"), "/bin/sh", "-c", "while :; do :; done");

    eventually(() -> {
      Metrics metrics = Metrics.of(agent);
      assertThat(metrics.value("container_cpu_cfs_throttled_periods_total", "id", id))
          .isGreaterThan(10);
      assertThat(metrics.value("container_cpu_cfs_throttled_seconds_total", "id", id)).isPositive();
      assertThat(metrics.value("container_cpu_usage_seconds_total", "id", id))
          .as("a fifth of the periods' time")
          .isCloseTo(
              metrics.value("container_cpu_cfs_periods_total", "id", id) * 0.1 * 0.2,
              within(0.5 + metrics.value("container_cpu_usage_seconds_total", "id", id) * 0.1));
    });
    assertThat(event(agent, "ContainerStarted", id)).isPresent();
  }

  @Test
  void countsOutOfMemoryKills() {
    String id =
        docker(List.of("-m", "32m"), "/bin/sh", "-c", "tail /dev/zero; tail /dev/zero; sleep 600");
    RunningContainer agent = ready(launcher());

    eventually(() ->
        assertThat(Metrics.of(agent).value("container_oom_events_total", "id", id))
            .isEqualTo(2)
            .isEqualTo(oomKills(id)));
  }

  private static double oomKills(String id) {
    String pid = inspect(id, "{{.State.Pid}}");
    return Double.parseDouble(
        Programs.run(
                "sh",
                "-c",
                "v1=/sys/fs/cgroup/memory$(sed -n 's/^[0-9]*:memory://p' /proc/$1/cgroup);"
                    + " v2=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/$1/cgroup);"
                    + " cat $v1/memory.oom_control $v2/memory.events 2>/dev/null |"
                    + " sed -n 's/^oom_kill //p' | head -n 1",
                "sh",
                pid)
            .orFail()
            .out()
            .strip());
  }

  @Test
  void countsBlockTraffic() {
    String device =
        Programs.run(
                "sh", "-c", "lsblk -nro PKNAME,NAME \"$(df --output=source /var/tmp | tail -n 1)\"")
            .out()
            .strip();
    String disk = "/dev/" + device.substring(device.lastIndexOf(' ') + 1);
    String id =
        docker(
            List.of("--device-write-bps", disk + ":1gb", "-v", busybox.scratch() + ":/data"),
            "/bin/sh",
            "-c",
            "dd if=/dev/zero of=/data/x bs=1048576 count=8 oflag=direct; sleep 600");
    RunningContainer agent = ready(launcher());

    eventually(() -> {
      assertThat(
              Metrics.of(agent).value("container_fs_writes_bytes_total", "id", id, "device", disk))
          .isEqualTo(8 << 20);
      // What is read depends on what of busybox is no longer in the page cache.
      assertThat(dockerStats(id).get("BlockIO").asText()).endsWith(" / 8.39MB");
    });
  }

  @Test
  void reportsPausesAndEnds() {
    String id = docker(List.of("--network", "none"), "/bin/sleep", "600");
    RunningContainer agent = ready(launcher());

    eventually(() -> assertThat(Metrics.of(agent).state(id)).isEqualTo("running"));
    Docker.docker("pause", id).orFail();
    eventually(() -> assertThat(Metrics.of(agent).state(id)).isEqualTo("paused"));
    assertThat(inspect(id, "{{.State.Status}}")).isEqualTo("paused");
    Docker.docker("unpause", id).orFail();
    Docker.docker("kill", id).orFail();
    eventually(() -> assertThat(Metrics.of(agent).state(id)).isEqualTo("exited"));
    assertThat(inspect(id, "{{.State.Status}}")).isEqualTo("exited");
    assertThat(event(agent, "ContainerEnded", id)).isPresent();
    Docker.docker("start", id).orFail();
    eventually(() -> assertThat(event(agent, "ContainerStarted", id)).isPresent());
  }

  @Test
  void agreesWithPodman() {
    Podman podman =
        afterwards.close(new Podman(busybox.scratch().resolve("podman"), busybox.path()));
    String id =
        podman.start(
            List.of("--name", "cache", "--network", "none", "-m", "64m"),
            "/bin/sh",
            "-c",
            FILL + " sleep 600 & sleep 600");
    RunningContainer agent =
        ready(launcher().environment("SMARTAGENT_CONTAINER_ROOTS", "podman=" + podman.graphRoot()));

    eventually(() -> {
      JsonNode stats = podman.stats(id);
      Metrics metrics = Metrics.of(agent);
      double used = bytes(stats.get("mem_usage").asText().split(" / ", -1)[0]);
      assertThat(metrics.value("container_memory_usage_bytes", "id", id))
          .isGreaterThan(24 << 20)
          .isCloseTo(used, within(used * 0.01));
      assertThat(metrics.value("container_threads", "id", id))
          .isEqualTo(stats.get("pids").asDouble());
    });
    Metrics metrics = Metrics.of(agent);
    assertThat(metrics.labels("container_memory_rss", "id", id))
        .containsEntry("name", podman.inspect(id, "{{.Name}}"))
        .containsEntry("image", podman.inspect(id, "{{.ImageName}}"));
    assertThat(event(agent, "ContainerFound", id).orElseThrow().get("containerRuntime").asText())
        .isEqualTo("podman");
    assertThat(metrics.has("container_network_receive_bytes_total", "id", id)).isFalse();
  }

  /** No engine, an invented id, and a control group whose name means nothing. */
  @Test
  void agreesWithABareBundleOfRunc() throws Exception {
    String id = "nightly_job+" + ProcessHandle.current().pid();
    RuncBundle bundle =
        afterwards.close(
            new RuncBundle(id, busybox.scratch().resolve("bundle"), busybox.path())
                .controlGroup("/smartagent-it-batch/" + id)
                .annotation("org.example.team", "green")
                .memory(64 << 20)
                .start("/bin/sh", "-c", FILL + " sleep 600 & sleep 600"));
    RunningContainer agent = ready(launcher());

    eventually(() -> {
      JsonNode stats =
          JSON.readTree(Programs.run("runc", "events", "--stats", id).orFail().out()).get("data");
      Metrics metrics = Metrics.of(agent);
      assertThat(metrics.value("container_memory_usage_bytes", "id", id))
          .isGreaterThan(24 << 20)
          .isEqualTo(stats.at("/memory/usage/usage").asDouble());
      assertThat(metrics.value("container_spec_memory_limit_bytes", "id", id))
          .isEqualTo(stats.at("/memory/usage/limit").asDouble());
      assertThat(metrics.value("container_cpu_usage_seconds_total", "id", id))
          .isEqualTo(stats.at("/cpu/usage/total").asDouble() / 1e9);
      assertThat(metrics.value("container_threads", "id", id))
          .isEqualTo(stats.at("/pids/current").asDouble());
    });
    JsonNode found = event(agent, "ContainerFound", id).orElseThrow();
    assertThat(found.get("containerRuntime").asText()).isEqualTo("runc");
    assertThat(found.get("labels").toString()).isEqualTo("{\"org.example.team\":\"green\"}");
    assertThat(found.get("startedAt").asText().substring(0, 16))
        .isEqualTo(bundle.state().get("created").asText().substring(0, 16));
  }

  /** The numbers stay without CAP_DAC_READ_SEARCH; only the names go. */
  @Test
  void measuresWithoutAnyCapability() {
    String id = docker(List.of("-m", "64m"), "/bin/sh", "-c", FILL + " sleep 600");
    RunningContainer agent = ready(launcher().without("DAC_READ_SEARCH", "DAC_OVERRIDE"));
    assertThat(modules(agent.status())).containsEntry("container-metrics", "degraded cgroups");

    eventually(() -> {
      double used = bytes(dockerStats(id).get("MemUsage").asText().split(" / ", -1)[0]);
      Metrics metrics = Metrics.of(agent);
      assertThat(metrics.value("container_memory_working_set_bytes", "id", id))
          .isCloseTo(used, within(used * 0.01));
      assertThat(metrics.value("container_file_descriptors", "id", id))
          .isEqualTo(descriptorsOf(id));
      assertThat(metrics.has("container_network_receive_bytes_total", "id", id)).isTrue();
      assertThat(metrics.labels("container_memory_rss", "id", id)).containsEntry("name", "");
    });
  }
}
