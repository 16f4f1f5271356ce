package io.smartagent.modules.applicationdiscovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.module.Event;
import io.smartagent.modules.TestModuleContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
        .environment("KAFKA_VERSION=3.9.0", "DB_PASSWORD=geheim")
        .make();

    Event event = only(run(ApplicationDiscoveryDescriptor.PROC_FULL).events());

    assertThat(event.type()).isEqualTo("ApplicationFound");
    assertThat(event.attributes())
        .containsEntry("pid", 4711)
        .containsEntry("name", "java")
        .containsEntry("product", "Apache Kafka")
        .containsEntry("language", "Java")
        .containsEntry("version", "3.9.0")
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

    Event event = only(run(ApplicationDiscoveryDescriptor.PROC_LINKS).events());

    assertThat(event.attributes()).containsEntry("version", null);
  }

  @Test
  void guessesFromTheCommandLineWhereTheExecutableIsUnknown() throws Exception {
    new Fake(10, "nginx").arguments("nginx: master process /usr/sbin/nginx").uid(33).make();

    Event event = only(run(ApplicationDiscoveryDescriptor.PROC_PUBLIC).events());

    assertThat(event.attributes())
        .containsEntry("product", "nginx")
        .containsEntry("executable", null)
        .containsEntry("user", "www-data");
  }

  @Test
  void tellsStartsAndEnds() throws Exception {
    TestModuleContext context =
        context(ApplicationDiscoveryDescriptor.PROC_FULL)
            .then(() ->
                new Fake(20, "redis-server")
                    .executable("/usr/bin/redis-server")
                    .startTicks(NOW_TICKS + 50)
                    .make())
            .then(() -> delete(20))
            .then(() -> {})
            .run(new ApplicationDiscovery());

    assertThat(context.events())
        .extracting(Event::type)
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
        context(ApplicationDiscoveryDescriptor.PROC_FULL)
            .then(() -> {
              delete(20);
              new Fake(20, "nginx").executable("/usr/sbin/nginx").startTicks(NOW_TICKS + 1).make();
            })
            .run(new ApplicationDiscovery());

    assertThat(context.events())
        .extracting(Event::type)
        .containsExactly("ApplicationFound", "ApplicationStarted", "ApplicationEnded");
  }

  @Test
  void seesThatAProcessExecutesAnotherProgram() throws Exception {
    new Fake(20, "sh").executable("/bin/dash").arguments("sh", "start.sh").parent(9).make();
    TestModuleContext context =
        context(ApplicationDiscoveryDescriptor.PROC_FULL)
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

    TestModuleContext context = run(ApplicationDiscoveryDescriptor.PROC_FULL);

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

    Event event = only(run(ApplicationDiscoveryDescriptor.PROC_FULL).events());

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

    assertThat(run(ApplicationDiscoveryDescriptor.PROC_FULL).events())
        .extracting(event -> event.attributes().get("name"))
        .containsExactly("sshd");
  }

  @Test
  void leavesOutTheKernelsThreadsAndTheDead() throws Exception {
    new Fake(2, "kthreadd").flags(0x208040).parent(0).make();
    new Fake(3, "nginx").state('Z').make();

    TestModuleContext context = run(ApplicationDiscoveryDescriptor.PROC_FULL);

    assertThat(context.events()).isEmpty();
    assertThat(context.value("smartagent_processes")).isEqualTo(1);
  }

  @Test
  void knowsAnExecutableThatWasReplaced() throws Exception {
    new Fake(10, "nginx").executable("/usr/sbin/nginx (deleted)").make();

    assertThat(only(run(ApplicationDiscoveryDescriptor.PROC_FULL).events()).attributes())
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
    Fake bytes = new Fake(17, "bytes").executable("/usr/bin/node");
    bytes.make();
    Files.write(root.resolve("proc/17/cmdline"), new byte[] {(byte) 0xff, (byte) 0xc0, 0, 'a', 0});

    TestModuleContext context = run(ApplicationDiscoveryDescriptor.PROC_FULL);

    Map<Object, Event> byPid =
        context.events().stream()
            .collect(
                Collectors.toMap(
                    event -> String.valueOf(event.attributes().get("pid")), event -> event));
    assertThat(byPid).containsOnlyKeys("10", "11", "12", "17");
    assertThat(context.events().toString().length()).isLessThan(20_000);
    assertThat(context.lastTrouble()).isEmpty();
  }

  @Test
  void doesNotWaitForAProcessThatDoesNotLetItselfBeRead() throws Exception {
    new Fake(10, "nginx").executable("/usr/sbin/nginx").make();
    Path commandLine = root.resolve("proc/10/cmdline");
    Files.delete(commandLine);
    makeFifo(commandLine);
    new Fake(11, "mysqld").executable("/usr/sbin/mysqld").make();

    TestModuleContext context = run(ApplicationDiscoveryDescriptor.PROC_FULL);

    assertThat(context.events())
        .extracting(event -> event.attributes().get("product"))
        .containsExactlyInAnyOrder("nginx", "MySQL");
    assertThat(context.lastTrouble()).startsWith("1 process does not let");
    // Lets the thread that was left behind go.
    Files.write(commandLine, new byte[0]);
  }

  @Test
  void asksAProcessThatWaitsUninterruptiblyLater() throws Exception {
    new Fake(10, "node").executable("/usr/bin/node").arguments("node", "a.js").state('D').make();
    TestModuleContext context =
        context(ApplicationDiscoveryDescriptor.PROC_FULL)
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

    assertThat(only(run(ApplicationDiscoveryDescriptor.PROC_FULL).events()).attributes())
        .containsEntry("uid", 33L)
        .containsEntry("user", null);
  }

  @Test
  void seesThisVeryProcessOnARealHost() throws Exception {
    TestModuleContext context =
        new TestModuleContext(ApplicationDiscoveryDescriptor.PROC_FULL, new LinuxKernel(), "")
            .run(new ApplicationDiscovery());

    long self = ProcessHandle.current().pid();
    assertThat(context.events())
        .filteredOn(event -> event.attributes().get("pid") instanceof Integer pid && pid == self)
        .singleElement()
        .satisfies(event -> assertThat(event.attributes()).containsEntry("language", "Java"));
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

  /** A process's directory in /proc. */
  private final class Fake {

    private final int pid;
    private final String name;
    private @Nullable String executable;
    private String[] arguments = {};
    private String[] environment = {};
    private String cgroup = "0::/";
    private int parent = 1;
    private int uid;
    private char state = 'S';
    private long flags = 0x400000;
    private long startTicks = 100;

    Fake(int pid, String name) {
      this.pid = pid;
      this.name = name;
    }

    Fake executable(String path) {
      executable = path;
      return this;
    }

    Fake arguments(String... all) {
      arguments = all;
      return this;
    }

    Fake environment(String... assignments) {
      environment = assignments;
      return this;
    }

    Fake cgroup(String line) {
      cgroup = line;
      return this;
    }

    Fake parent(int newParent) {
      parent = newParent;
      return this;
    }

    Fake uid(int newUid) {
      uid = newUid;
      return this;
    }

    Fake state(char letter) {
      state = letter;
      return this;
    }

    Fake flags(long newFlags) {
      flags = newFlags;
      return this;
    }

    Fake startTicks(long ticks) {
      startTicks = ticks;
      return this;
    }

    void make() throws IOException {
      String directory = "proc/" + pid + "/";
      write(
          directory + "stat",
          "%d (%s) %s %d 1 1 0 -1 %d 0 0 0 0 0 0 0 0 20 0 1 0 %d 0 0\n"
              .formatted(pid, name, state, parent, flags, startTicks));
      write(directory + "comm", name + "\n");
      write(directory + "cgroup", cgroup + "\n");
      write(directory + "status", "Name:\tx\nUid:\t0\t" + uid + "\t0\t0\n");
      Files.write(root.resolve(directory + "cmdline"), terminated(arguments));
      Files.write(root.resolve(directory + "environ"), terminated(environment));
      if (executable != null) {
        Path link = root.resolve(directory + "exe");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(executable));
      }
    }

    private static byte[] terminated(String[] strings) {
      StringBuilder text = new StringBuilder();
      for (String string : strings) {
        text.append(string).append('\0');
      }
      return text.toString().getBytes(StandardCharsets.UTF_8);
    }
  }
}
