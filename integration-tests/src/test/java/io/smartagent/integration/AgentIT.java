package io.smartagent.integration;

import static io.smartagent.integration.Launches.UNAVAILABLE;
import static io.smartagent.integration.Launches.modules;
import static io.smartagent.integration.Launches.names;
import static io.smartagent.integration.Launches.refused;
import static io.smartagent.integration.Launches.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.ProcessStatus;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.RunningContainer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The agent after exec. */
final class AgentIT {

  @RegisterExtension final Afterwards afterwards = new Afterwards();

  private HostRoot machine() {
    return afterwards.close(HostRoot.machine());
  }

  private HostRoot busybox() {
    return afterwards.close(HostRoot.busybox());
  }

  private RunningContainer ready(Launcher launcher) {
    return afterwards.close(launcher.startAgent()).awaitReady();
  }

  /** Hosts that have nothing in common but the kernel. */
  enum Host {
    MACHINE("nobody"),
    DEBIAN("agent"),
    /** No libc, no /bin/bash, no /proc of its own. */
    BUSYBOX("agent");

    private final String user;

    Host(String user) {
      this.user = user;
    }

    HostRoot root() {
      return switch (this) {
        case MACHINE -> HostRoot.machine();
        case DEBIAN -> HostRoot.debian();
        case BUSYBOX -> HostRoot.busybox();
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void becomesReadyOnEveryHost(Host host) {
    Launcher launcher = Launcher.on(afterwards.close(host.root())).user(host.user);
    JsonNode plan = launcher.plan();
    RunningContainer agent = ready(launcher);
    JsonNode status = agent.status();
    assertThat(status.get("attestation").get("passed").asBoolean()).as("%s", status).isTrue();
    assertThat(modules(status)).isEqualTo(modules(plan));
    assertThat(status.get("mode").asText()).isEqualTo("read-only");
    assertThat(status.get("user").get("name").asText()).isEqualTo(host.user);
    assertThat(status.get("user").get("uid")).isEqualTo(plan.get("user").get("uid"));
    assertThat(agent.get("/healthz").map(HttpResponse::statusCode)).contains(200);
    assertThat(agent.get("/metrics").orElseThrow().body()).contains("# TYPE");
    assertThat(agent.get("/").orElseThrow().body()).contains("<html");
    assertThat(agent.logs().error()).doesNotContain("\tat ", "Exception in thread", "java.lang.");
  }

  @Test
  void becomesReadyInModeFull() {
    JsonNode status = ready(Launcher.onWritable(busybox()).user("agent")).status();
    assertThat(status.get("mode").asText()).isEqualTo("full");
    assertThat(status.get("attestation").get("passed").asBoolean()).as("%s", status).isTrue();
  }

  @Test
  void answersTheStatusCommand() {
    Launcher launcher = Launcher.on(machine()).user("nobody");
    ready(launcher);
    Completed text = succeeded(launcher.invoke(List.of("status")));
    assertThat(text.out()).contains("attestation passed").contains("host-events");
    JsonNode json = launcher.status();
    assertThat(names(json.get("capabilities").get("kept"))).contains("CAP_SYSLOG");
  }

  @Test
  void leavesThePlanForAPostMortem() throws Exception {
    HostRoot root = machine();
    Launcher launcher = Launcher.on(root).user("nobody");
    ready(launcher);
    Path record = root.runtimeHere().resolve("launch.json");
    assertThat(Files.readString(record)).contains("\"decision\" : \"launch\"");
    assertThat(Files.getAttribute(record, "unix:mode")).isEqualTo(0100640);
  }

  /** Each module's threads have its source's capabilities effective, all the others none. */
  @Test
  void givesCapabilitiesToTheModulesThreadsOnly() throws Exception {
    Launcher launcher = Launcher.on(machine()).user("nobody");
    RunningContainer agent = ready(launcher);
    Map<String, Set<String>> planned = new TreeMap<>();
    launcher
        .plan()
        .get("modules")
        .forEach(
            module -> planned.put(module.get("id").asText(), names(module.get("capabilities"))));
    Map<String, Set<String>> effective = new TreeMap<>();
    for (ProcessStatus thread : threads(agent.pid())) {
      effective.merge(
          thread.field("Name"),
          thread.capabilities("CapEff"),
          (one, other) -> one.size() > other.size() ? one : other);
    }
    assertThat(effective).hasSizeGreaterThan(5);
    // A module's thread has its name; several have another that reads what may never return.
    effective.forEach((name, capabilities) -> {
      if (name.startsWith("process-memory")) {
        assertThat(planned.values()).as("thread \"%s\"", name).contains(capabilities);
        return;
      }
      Set<String> allowed =
          planned.entrySet().stream()
              .filter(module -> module.getKey().startsWith(name))
              .map(Map.Entry::getValue)
              .findFirst()
              .orElse(Set.of());
      assertThat(capabilities).as("thread \"%s\"", name).isEqualTo(allowed);
    });
    assertThat(effective.values()).as("%s", effective).containsAll(planned.values());
  }

  private static List<ProcessStatus> threads(long pid) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return tasks.map(task -> ProcessStatus.read(task.resolve("status"))).toList();
    }
  }

  @Test
  void isRefusedWhereAnotherAgentListens() {
    Launcher first = Launcher.on(machine()).user("nobody");
    ready(first);
    Completed second = Launcher.on(machine()).user("nobody").at(first.port()).config();
    refused(second, UNAVAILABLE)
        .contains("127.0.0.1:" + first.port())
        .contains("EADDRINUSE")
        .contains("SMARTAGENT_STATUS_ADDRESS");
  }

  /** Without --pid host it is the init of its namespace. */
  @Test
  void reapsOrphansAsInit() throws Exception {
    HostRoot root = busybox();
    RunningContainer agent = ready(Launcher.on(root).user("agent").withOwnProcesses());
    Programs.run(
            "nsenter",
            "-t",
            Long.toString(agent.pid()),
            "-p",
            "-r",
            "/bin/sh",
            "-c",
            "for i in 1 2 3 4 5; do (/bin/true & exec /bin/true) & done; wait")
        .orFail();
    await()
        .atMost(RunningContainer.TIMEOUT)
        .untilAsserted(() -> assertThat(zombiesBelow(agent.pid())).isZero());
    assertThat(agent.isRunning()).isTrue();
  }

  private static long zombiesBelow(long pid) throws IOException {
    String children = Files.readString(Path.of("/proc/" + pid + "/task/" + pid + "/children"));
    return children
        .lines()
        .flatMap(line -> Stream.of(line.split(" ")))
        .filter(child -> !child.isBlank())
        .filter(child -> isZombie(Path.of("/proc", child, "status")))
        .count();
  }

  private static boolean isZombie(Path status) {
    return Files.exists(status) && ProcessStatus.read(status).field("State").startsWith("Z");
  }

  /** The kernel kills in another container, and the engine need not be asked which. */
  @Test
  void reportsAnOutOfMemoryKillInAnotherContainer() throws Exception {
    RunningContainer agent = ready(Launcher.on(machine()).user("nobody"));
    assertThat(modules(agent.status())).containsEntry("host-events", "enabled syslog");
    String image = Docker.importImage(busybox().path());
    afterwards.close(() -> Docker.removeImage(image));
    String hog = Docker.newName();
    afterwards.close(() -> Docker.docker("rm", "-f", hog).orFail());
    Docker.docker(
        "run",
        "--name",
        hog,
        "--label",
        Docker.LABEL,
        "--network",
        "none",
        "-m",
        "32m",
        image,
        "/bin/sh",
        "-c",
        "exec /bin/tail /dev/zero");
    String id = Docker.docker("inspect", "-f", "{{.Id}}", hog).orFail().out().strip();
    JsonNode event =
        await("the OOM kill's event")
            .atMost(Duration.ofMinutes(1))
            .until(
                () ->
                    agent.events().stream()
                        .filter(candidate -> candidate.get("module").asText().equals("host-events"))
                        .filter(candidate -> candidate.toString().contains(id))
                        .findFirst(),
                Optional::isPresent)
            .orElseThrow();
    assertThat(event.get("type").asText()).contains("OOMKilling");
    assertThat(event.get("time").asText()).endsWith("Z");
    assertThat(event.toString()).contains("tail");
  }

  @Test
  void discoversTheApplicationsOfTheHost() {
    RunningContainer agent = ready(Launcher.on(machine()).user("nobody"));
    await("the event of this JVM")
        .atMost(Duration.ofMinutes(1))
        .until(() ->
            agent.events().stream()
                .filter(event -> event.get("module").asText().equals("application-discovery"))
                .anyMatch(event ->
                    event.path("pid").asLong() == ProcessHandle.current().pid()
                        && event.toString().contains("java")));
  }

  /** A forged launch.json claims a seal that the kernel does not have. */
  @Test
  void isNotReadyWhereTheSealDoesNotHold() throws Exception {
    HostRoot root = busybox();
    Launcher launcher = Launcher.on(root).user("agent");
    try (RunningContainer honest = launcher.startAgent()) {
      honest.awaitReady();
    }
    String record = Files.readString(root.runtimeHere().resolve("launch.json"));
    Path forged = root.runtimeHere().resolve("launch.json");
    Files.writeString(
        forged,
        record
            .replaceFirst("\"uid\" : 1500", "\"uid\" : 0")
            .replaceFirst("\"gid\" : 1500", "\"gid\" : 0"));
    String options =
        "exec /smartagent/bin/smartagent --inhibit-cache --library-path /smartagent/lib"
            + " /smartagent/jre/bin/java"
            + " $(sed -e 's|@HOME@|/smartagent|g' -e '/^#/d' /smartagent/agent.options)"
            + " /mnt/root/var/lib/bonree/launch.json";
    Launcher byHand =
        Launcher.onWritable(root)
            .at(launcher.port())
            .option("--entrypoint", "/mnt/root/bin/busybox");
    RunningContainer agent =
        afterwards.close(byHand.start(List.of("sh", "-c", "PATH=/mnt/root/bin; " + options)));
    await("attestation")
        .atMost(RunningContainer.TIMEOUT)
        .until(() -> agent.logs().error().contains("Attestation failed: sealed-host"));
    assertThat(agent.get("/readyz").map(HttpResponse::statusCode)).contains(503);
    assertThat(agent.status().get("attestation").get("passed").asBoolean()).isFalse();
    assertThat(agent.status().get("attestation").toString()).contains("sealed-host");
    // The guard of the mounts has seen it too; no module has started.
    assertThat(agent.logs().out().lines()).allMatch(line -> line.contains("\"module\":\"agent\""));
  }
}
