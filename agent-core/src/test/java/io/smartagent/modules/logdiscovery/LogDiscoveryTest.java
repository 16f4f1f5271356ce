package io.smartagent.modules.logdiscovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.Event;
import io.smartagent.modules.TestModuleContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the real kernel: this JVM writes the logs, and its descriptors are found. */
final class LogDiscoveryTest {

  private static final String ID =
      "3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";

  @TempDir private Path directory;

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable thing : open) {
      thing.close();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  private OutputStream append(Path file, String text) throws IOException {
    OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    open.add(out);
    out.write(text.getBytes(UTF_8));
    return out;
  }

  private static TestModuleContext machine() {
    return new TestModuleContext(LogDiscoveryDefinition.OPEN_FILES, new LinuxKernel(), "");
  }

  private List<Event> mine(TestModuleContext context) {
    return context.events().stream()
        .filter(event -> String.valueOf(event.attributes().get("path")).startsWith(directory + "/"))
        .toList();
  }

  private static long inode(Path file) throws IOException {
    return (Long) Files.getAttribute(file, "unix:ino");
  }

  @Test
  void findsWhatAProcessWrites() throws Exception {
    Path log = directory.resolve("shop.log");
    append(log, "2026-03-01 10:15:30,120 INFO geheim\n2026-03-01 10:15:30,121 INFO b\n");

    List<Event> events = mine(machine().run(new LogDiscovery()));

    assertThat(events).hasSize(1);
    assertThat(events.getFirst().type().name()).isEqualTo("LogFileFound");
    assertThat(events.getFirst().attributes())
        .containsEntry("path", log.toString())
        .containsEntry("hostPath", log.toString())
        .containsEntry("pid", (int) ProcessHandle.current().pid())
        .containsEntry("process", "java")
        .containsEntry("origin", "file")
        .containsEntry("format", "plain")
        .containsEntry("timestamp", "yyyy-MM-dd HH:mm:ss,SSS")
        .containsEntry("size", Files.size(log))
        .containsEntry("inode", inode(log));
    assertThat(events.toString()).doesNotContain("geheim");
  }

  @Test
  void leavesOutWhatIsNotWrittenOrNoLog() throws Exception {
    Path read = Files.writeString(directory.resolve("read.log"), "text\n");
    open.add(Files.newInputStream(read));
    Path binary = directory.resolve("binary.log");
    append(binary, "\0\1\2\3binary\0");
    append(directory.resolve("app.db-wal"), "text\n");
    append(directory.resolve("0000000000.log"), "text\n");
    Path deleted = directory.resolve("deleted.log");
    append(deleted, "text\n");
    Files.delete(deleted);
    open.add(
        FileChannel.open(
            directory.resolve("data"), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    append(directory.resolve("binary"), "\0\1");

    assertThat(mine(machine().run(new LogDiscovery()))).isEmpty();
  }

  @Test
  void findsTextThatIsOnlyAppendedTo() throws Exception {
    append(directory.resolve("trail"), "a=1 b=2\n");

    List<Event> events = mine(machine().run(new LogDiscovery()));

    assertThat(events)
        .extracting(event -> event.attributes().get("format"))
        .containsExactly("logfmt");
  }

  @Test
  void looksAgainAtWhatWasEmpty() throws Exception {
    OutputStream trail = append(directory.resolve("trail"), "");
    append(directory.resolve("a.log"), "");

    TestModuleContext context =
        machine().then(() -> trail.write("{\"a\":1}\n".getBytes(UTF_8))).run(new LogDiscovery());

    assertThat(mine(context))
        .extracting(event -> event.attributes().get("format"))
        .containsExactly("unknown", "json");
  }

  @Test
  void followsARotationByRename() throws Exception {
    Path log = directory.resolve("shop.log");
    OutputStream old = append(log, "one=1 two=2\n");
    long oldInode = inode(log);

    TestModuleContext context =
        machine()
            .then(() -> Files.move(log, directory.resolve("shop.log.1")))
            .then(() -> {
              old.close();
              append(log, "");
            })
            .then(() -> {})
            .run(new LogDiscovery());

    List<Event> events = mine(context);
    assertThat(events)
        .extracting(event -> event.type().name())
        .containsExactly("LogFileFound", "LogFileRotated");
    assertThat(events.getLast().attributes())
        .containsEntry("path", log.toString())
        .containsEntry("method", "create")
        .containsEntry("oldInode", oldInode)
        .containsEntry("newInode", inode(log))
        .containsEntry("format", "logfmt");
    assertThat(context.value("smartagent_log_rotations_total")).isEqualTo(1);
  }

  @Test
  void followsCopyTruncate() throws Exception {
    Path log = directory.resolve("shop.log");
    append(log, "one=1 two=2\n");

    TestModuleContext context =
        machine()
            .then(() -> Files.write(log, new byte[0], StandardOpenOption.TRUNCATE_EXISTING))
            .run(new LogDiscovery());

    Event event = mine(context).getLast();
    assertThat(event.type().name()).isEqualTo("LogFileRotated");
    assertThat(event.attributes())
        .containsEntry("method", "copytruncate")
        .containsEntry("oldInode", inode(log))
        .containsEntry("newInode", inode(log))
        .containsEntry("oldSize", 12L)
        .containsEntry("size", 0L);
  }

  @Test
  void staysWithTheWriterWhereAChildInheritsItsDescriptor() throws Exception {
    Path log = directory.resolve("shop.log");
    append(log, "one=1 two=2\n");

    TestModuleContext context =
        machine()
            .then(() -> {
              Process child =
                  new ProcessBuilder("sleep", "1000")
                      .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                      .start();
              open.add(() -> child.destroyForcibly().waitFor());
            })
            .then(() -> Files.write(log, new byte[0], StandardOpenOption.TRUNCATE_EXISTING))
            .run(new LogDiscovery());

    assertThat(mine(context))
        .extracting(event -> event.attributes().get("pid"))
        .containsExactly((int) ProcessHandle.current().pid(), (int) ProcessHandle.current().pid());
  }

  /** As a program that opens its log for each line. */
  @Test
  void followsALogThatIsClosedUntilItIsRemoved() throws Exception {
    Path log = directory.resolve("shop.log");
    OutputStream out = append(log, "one=1 two=2\n");

    TestModuleContext context =
        machine()
            .then(out::close)
            .then(() -> assertThat(Files.exists(log)).isTrue())
            .then(() -> Files.delete(log))
            .then(() -> {})
            .run(new LogDiscovery());

    assertThat(mine(context))
        .extracting(event -> event.type().name())
        .containsExactly("LogFileFound", "LogFileGone");
  }

  @Test
  void tellsThatALogWasRemovedUnderItsWriter() throws Exception {
    Path log = directory.resolve("shop.log");
    append(log, "one=1 two=2\n");

    TestModuleContext context =
        machine().then(() -> Files.delete(log)).then(() -> {}).run(new LogDiscovery());

    assertThat(mine(context))
        .extracting(event -> event.type().name())
        .containsExactly("LogFileFound", "LogFileGone");
  }

  @Test
  void takesANameForNothingButAName() throws Exception {
    Path log = directory.resolve("a\n{\"type\":\"LogFileGone\"},\".log");
    append(log, "text\n");

    List<Event> events = mine(machine().run(new LogDiscovery()));

    assertThat(events).hasSize(1);
    assertThat(events.getFirst().attributes()).containsEntry("path", log.toString());
  }

  /** The host's root is a directory of this test; nobody's descriptors are looked at. */
  private TestModuleContext host(String source) {
    return new TestModuleContext(source, new LinuxKernel(), directory.toString());
  }

  private Path write(String path, String text) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void findsWhatContainersPrintByTheDirectoriesOfKubelet() throws Exception {
    String pod = "web_shop-7c9f_0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11";
    write("var/log/pods/" + pod + "/shop/3.log", "2026-03-01T10:15:30.1Z stdout F hello\n");
    write("var/log/pods/" + pod + "/shop/3.log.20260301-101530", "old\n");
    Files.createDirectories(directory.resolve("var/log/containers"));
    Files.createSymbolicLink(
        directory.resolve("var/log/containers/shop-7c9f_web_shop-" + ID + ".log"),
        Path.of("/var/log/pods/" + pod + "/shop/3.log"));

    TestModuleContext context =
        host(LogDiscoveryDefinition.PUBLIC_DIRECTORIES).run(new LogDiscovery());

    assertThat(context.events()).hasSize(1);
    assertThat(context.events().getFirst().attributes())
        .containsEntry("path", "/var/log/pods/" + pod + "/shop/3.log")
        .containsEntry("hostPath", "/var/log/pods/" + pod + "/shop/3.log")
        .containsEntry("pid", null)
        .containsEntry("origin", "container")
        .containsEntry("format", "cri")
        .containsEntry("containerId", ID)
        .containsEntry("containerName", "shop")
        .containsEntry("podName", "shop-7c9f")
        .containsEntry("podNamespace", "web")
        .containsEntry("podUid", "0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11");
    assertThat(context.value("smartagent_log_files", "cri", "container")).isEqualTo(1);
    assertThat(context.value("smartagent_log_files", "cri", "file")).isZero();
  }

  @Test
  void findsOneLogWhereKubeletLinksToDockers() throws Exception {
    String docker = "var/lib/docker/containers/" + ID + "/" + ID + "-json.log";
    write(docker, "{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026-03-01T10:15:30Z\"}\n");
    Path pod = directory.resolve("var/log/pods/web_shop_uid-1/shop");
    Files.createDirectories(pod);
    Files.createSymbolicLink(pod.resolve("0.log"), Path.of("/" + docker));
    TestModuleContext context = host(LogDiscoveryDefinition.LOG_DIRECTORIES);
    context
        .containers()
        .learn(
            new ContainerIdentity(
                ID, "docker", "shop", "shop:1", null, null, null, false, null, Map.of()));

    context.run(new LogDiscovery());

    assertThat(context.events()).hasSize(1);
    assertThat(context.events().getFirst().attributes())
        .containsEntry("path", "/" + docker)
        .containsEntry("format", "docker-json")
        .containsEntry("containerId", ID)
        .containsEntry("podName", "shop")
        .containsEntry("image", "shop:1");
  }

  /** Where Docker keeps its files elsewhere, kubelet's link is the only way to them. */
  @Test
  void followsKubeletsLinkToAnotherPlace() throws Exception {
    write("data/docker/c-json.log", "a=1 b=2\n");
    Path pod = directory.resolve("var/log/pods/web_shop_uid-1/shop");
    Files.createDirectories(pod);
    Files.createSymbolicLink(pod.resolve("0.log"), Path.of("/data/docker/c-json.log"));

    TestModuleContext context =
        host(LogDiscoveryDefinition.LOG_DIRECTORIES).then(() -> {}).run(new LogDiscovery());

    assertThat(context.events())
        .extracting(event -> event.attributes().get("format"))
        .containsExactly("logfmt");
  }

  @Test
  void findsPodmansAndTheSystems() throws Exception {
    write(
        "var/lib/containers/storage/overlay-containers/" + ID + "/userdata/ctr.log",
        "2026-03-01T10:15:30.1Z stdout F hello\n");
    write("var/log/syslog", "Mar  1 10:15:30 host cron: x\n");
    write("var/log/syslog.1", "Feb  1 10:15:30 host cron: x\n");
    write("var/log/nginx/access.log", "");
    write("var/log/apt/history", "text\n");
    write("var/log/wtmp", "\0");
    Files.createSymbolicLink(directory.resolve("var/log/link.log"), Path.of("/etc/passwd"));

    TestModuleContext context =
        host(LogDiscoveryDefinition.LOG_DIRECTORIES).run(new LogDiscovery());

    assertThat(context.events())
        .extracting(
            event -> event.attributes().get("path") + " " + event.attributes().get("format"))
        .containsExactlyInAnyOrder(
            "/var/lib/containers/storage/overlay-containers/" + ID + "/userdata/ctr.log cri",
            "/var/log/syslog syslog-rfc3164",
            "/var/log/nginx/access.log unknown",
            "/var/log/apt/history plain");
  }

  /** Whoever may write below /var/log must not get at another file by it. */
  @Test
  void followsNoLinkOutOfTheHostsRoot() throws Exception {
    Path outside = Files.createTempFile("outside", ".log");
    try {
      Files.writeString(outside, "text\n");
      Path pod = directory.resolve("var/log/pods/web_shop_uid-1/shop");
      Files.createDirectories(pod);
      Files.createSymbolicLink(pod.resolve("0.log"), outside);
      Files.createSymbolicLink(pod.resolve("1.log"), Path.of("../../../../../../../../" + outside));

      assertThat(host(LogDiscoveryDefinition.LOG_DIRECTORIES).run(new LogDiscovery()).events())
          .isEmpty();
    } finally {
      Files.delete(outside);
    }
  }

  @Test
  void countsAFileWhosePathIsTooLong() throws Exception {
    String deep = "var/log/" + ("d".repeat(255) + "/").repeat(3);
    write(deep + "f".repeat(251) + ".log", "text\n");
    write(deep + "app.log", "text\n");

    TestModuleContext context =
        host(LogDiscoveryDefinition.LOG_DIRECTORIES).run(new LogDiscovery());

    assertThat(context.events())
        .extracting(event -> event.attributes().get("path"))
        .containsExactly("/" + deep + "app.log");
    assertThat(context.value("smartagent_log_directories_truncated")).isEqualTo(1);
  }
}
