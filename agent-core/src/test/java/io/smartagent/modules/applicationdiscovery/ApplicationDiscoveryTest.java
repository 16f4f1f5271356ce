package io.smartagent.modules.applicationdiscovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.kernel.net.ProcessEvent;
import io.smartagent.kernel.net.ProcessEvent.Exec;
import io.smartagent.kernel.net.ProcessEvent.Exit;
import io.smartagent.kernel.net.ProcessEvent.Fork;
import io.smartagent.module.Event;
import io.smartagent.modules.TestModuleContext;
import io.smartagent.modules.container.Containers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApplicationDiscoveryTest {

  private static final String ID =
      "3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";

  /** The machine has run for 1000 seconds. */
  private static final long NOW_TICKS = 100_000;

  @TempDir private Path root;

  @BeforeEach
  void makeAHost() throws IOException {
    write("proc/uptime", "1000.00 1500.00\n");
    write("etc/passwd", "root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/bin/false\n");
    new Fake(1, "systemd").executable("/usr/lib/systemd/systemd").parent(0).make();
  }

  /** JUnit warns of links that lead out of the directory that it removes. */
  @AfterEach
  void removeLinks() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  @Test
  void tellsWhatRunsWithEverythingThatIsKnown() throws Exception {
    new Fake(4711, "java")
        .executable("/opt/java/bin/java")
        .arguments("java", "-Dssl.password=geheim", "kafka.Kafka", "server.properties")
        .uid(1000)
        .cgroup("0::/kubepods/burstable/pod0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11/" + ID)
        .environment("KAFKA_VERSION=3.9.0", "JAVA_VERSION=21.0.2", "DB_PASSWORD=geheim")
        .make();

    Event event = only(run(ApplicationDiscoveryDefinition.PROC_FULL).events());

    assertThat(event.type().name()).isEqualTo("ApplicationFound");
    assertThat(event.attributes())
        .containsEntry("pid", 4711)
        .containsEntry("name", "java")
        .containsEntry("product", "Apache Kafka")
        .containsEntry("language", "Java")
        .containsEntry("version", "3.9.0")
        .containsEntry("versionSource", "environment")
        .containsEntry("languageVersion", "21.0.2")
        .containsEntry("entryPoint", "kafka.Kafka")
        .containsEntry("executable", "/opt/java/bin/java")
        .containsEntry("executableDeleted", false)
        .containsEntry(
            "commandLine",
            List.of("java", "-Dssl.password=***", "kafka.Kafka", "server.properties"))
        .containsEntry("uid", 1000L)
        .containsEntry("user", null)
        .containsEntry("containerId", ID)
        .containsEntry("podUid", "0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11");
    assertThat(event.toString()).doesNotContain("geheim");
  }

  @Test
  void looksIntoNoEnvironmentWithoutTheRightTo() throws Exception {
    new Fake(10, "java")
        .executable("/opt/java/bin/java")
        .arguments("java", "Main")
        .environment("JAVA_VERSION=21")
        .make();

    Event event = only(run(ApplicationDiscoveryDefinition.PROC_LINKS).events());

    assertThat(event.attributes())
        .containsEntry("version", null)
        .containsEntry("languageVersion", null);
  }

  @Test
  void guessesFromTheCommandLineWhereTheExecutableIsUnknown() throws Exception {
    new Fake(10, "nginx").arguments("nginx: master process /usr/sbin/nginx").uid(33).make();

    Event event = only(run(ApplicationDiscoveryDefinition.PROC_PUBLIC).events());

    assertThat(event.attributes())
        .containsEntry("product", "nginx")
        .containsEntry("executable", null)
        .containsEntry("user", "www-data");
  }

  @Test
  void tellsStartsAndEnds() throws Exception {
    TestModuleContext context =
        context(ApplicationDiscoveryDefinition.PROC_FULL)
            .then(() ->
                new Fake(20, "redis-server")
                    .executable("/usr/bin/redis-server")
                    .startTicks(NOW_TICKS + 50)
                    .make())
            .then(() -> delete(20))
            .then(() -> {})
            .run(new ApplicationDiscovery());

    assertThat(context.events())
        .extracting(event -> event.type().name())
        .containsExactly("ApplicationStarted", "ApplicationEnded");
    assertThat(context.events().getFirst().attributes()).containsEntry("product", "Redis");
    assertThat(context.events().getFirst().attributes())
        .containsEntry("startedAt", context.events().getFirst().time().toString());
    assertThat(context.value("smartagent_applications", "C", "Redis")).isZero();
  }

  @Test
  void seesThatANumberIsAnotherProcessNow() throws Exception {
    new Fake(20, "nginx").executable("/usr/sbin/nginx").startTicks(100).make();
    TestModuleContext context =
        context(ApplicationDiscoveryDefinition.PROC_FULL)
            .then(() -> {
              delete(20);
              new Fake(20, "nginx").executable("/usr/sbin/nginx").startTicks(NOW_TICKS + 1).make();
            })
            .run(new ApplicationDiscovery());

    assertThat(context.events())
        .extracting(event -> event.type().name())
        .containsExactly("ApplicationFound", "ApplicationEnded", "ApplicationStarted");
  }

  @Test
  void seesThatAProcessExecutesAnotherProgram() throws Exception {
    new Fake(20, "sh").executable("/bin/dash").arguments("sh", "start.sh").parent(9).make();
    TestModuleContext context =
        context(ApplicationDiscoveryDefinition.PROC_FULL)
            .then(() -> {
              delete(20);
              new Fake(20, "node")
                  .executable("/usr/bin/node")
                  .arguments("node", "server.js")
                  .parent(9)
                  .make();
            })
            .run(new ApplicationDiscovery());

    assertThat(only(context.events()).attributes())
        .containsEntry("language", "Node.js")
        .containsEntry("entryPoint", "server.js");
  }

  @Test
  void countsWorkersAsProcessesOnly() throws Exception {
    new Fake(100, "nginx").executable("/usr/sbin/nginx").make();
    for (int pid = 101; pid < 110; pid++) {
      new Fake(pid, "nginx").executable("/usr/sbin/nginx").parent(100).make();
    }

    TestModuleContext context = run(ApplicationDiscoveryDefinition.PROC_FULL);

    assertThat(context.events()).hasSize(1);
    assertThat(context.value("smartagent_processes")).isEqualTo(11);
    assertThat(context.value("smartagent_applications", "C", "nginx")).isEqualTo(1);
    assertThat(context.lastObserved()).isEqualTo("11 processes, 1 application, 0 containers");
  }

  @Test
  void findsTheFirstProcessOfAContainerAndNotWhatIsExecutedInIt() throws Exception {
    String cgroup = "4:memory:/docker/" + ID;
    new Fake(50, "containerd-shim").executable("/usr/bin/containerd-shim-runc-v2").make();
    new Fake(60, "tini").executable("/tini").parent(50).cgroup(cgroup).startTicks(10).make();
    new Fake(61, "server").executable("/server").parent(60).cgroup(cgroup).startTicks(11).make();
    new Fake(62, "helper").executable("/helper").parent(61).cgroup(cgroup).startTicks(12).make();
    new Fake(70, "sh").executable("/bin/sh").parent(50).cgroup(cgroup).startTicks(99).make();

    Event event = only(run(ApplicationDiscoveryDefinition.PROC_FULL).events());

    assertThat(event.attributes())
        .containsEntry("pid", 61)
        .containsEntry("name", "server")
        .containsEntry("product", null)
        .containsEntry("containerRuntime", "docker");
  }

  @Test
  void findsTheHostsDaemonsAndNotItsCommands() throws Exception {
    new Fake(30, "sshd").executable("/usr/sbin/sshd").startTicks(100).make();
    new Fake(31, "sleep").executable("/usr/bin/sleep").startTicks(NOW_TICKS - 100).make();
    new Fake(32, "vim").executable("/usr/bin/vim").parent(30).startTicks(200).make();

    assertThat(run(ApplicationDiscoveryDefinition.PROC_FULL).events())
        .extracting(event -> event.attributes().get("name"))
        .containsExactly("sshd");
  }

  @Test
  void leavesOutTheKernelsThreadsAndTheDead() throws Exception {
    new Fake(2, "kthreadd").flags(0x208040).parent(0).make();
    new Fake(3, "nginx").state('Z').make();

    TestModuleContext context = run(ApplicationDiscoveryDefinition.PROC_FULL);

    assertThat(context.events()).isEmpty();
    assertThat(context.value("smartagent_processes")).isEqualTo(1);
  }

  @Test
  void knowsAnExecutableThatWasReplaced() throws Exception {
    new Fake(10, "nginx").executable("/usr/sbin/nginx (deleted)").make();

    assertThat(only(run(ApplicationDiscoveryDefinition.PROC_FULL).events()).attributes())
        .containsEntry("product", "nginx")
        .containsEntry("executable", "/usr/sbin/nginx")
        .containsEntry("executableDeleted", true);
  }

  @Test
  void standsWhatProcessesMayDo() throws Exception {
    new Fake(10, "a,\"b\"\n(c) S 1").executable("/srv/x\ny").arguments("\n,\"\u001b[2J", "").make();
    new Fake(11, "huge").executable("/usr/bin/node").arguments("node", "x".repeat(1 << 20)).make();
    new Fake(12, "many")
        .executable("/usr/bin/node")
        .arguments(Stream.generate(() -> "x").limit(5000).toArray(String[]::new))
        .make();
    write("proc/13/stat", "");
    write("proc/14/stat", "14 (broken");
    Files.createDirectories(root.resolve("proc/15"));
    Files.createDirectories(root.resolve("proc/16/stat"));
    write("proc/99999999999/stat", "x");
    FakeProcess bytes = new Fake(17, "bytes").executable("/usr/bin/node");
    bytes.make();
    Files.write(root.resolve("proc/17/cmdline"), new byte[] {(byte) 0xff, (byte) 0xc0, 0, 'a', 0});

    TestModuleContext context = run(ApplicationDiscoveryDefinition.PROC_FULL);

    Map<Object, Event> byPid =
        context.events().stream()
            .collect(
                Collectors.toMap(
                    event -> String.valueOf(event.attributes().get("pid")), event -> event));
    assertThat(byPid).containsOnlyKeys("10", "11", "12", "17");
    assertThat(context.events().toString().length()).isLessThan(20_000);
    assertThat(context.lastDegraded()).isEmpty();
  }

  @Test
  void doesNotWaitForAProcessThatDoesNotLetItselfBeRead() throws Exception {
    new Fake(10, "nginx").executable("/usr/sbin/nginx").make();
    Path commandLine = root.resolve("proc/10/cmdline");
    Files.delete(commandLine);
    makeFifo(commandLine);
    new Fake(11, "mysqld").executable("/usr/sbin/mysqld").make();

    TestModuleContext context = run(ApplicationDiscoveryDefinition.PROC_FULL);

    assertThat(context.events())
        .extracting(event -> event.attributes().get("product"))
        .containsExactlyInAnyOrder("nginx", "MySQL");
    assertThat(context.lastDegraded()).startsWith("1 process does not let");
    // Lets the thread that was left behind go.
    Files.write(commandLine, new byte[0]);
  }

  @Test
  void asksAProcessThatWaitsUninterruptiblyLater() throws Exception {
    new Fake(10, "node").executable("/usr/bin/node").arguments("node", "a.js").state('D').make();
    TestModuleContext context =
        context(ApplicationDiscoveryDefinition.PROC_FULL)
            .then(() -> assertThat(root.resolve("proc/10/cmdline")).exists())
            .then(() ->
                new Fake(10, "node").executable("/usr/bin/node").arguments("node", "a.js").make())
            .run(new ApplicationDiscovery());

    assertThat(only(context.events()).attributes()).containsEntry("entryPoint", "a.js");
  }

  @Test
  void runsWithoutTheHostsUsers() throws Exception {
    Files.delete(root.resolve("etc/passwd"));
    new Fake(10, "nginx").executable("/usr/sbin/nginx").uid(33).make();

    assertThat(only(run(ApplicationDiscoveryDefinition.PROC_FULL).events()).attributes())
        .containsEntry("uid", 33L)
        .containsEntry("user", null);
  }

  @Test
  void seesThisVeryProcessOnARealHost() throws Exception {
    TestModuleContext context =
        new TestModuleContext(ApplicationDiscoveryDefinition.PROC_FULL, new LinuxKernel(), "")
            .run(new ApplicationDiscovery());

    long self = ProcessHandle.current().pid();
    assertThat(context.events())
        .filteredOn(event -> event.attributes().get("pid") instanceof Integer pid && pid == self)
        .singleElement()
        .satisfies(event -> assertThat(event.attributes()).containsEntry("language", "Java"));
  }

  @Test
  void tellsThePortsThatAnApplicationHolds() throws Exception {
    new Fake(20, "nginx").executable("/usr/sbin/nginx").sockets(501, 502).make();
    new Fake(21, "nginx").executable("/usr/sbin/nginx").parent(20).sockets(501).make();
    new Fake(30, "node").executable("/usr/bin/node").arguments("node", "a.js").sockets(503).make();
    network(20, LISTENING_80, LISTENING_5432, CONNECTED);
    network(30, LISTENING_80, LISTENING_5432, CONNECTED);

    TestModuleContext context =
        context(ApplicationDiscoveryDefinition.PROC_FULL)
            .then(() -> {
              network(20, LISTENING_80, LISTENING_6379);
              network(30, LISTENING_80, LISTENING_6379);
            })
            .run(new ApplicationDiscovery());

    assertThat(context.events())
        .extracting(event -> event.type().name())
        .containsExactly(
            "ApplicationFound",
            "ApplicationFound",
            "ApplicationPortsChanged",
            "ApplicationPortsChanged");
    assertThat(of(20, context.events().subList(0, 2)).attributes())
        .containsEntry("ports", List.of(port("0.0.0.0", 80), port("127.0.0.1", 5432)))
        .containsEntry("portsBy", "descriptors");
    List<Event> changes = context.events().subList(2, 4);
    assertThat(of(20, changes).attributes())
        .containsEntry("closed", List.of(port("127.0.0.1", 5432)))
        .containsEntry("opened", List.of());
    assertThat(of(30, changes).attributes())
        .containsEntry("ports", List.of(port("127.0.0.1", 6379)))
        .containsEntry("opened", List.of(port("127.0.0.1", 6379)));
    assertThat(context.value("smartagent_application_ports")).isEqualTo(2);
  }

  @Test
  void tellsNoClientsPortAsNews() throws Exception {
    new Fake(20, "nginx").executable("/usr/sbin/nginx").sockets(501, 502).make();
    network(20, LISTENING_80);

    TestModuleContext context =
        context(ApplicationDiscoveryDefinition.PROC_FULL)
            .then(() ->
                write(
                    "proc/20/net/udp",
                    "headings\n 0: 00000000:9C40 00000000:0000 07 0:0 00:0 0 0 0 502 1\n"))
            .run(new ApplicationDiscovery());

    assertThat(context.events()).hasSize(1);
    assertThat(context.value("smartagent_application_ports")).isEqualTo(2);
  }

  @Test
  void findsTheSocketsOfAWorkerWhereTheMasterHasNone() throws Exception {
    new Fake(20, "haproxy").executable("/usr/sbin/haproxy").make();
    new Fake(21, "haproxy").executable("/usr/sbin/haproxy").parent(20).sockets(501).make();
    network(20, LISTENING_80);

    assertThat(only(run(ApplicationDiscoveryDefinition.PROC_FULL).events()).attributes())
        .containsEntry("ports", List.of(port("0.0.0.0", 80)));
  }

  @Test
  void givesAContainersSingleApplicationThePortsOfItsNetwork() throws Exception {
    String other = ID.replace('3', '4');
    new Fake(20, "nginx").executable("/usr/sbin/nginx").unknownNamespace().make();
    new Fake(30, "redis-server")
        .executable("/usr/bin/redis-server")
        .cgroup("0::/docker/" + ID)
        .unknownNamespace()
        .make();
    new Fake(40, "mysqld")
        .executable("/usr/sbin/mysqld")
        .cgroup("0::/docker/" + other)
        .unknownNamespace()
        .make();
    new Fake(41, "mongod")
        .executable("/usr/bin/mongod")
        .cgroup("0::/docker/" + other)
        .unknownNamespace()
        .make();
    Files.delete(root.resolve("proc/1/ns/net"));
    // A container with the host's network.
    new Fake(50, "etcd")
        .executable("/usr/bin/etcd")
        .cgroup("0::/docker/" + ID.replace('3', '5'))
        .unknownNamespace()
        .make();
    for (int pid : new int[] {1, 20, 50}) {
      network(pid, LISTENING_80);
      write("proc/" + pid + "/net/fib_trie", "host");
    }
    network(30, LISTENING_6379);
    write("proc/30/net/fib_trie", "one");
    for (int pid : new int[] {40, 41}) {
      network(pid, LISTENING_5432);
      write("proc/" + pid + "/net/fib_trie", "two");
    }

    List<Event> found = run(ApplicationDiscoveryDefinition.PROC_PUBLIC).events();

    assertThat(of(30, found).attributes())
        .containsEntry("ports", List.of(port("127.0.0.1", 6379)))
        .containsEntry("portsBy", "namespace");
    for (int ambiguous : new int[] {20, 40, 41, 50}) {
      assertThat(of(ambiguous, found).attributes())
          .containsEntry("ports", null)
          .containsEntry("portsBy", null);
    }
  }

  @Test
  void looksAtABoundedNumberOfDescriptorsAndTellsABoundedNumberOfPorts() throws Exception {
    int[] sockets = new int[100];
    StringBuilder tcp = new StringBuilder("headings\n");
    for (int i = 0; i < sockets.length; i++) {
      sockets[i] = 1000 + i;
      tcp.append(
          " 0: 00000000:%04X 00000000:0000 0A 0:0 00:0 0 0 0 %d 1\n".formatted(1 + i, sockets[i]));
    }
    FakeProcess many = new Fake(20, "nginx").executable("/usr/sbin/nginx").sockets(sockets);
    many.make();
    for (int i = 0; i < 20_000; i++) {
      Files.writeString(root.resolve("proc/20/fd/x" + i), "");
    }
    write("proc/20/net/tcp", tcp.toString());
    new Fake(21, "mysqld").executable("/usr/sbin/mysqld").make();

    TestModuleContext context = run(ApplicationDiscoveryDefinition.PROC_FULL);

    assertThat(context.events()).hasSize(2);
    assertThat((List<?>) context.events().getFirst().attributes().get("ports"))
        .hasSizeLessThanOrEqualTo(64);
  }

  @Test
  void isToldOfWhatLivesShortly() throws Exception {
    NewsKernel kernel = new NewsKernel();
    kernel.news(() -> {
      new Fake(20, "python3")
          .executable("/usr/bin/python3.11")
          .arguments("python3", "job.py")
          .startTicks(NOW_TICKS + 1)
          .make();
      return List.of(new Fork(20, 9, 1), new Exec(20, 2));
    });
    kernel.news(() -> {
      delete(20);
      return List.of(new Exit(20, 3, 0, 3), new Exit(4711, 0, 9, 3));
    });

    TestModuleContext context = listening(kernel, 2);

    assertThat(context.events())
        .extracting(event -> event.type().name())
        .containsExactly("ApplicationStarted", "ApplicationEnded");
    assertThat(context.events().getFirst().attributes())
        .containsEntry("entryPoint", "job.py")
        .containsEntry("languageVersion", "3.11")
        .containsEntry("ports", null);
    assertThat(context.events().getLast().attributes())
        .containsEntry("exitCode", 3)
        .containsEntry("signal", null);
    assertThat(context.value("smartagent_application_starts")).isEqualTo(1);
    assertThat(context.value("smartagent_application_ends")).isEqualTo(1);
  }

  @Test
  void tellsWhatIsLeftOfAProcessThatHasVanished() throws Exception {
    String cgroup = "0::/docker/" + ID;
    new Fake(50, "cron").executable("/usr/sbin/cron").cgroup(cgroup).make();
    NewsKernel kernel = new NewsKernel();
    kernel.news(() -> {
      new Fake(61, "grep").state('Z').parent(50).make();
      new Fake(62, "python3").state('Z').parent(50).make();
      return List.of(
          new Fork(60, 50, 1),
          new Exec(60, 2),
          new Exec(61, 2),
          new Exec(62, 2),
          new Exit(60, 0, 9, 3),
          new Exit(61, 1, 0, 3),
          new Exit(62, 1, 0, 3),
          new Exit(63, 0, 0, 3));
    });

    TestModuleContext context = listening(kernel, 1);

    List<Event> vanished =
        context.events().stream()
            .filter(event -> event.type().name().equals("ProcessVanished"))
            .toList();
    assertThat(vanished).extracting(event -> event.attributes().get("pid")).containsExactly(60, 62);
    assertThat(vanished.getFirst().attributes())
        .containsEntry("parentPid", 50)
        .containsEntry("name", null)
        .containsEntry("signal", "SIGKILL")
        .containsEntry("exitCode", null)
        .containsEntry("containerId", ID);
    assertThat(vanished.getLast().attributes())
        .containsEntry("name", "python3")
        .containsEntry("language", "Python")
        .containsEntry("exitCode", 1);
    assertThat(context.value("smartagent_process_executions_missed")).isEqualTo(3);
  }

  @Test
  void tellsABoundedNumberOfVanishedProcesses() throws Exception {
    NewsKernel kernel = new NewsKernel();
    kernel.news(() -> {
      List<ProcessEvent> all = new ArrayList<>();
      for (int pid = 1000; pid < 1250; pid++) {
        all.add(new Exec(pid, 1));
        all.add(new Exit(pid, 0, 0, 1));
      }
      return all;
    });

    TestModuleContext context = listening(kernel, 1);

    assertThat(context.events()).hasSize(30);
    assertThat(context.value("smartagent_process_executions_missed")).isEqualTo(250);
  }

  @Test
  void looksAtABoundedNumberOfProcessesAtOnceAndScansForTheOthers() throws Exception {
    TestModuleContext context = context(ApplicationDiscoveryDefinition.PROC_EVENTS);
    Containers containers = new Containers(context);
    RunningApplications running =
        new RunningApplications(new ApplicationEvents(containers), context::emit, NOW_TICKS);
    try (ProcessTable table =
        new ProcessTable(context.kernel().filesystem(), root.toString(), containers)) {
      ProcessWatch watch =
          new ProcessWatch(
              table,
              running,
              process -> new Details(process.software(), null, null),
              (process, status, owner) -> {},
              () -> 0);

      for (int pid = 1000; pid < 1400; pid++) {
        new Fake(pid, "node").executable("/usr/bin/node").startTicks(NOW_TICKS + 1).make();
        watch.accept(new Exec(pid, 1));
      }

      assertThat(context.events()).hasSize(300);
      assertThat(watch.missed()).isEqualTo(100);
      assertThat(watch.wantsScan()).isTrue();
    }
  }

  @Test
  void keepsTheEndOfALongPath() throws Exception {
    String path = "/" + "d".repeat(200) + "/" + "e".repeat(2000) + "/bin/node";
    NewsKernel kernel = new NewsKernel();
    kernel.news(() -> {
      new Fake(1000, "node").executable(path).startTicks(NOW_TICKS + 1).make();
      return List.of(new Exec(1000, 1));
    });

    Object shown = only(listening(kernel, 1).events()).attributes().get("executable");

    assertThat(String.valueOf(shown)).hasSize(513).startsWith("…e").endsWith("e/bin/node");
  }

  @Test
  void looksAtWhatItKnowsInAStormOfCommands() throws Exception {
    NewsKernel kernel = new NewsKernel();
    kernel.news(() -> {
      for (int pid = 1000; pid < 1500; pid++) {
        new Fake(pid, "cat").executable("/usr/bin/cat").startTicks(NOW_TICKS + 1).make();
      }
      new Fake(1500, "node").executable("/usr/bin/node").startTicks(NOW_TICKS + 1).make();
      return IntStream.rangeClosed(1000, 1500)
          .<ProcessEvent>mapToObj(pid -> new Exec(pid, 1))
          .toList();
    });

    TestModuleContext context = listening(kernel, 1);

    assertThat(only(context.events()).attributes()).containsEntry("language", "Node.js");
    assertThat(context.value("smartagent_process_executions_missed")).isPositive();
  }

  @Test
  void onlyScansWhileProcessesAreAFlood() throws Exception {
    NewsKernel kernel = new NewsKernel();
    for (int batch = 0; batch < 20; batch++) {
      kernel.news(() ->
          IntStream.range(1000, 2000).<ProcessEvent>mapToObj(pid -> new Fork(pid, 1, 1)).toList());
    }

    TestModuleContext context = listening(kernel, 15);

    assertThat(kernel.opened).isEqualTo(1);
    assertThat(kernel.closed).isEqualTo(1);
    assertThat(context.lastDegraded()).startsWith("Processes start and end faster");
    assertThat(context.value("smartagent_process_events_overruns")).isEqualTo(1);
  }

  @Test
  void looksForItselfWhereTheKernelHasLostNews() throws Exception {
    NewsKernel kernel = new NewsKernel();
    kernel.overrun();
    TestModuleContext context =
        new TestModuleContext(ApplicationDiscoveryDefinition.PROC_EVENTS, kernel, root.toString());
    context.then(() -> new Fake(20, "nginx").executable("/usr/sbin/nginx").make());
    for (int i = 0; i < 30; i++) {
      // The module looks for itself only when a second has passed by the machine's own clock.
      context.then(() -> Thread.sleep(50));
    }
    context.run(new ApplicationDiscovery());

    assertThat(only(context.events()).attributes()).containsEntry("product", "nginx");
  }

  private TestModuleContext listening(NewsKernel kernel, int batches) throws Exception {
    TestModuleContext context =
        new TestModuleContext(ApplicationDiscoveryDefinition.PROC_EVENTS, kernel, root.toString());
    for (int i = 1; i < batches; i++) {
      context.then(() -> {});
    }
    return context.run(new ApplicationDiscovery());
  }

  private static final String LISTENING_80 =
      " 0: 00000000:0050 00000000:0000 0A 0:0 00:0 0 0 0 501 1";

  private static final String LISTENING_5432 =
      " 1: 0100007F:1538 00000000:0000 0A 0:0 00:0 0 0 0 502 1";

  private static final String LISTENING_6379 =
      " 1: 0100007F:18EB 00000000:0000 0A 0:0 00:0 0 0 0 503 1";

  private static final String CONNECTED = " 2: 0100007F:1538 0100007F:C000 01 0:0 00:0 0 0 0 504 1";

  private void network(int pid, String... lines) throws IOException {
    write("proc/" + pid + "/net/tcp", "headings\n" + String.join("\n", lines) + "\n");
  }

  private static Map<String, Object> port(String address, int port) {
    return Map.of("protocol", "tcp", "address", address, "port", port);
  }

  private static Event of(int pid, List<Event> events) {
    return events.stream()
        .filter(event -> Integer.valueOf(pid).equals(event.attributes().get("pid")))
        .findFirst()
        .orElseThrow();
  }

  private TestModuleContext run(String source) throws Exception {
    return context(source).run(new ApplicationDiscovery());
  }

  private TestModuleContext context(String source) {
    return new TestModuleContext(source, new LinuxKernel(), root.toString());
  }

  private static Event only(List<Event> events) {
    assertThat(events).hasSize(1);
    return events.getFirst();
  }

  private void delete(int pid) throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("proc/" + pid))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void write(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static void makeFifo(Path path) throws Exception {
    int exit = new ProcessBuilder("mkfifo", path.toString()).start().waitFor();
    assertThat(exit).isZero();
  }

  private final class Fake extends FakeProcess {

    Fake(int pid, String name) {
      super(root, pid, name);
    }
  }
}
