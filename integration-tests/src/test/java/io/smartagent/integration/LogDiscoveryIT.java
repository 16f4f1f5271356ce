package io.smartagent.integration;

import static io.smartagent.integration.Launches.module;
import static io.smartagent.integration.Launches.modules;
import static io.smartagent.integration.Launches.names;
import static io.smartagent.integration.machine.Programs.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.RunningContainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logs that real processes write, as lsof, stat and Docker know them. */
final class LogDiscoveryIT {

  /** A pass comes every 30 s, and the machine may be busy with other things too. */
  private static final Duration TWO_PASSES = Duration.ofSeconds(100);

  /** What a launch itself needs; the module's source comes on top. */
  private static final String[] TO_LAUNCH = {
    "SYS_ADMIN", "SYS_CHROOT", "SETUID", "SETGID", "CHOWN"
  };

  private static final String LINE = "2026-03-01 10:15:30,120 INFO started";

  @RegisterExtension final Afterwards afterwards = new Afterwards();

  private HostRoot machine() {
    return afterwards.close(HostRoot.machine());
  }

  private static Launcher launcher(HostRoot root, String... capabilities) {
    return Launcher.on(root)
        .withoutAnyCapability()
        .with(TO_LAUNCH)
        .with(capabilities)
        .user("nobody")
        .setting("--modules", "log-discovery");
  }

  private RunningContainer agent(Launcher launcher) {
    return afterwards.close(launcher.startAgent()).awaitReady();
  }

  private RunningContainer agentThatSeesAll(HostRoot root) {
    return agent(launcher(root, "SYS_PTRACE", "DAC_READ_SEARCH"));
  }

  private String busyboxImage() {
    String image = Docker.importImage(afterwards.close(HostRoot.busybox()).path());
    afterwards.close(() -> Docker.removeImage(image));
    return image;
  }

  /** Starts a container that runs a script; it writes {@code ready} when it has made its logs. */
  private String container(String image, String script, String... options) {
    String name = Docker.newName();
    List<String> words =
        new ArrayList<>(
            List.of("run", "-d", "--name", name, "--label", Docker.LABEL, "--network", "none"));
    words.addAll(List.of(options));
    words.addAll(List.of(image, "/bin/sh", "-c", script));
    afterwards.close(() -> Docker.docker("rm", "-f", name).orFail());
    Docker.docker(words).orFail();
    await("logs of " + name)
        .atMost(RunningContainer.TIMEOUT)
        .until(() -> Docker.docker("logs", name).orFail().out().contains("ready"));
    return name;
  }

  private static String inspect(String name, String template) {
    return Docker.docker("inspect", "-f", template, name).orFail().out().strip();
  }

  /** Starts a process of the host that goes on until the test ends. */
  private Process daemon(String script) throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", script)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    afterwards.close(() -> {
      process.destroyForcibly();
      process.waitFor(1, TimeUnit.MINUTES);
    });
    return process;
  }

  /** As {@link #daemon}; {@code write_line(path)} opens a log, which it keeps open. */
  private void perl(String program) throws Exception {
    String function =
        "sub write_line { open my $l, '>>', shift or die; push @f, $l; syswrite $l, '%s'.qq(\\n) } "
            .formatted(LINE);
    Path script = Files.createTempFile("smartagent-it", ".pl");
    Files.writeString(script, function + program + "; sleep 1000000;\n");
    afterwards.close(() -> Files.delete(script));
    daemon("exec perl " + script);
  }

  private static List<JsonNode> events(RunningContainer agent, String type, String path) {
    return agent.events().stream()
        .filter(event -> event.get("type").asText().equals(type))
        .filter(event -> event.path("path").asText().equals(path))
        .toList();
  }

  private static JsonNode awaitEvent(RunningContainer agent, String type, String path) {
    return await(type + " of " + path)
        .atMost(TWO_PASSES)
        .pollInterval(Duration.ofMillis(300))
        .until(() -> events(agent, type, path).stream().findFirst(), Optional::isPresent)
        .orElseThrow();
  }

  /**
   * What lsof says of a file that a process has open.
   *
   * @param device as mountinfo writes it
   */
  private record OpenFile(long pid, String command, String device, long inode, String access) {}

  /** Asks lsof for the open files of a process, by their paths. */
  private static Map<String, OpenFile> lsof(long pid) {
    String out =
        run("lsof", "-w", "-n", "-P", "-a", "-p", Long.toString(pid), "-F0", "-FpcfatDin").out();
    Map<String, OpenFile> files = new LinkedHashMap<>();
    String command = "";
    for (String line : out.split("\n", -1)) {
      Map<Character, String> fields = new LinkedHashMap<>();
      for (String field : line.split("\0", -1)) {
        if (!field.isEmpty()) {
          fields.put(field.charAt(0), field.substring(1));
        }
      }
      command = fields.getOrDefault('c', command);
      if ("REG".equals(fields.get('t')) && fields.containsKey('D') && fields.containsKey('i')) {
        long device = Long.decode(fields.get('D'));
        files.put(
            fields.get('n'),
            new OpenFile(
                pid,
                command,
                ((device >>> 8) & 0xfff) + ":" + ((device & 0xff) | ((device >>> 12) & 0xfff00)),
                Long.parseLong(fields.get('i')),
                fields.getOrDefault('a', "")));
      }
    }
    return files;
  }

  /** Asserts that the agent and lsof report the same of a file. */
  private static void assertAsLsofSays(JsonNode event, long pid, String path) {
    OpenFile file = Objects.requireNonNull(lsof(pid).get(path), () -> "lsof does not know " + path);
    assertThat(file.access()).isIn("w", "u");
    assertThat(event.get("pid").asLong()).isEqualTo(pid);
    assertThat(event.get("process").asText()).isEqualTo(file.command());
    assertThat(event.get("device").asText()).isEqualTo(file.device());
    assertThat(event.get("inode").asLong()).isEqualTo(file.inode());
  }

  private static String stat(String format, String path) {
    return run("stat", "-c", format, path).orFail().out().strip();
  }

  @Test
  void findsTheLogsOfAContainerInItAndOnTheHost() throws Exception {
    String image = busyboxImage();
    HostRoot root = machine();
    Path bound = HostRoot.makeDirectory(root.scratch().resolve("bound"));
    String volume = Docker.newName();
    Docker.docker("volume", "create", "--label", Docker.LABEL, volume).orFail();
    afterwards.close(() -> Docker.docker("volume", "rm", "-f", volume).orFail());
    String name =
        container(
            image,
            "mkdir /srv/app; exec 3>>/srv/app/layer.log 4>>/bound/bind.log 5>>/volume/volume.out;"
                + " echo '"
                + LINE
                + "' >&3; echo '{\"level\":\"info\"}' >&4; echo 'level=info msg=up' >&5; echo"
                + " ready; exec sleep 1000000",
            "-v",
            bound + ":/bound",
            "-v",
            volume + ":/volume");
    RunningContainer agent = agentThatSeesAll(root);
    long pid = Long.parseLong(inspect(name, "{{.State.Pid}}"));

    JsonNode layer = awaitEvent(agent, "LogFileFound", "/srv/app/layer.log");
    assertAsLsofSays(layer, pid, "/srv/app/layer.log");
    assertThat(layer.get("hostPath").asText())
        .isEqualTo(inspect(name, "{{.GraphDriver.Data.UpperDir}}") + "/srv/app/layer.log");
    assertThat(Files.readString(Path.of(layer.get("hostPath").asText()))).isEqualTo(LINE + "\n");
    assertThat(layer.get("size").asLong()).isEqualTo(LINE.length() + 1);
    assertThat(layer.get("timestamp").asText()).isEqualTo("yyyy-MM-dd HH:mm:ss,SSS");
    assertThat(layer.get("format").asText()).isEqualTo("plain");

    JsonNode bind = awaitEvent(agent, "LogFileFound", "/bound/bind.log");
    assertAsLsofSays(bind, pid, "/bound/bind.log");
    assertThat(bind.get("hostPath").asText()).isEqualTo(bound + "/bind.log");
    assertThat(stat("%i", bound + "/bind.log")).isEqualTo(bind.get("inode").asText());
    assertThat(bind.get("format").asText()).isEqualTo("json");

    JsonNode onVolume = awaitEvent(agent, "LogFileFound", "/volume/volume.out");
    assertAsLsofSays(onVolume, pid, "/volume/volume.out");
    String mountPoint =
        Docker.docker("volume", "inspect", "-f", "{{.Mountpoint}}", volume).orFail().out().strip();
    assertThat(onVolume.get("hostPath").asText()).isEqualTo(mountPoint + "/volume.out");
    assertThat(onVolume.get("format").asText()).isEqualTo("logfmt");

    String printed = inspect(name, "{{.LogPath}}");
    JsonNode stdout = awaitEvent(agent, "LogFileFound", printed);
    assertThat(stdout.get("hostPath").asText()).isEqualTo(printed);
    assertThat(stdout.get("origin").asText()).isEqualTo("container");
    assertThat(stdout.get("format").asText()).isEqualTo("docker-json");
    assertThat(stdout.get("inode").asText()).isEqualTo(stat("%i", printed));
    assertThat(stdout.get("containerRuntime").asText()).isEqualTo("docker");

    String id = inspect(name, "{{.Id}}");
    for (JsonNode event : List.of(layer, bind, onVolume, stdout)) {
      assertThat(event.get("containerId").asText()).isEqualTo(id);
    }
    for (JsonNode event : List.of(layer, bind, onVolume)) {
      assertThat(event.get("origin").asText()).isEqualTo("file");
    }
    assertThat(agent.logs().everything()).doesNotContain("INFO started");

    Docker.docker("rm", "-f", name).orFail();
    awaitEvent(agent, "LogFileGone", "/srv/app/layer.log");
    awaitEvent(agent, "LogFileGone", printed);
    assertThat(events(agent, "LogFileGone", "/bound/bind.log")).isEmpty();
  }

  @Test
  void followsRotationsOfADaemon() throws Exception {
    HostRoot root = machine();
    Path logs = HostRoot.makeDirectory(root.scratch().resolve("daemon"));
    Path created = logs.resolve("created.log");
    Path truncated = logs.resolve("truncated.log");
    Process daemon =
        daemon(
            "trap 'exec 3>>%1$s' USR1; exec 3>>%1$s 4>>%2$s; echo '%3$s' >&3; echo '%3$s' >&4;"
                    .formatted(created, truncated, LINE)
                + " while :; do sleep 0.2; done");
    await().atMost(RunningContainer.TIMEOUT).until(() -> Files.exists(truncated));
    RunningContainer agent = agentThatSeesAll(root);
    JsonNode found = awaitEvent(agent, "LogFileFound", created.toString());
    assertAsLsofSays(found, daemon.pid(), created.toString());
    assertThat(found.get("containerId").isNull()).isTrue();
    assertThat(found.get("hostPath").asText()).isEqualTo(created.toString());
    awaitEvent(agent, "LogFileFound", truncated.toString());
    String before = stat("%i", created.toString());
    String same = stat("%i", truncated.toString());

    logrotate(
        root,
        created
            + " { rotate 2\n nocreate\n missingok\n postrotate\n kill -USR1 "
            + daemon.pid()
            + "\n endscript\n }");
    logrotate(root, truncated + " { rotate 2\n copytruncate\n }");

    JsonNode create = awaitEvent(agent, "LogFileRotated", created.toString());
    assertThat(create.get("method").asText()).isEqualTo("create");
    assertThat(create.get("oldInode").asText()).isEqualTo(before);
    assertThat(stat("%i", created + ".1")).isEqualTo(before);
    assertThat(create.get("newInode").asText()).isEqualTo(stat("%i", created.toString()));
    JsonNode copytruncate = awaitEvent(agent, "LogFileRotated", truncated.toString());
    assertThat(copytruncate.get("method").asText()).isEqualTo("copytruncate");
    assertThat(copytruncate.get("oldInode").asText()).isEqualTo(same);
    assertThat(copytruncate.get("newInode").asText()).isEqualTo(same);
    assertThat(metric(agent, "smartagent_log_rotations_total")).isGreaterThanOrEqualTo(2);
    assertThat(events(agent, "LogFileFound", created.toString())).hasSize(1);
    assertThat(events(agent, "LogFileFound", created + ".1")).isEmpty();
  }

  private static void logrotate(HostRoot root, String configuration) throws Exception {
    Path file = Files.createTempFile(root.scratch(), "logrotate", ".conf");
    Files.writeString(file, configuration + "\n");
    run(
            "logrotate",
            "-f",
            "-s",
            root.scratch().resolve("logrotate.state").toString(),
            file.toString())
        .orFail();
  }

  private static double metric(RunningContainer agent, String sample) {
    Matcher matcher =
        Pattern.compile("^" + Pattern.quote(sample) + " (\\S+)$", Pattern.MULTILINE)
            .matcher(agent.get("/metrics").orElseThrow().body());
    assertThat(matcher.find()).as(sample).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SYS_PTRACE,DAC_READ_SEARCH | enabled open-files          | true  | true",
        "DAC_READ_SEARCH            | degraded log-directories    | false | true",
        "SYS_PTRACE                 | degraded public-directories | false | false",
        "KILL                       | degraded public-directories | false | false"
      })
  void seesWithExactlyItsCapabilitiesWhatItsSourceShows(
      String capabilities, String source, boolean seesOpenFiles, boolean seesDockersFiles)
      throws Exception {
    String image = busyboxImage();
    HostRoot root = machine();
    String name =
        container(
            image, "exec 3>>/layer.log; echo '" + LINE + "' >&3; echo ready; exec sleep 1000000");
    Path open = Path.of("/var/log", Docker.newName() + ".log");
    Files.writeString(open, LINE + "\n");
    afterwards.close(() -> Files.delete(open));
    Launcher launcher = launcher(root, capabilities.split(",", -1));
    JsonNode plan = module(launcher.plan(), "log-discovery");
    RunningContainer agent = agent(launcher);
    String printed = inspect(name, "{{.LogPath}}");

    assertThat(modules(agent.status())).containsEntry("log-discovery", source);
    JsonNode published = awaitEvent(agent, "LogFileFound", open.toString());
    assertThat(published.get("hostPath").asText()).isEqualTo(open.toString());
    assertThat(published.get("inode").asText()).isEqualTo(stat("%i", open.toString()));
    assertThat(published.get("pid").isNull()).isTrue();
    if (seesDockersFiles) {
      JsonNode stdout = awaitEvent(agent, "LogFileFound", printed);
      assertThat(stdout.get("containerId").asText()).isEqualTo(inspect(name, "{{.Id}}"));
    }
    if (seesOpenFiles) {
      awaitEvent(agent, "LogFileFound", "/layer.log");
      assertThat(plan.get("effect").isNull()).isTrue();
    } else {
      assertThat(plan.get("effect").asText()).isNotBlank();
      assertThat(plan.get("missing").asText()).contains("CAP_");
      assertThat(events(agent, "LogFileFound", "/layer.log")).isEmpty();
    }
    if (!seesDockersFiles) {
      assertThat(events(agent, "LogFileFound", printed)).isEmpty();
      assertThat(metric(agent, "smartagent_log_directories_unreadable")).isPositive();
    }
    assertThat(names(plan.get("capabilities")))
        .as("no more than its source's")
        .isSubsetOf("CAP_SYS_PTRACE", "CAP_DAC_READ_SEARCH")
        .hasSize(seesOpenFiles ? 2 : seesDockersFiles ? 1 : 0);
  }

  /** A container may do with its own files what it likes: the agent neither hangs nor believes. */
  @Test
  void isNotMisledByAHostileContainer() throws Exception {
    String image = busyboxImage();
    HostRoot root = machine();
    Path secrets = HostRoot.makeDirectory(root.scratch().resolve("secrets"));
    Files.writeString(secrets.resolve("moved.log"), LINE + "\n");
    String forged = "/var/log/pods/kube-system_etcd_uid-1/etcd/0.log";
    String name =
        container(
            image,
            "mkdir -p /srv/x /var/log/pods/kube-system_etcd_uid-1/etcd;"
                + " exec 3>>\"/srv/x/$(printf 'a\\nb\\377,\\042{}.log')\";"
                + " mkfifo /srv/x/fifo.log; exec 5<>/srv/x/fifo.log;"
                + " exec 6>>"
                + forged
                + " 7>>/srv/x/moved.log 8>>/srv/x/removed.log;"
                + " for fd in 3 6 7 8; do echo '"
                + LINE
                + "' >&$fd; done; rm /srv/x/removed.log;"
                + " trap 'exec 7>&-; rm -r /srv/x; ln -s "
                + secrets
                + " /srv/x; echo swapped' HUP;"
                + " echo ready; while :; do sleep 0.2; done");
    RunningContainer agent = agentThatSeesAll(root);
    String id = inspect(name, "{{.Id}}");

    JsonNode strange = awaitEvent(agent, "LogFileFound", "/srv/x/a\nb\uFFFD,\"{}.log");
    assertThat(strange.get("containerId").asText()).isEqualTo(id);
    JsonNode pod = awaitEvent(agent, "LogFileFound", forged);
    assertThat(pod.get("containerId").asText()).isEqualTo(id);
    assertThat(pod.get("podName").isNull()).isTrue();
    assertThat(pod.get("origin").asText()).isEqualTo("file");
    awaitEvent(agent, "LogFileFound", "/srv/x/moved.log");
    assertThat(events(agent, "LogFileFound", "/srv/x/fifo.log")).isEmpty();
    assertThat(events(agent, "LogFileFound", "/srv/x/removed.log")).isEmpty();

    // Where its log was there is now a link to a directory of the host with a log of that name.
    Docker.docker("kill", "-s", "HUP", name).orFail();
    awaitEvent(agent, "LogFileGone", "/srv/x/moved.log");
    assertThat(agent.status().toString()).doesNotContain("\"unhealthy\"");
  }

  /** bindfs is a file system in a process; while that is stopped, no access returns. */
  @Test
  void isNotHeldUpByAFilesystemThatDoesNotAnswer() throws Exception {
    HostRoot root = machine();
    Path source = HostRoot.makeDirectory(root.scratch().resolve("source"));
    Path hung = HostRoot.makeDirectory(root.scratch().resolve("hung"));
    Path alive = root.scratch().resolve("alive.log");
    Process bindfs =
        new ProcessBuilder("bindfs", "-f", source.toString(), hung.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    afterwards.close(() -> {
      run("kill", "-CONT", Long.toString(bindfs.pid())).orFail();
      run("umount", "-l", hung.toString()).orFail();
      bindfs.destroy();
      bindfs.waitFor(1, TimeUnit.MINUTES);
    });
    await()
        .atMost(RunningContainer.TIMEOUT)
        .until(() -> run("mountpoint", "-q", hung.toString()).exitCode() == 0);
    perl(
        "for (1..12) { open my $h, '>>', \"%1$s/$_.log\" or die; push @f, $h } write_line('%2$s')"
            .formatted(hung, alive));
    await().atMost(RunningContainer.TIMEOUT).until(() -> Files.exists(alive));
    run("kill", "-STOP", Long.toString(bindfs.pid())).orFail();

    RunningContainer agent = agentThatSeesAll(root);

    awaitEvent(agent, "LogFileFound", alive.toString());
    assertThat(metric(agent, "smartagent_log_filesystems_unresponsive")).isPositive();
    assertThat(metric(agent, "smartagent_log_discovery_pass_seconds")).isLessThan(5);
    assertThat(agent.status().toString()).contains("not answer,");
  }

  /** More descriptors than the agent looks at in one pass, and the log comes last. */
  @Test
  void comesToTheLogOfAProcessWithVeryManyDescriptors() throws Exception {
    HostRoot root = machine();
    Path log = root.scratch().resolve("last.log");
    int descriptors = Math.min(100_000, hardLimit() - 100);
    perl(
        "for (1..%1$s) { open my $h, '<', '/dev/null' or die $!; push @f, $h } write_line('%2$s')"
            .formatted(descriptors, log));
    await().atMost(RunningContainer.TIMEOUT).until(() -> Files.exists(log));

    RunningContainer agent = agentThatSeesAll(root);

    await("a pass")
        .atMost(TWO_PASSES)
        .untilAsserted(() ->
            assertThat(metric(agent, "smartagent_log_descriptors_truncated"))
                .isGreaterThan(descriptors - 1100.0));
    assertThat(metric(agent, "smartagent_log_discovery_pass_seconds")).isLessThan(5);
  }

  private static int hardLimit() {
    return Integer.parseInt(run("sh", "-c", "ulimit -Hn").orFail().out().strip());
  }
}
