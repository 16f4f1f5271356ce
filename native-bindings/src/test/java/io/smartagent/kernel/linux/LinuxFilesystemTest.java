package io.smartagent.kernel.linux;

import static io.smartagent.kernel.capability.Capability.CAP_CHOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.file.FileType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LinuxFilesystemTest {

  private static final int O_PATH = 010000000;
  private static final int O_NONBLOCK = 04000;

  private final SystemCalls calls = new SystemCalls();
  private final LinuxFilesystem filesystem =
      new LinuxFilesystem(calls, new LinuxDescriptors(calls));
  private final int placeOfLink = O_PATH | calls.architecture().noFollowFlag();

  @TempDir private Path outside;

  private Path top = Path.of("");
  private int openBefore;

  /** A root with the links that a host's root has, and some that try to leave it. */
  @BeforeEach
  void makeRoot() throws Exception {
    top = Files.createDirectory(outside.resolve("root"));
    Files.writeString(outside.resolve("secret"), "secret");
    Files.createDirectories(top.resolve("usr/bin"));
    Files.createDirectories(top.resolve("etc/alternatives"));
    Files.createDirectories(top.resolve("var/lib"));
    Files.writeString(top.resolve("usr/bin/mawk"), "mawk");
    Files.writeString(top.resolve("etc/passwd"), "passwd");
    link("bin", "usr/bin");
    link("usr/bin/awk", "/etc/alternatives/awk");
    link("etc/alternatives/awk", "/usr/bin/mawk");
    link("etc/up", "../../../../secret");
    link("etc/out", outside.resolve("secret").toString());
    link("etc/loop", "loop2");
    link("etc/loop2", "/etc/loop");
    link("etc/dangling", "nowhere");
    link("etc/slash", "../usr/bin/");
    link("etc/fileslash", "passwd/");
    link("etc/top", "/");
    link("etc/self", ".");
    for (int i = 0; i < 42; i++) {
      link("var/l" + i, i == 0 ? "../etc/passwd" : "l" + (i - 1));
    }
    openBefore = openDescriptors();
  }

  @AfterEach
  void noDescriptorIsLeftOpen() throws Exception {
    // JUnit would warn of every link that leads out.
    Program.run("rm", "-r", top.toString());
    assertThat(openDescriptors()).isLessThanOrEqualTo(openBefore + 3);
  }

  private static int openDescriptors() {
    String[] names = Path.of("/proc/self/fd").toFile().list();
    return names == null ? 0 : names.length;
  }

  private void link(String name, String target) throws Exception {
    Files.createSymbolicLink(top.resolve(name), Path.of(target));
    if (target.endsWith("/") && !target.equals("/")) {
      // java.nio takes the slash away.
      Files.delete(top.resolve(name));
      Program.run("ln", "-s", target, top.resolve(name).toString());
    }
  }

  private static void assertFails(Errno errno, ThrowingCallable body) {
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(body)
        .satisfies(e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @ParameterizedTest
  @CsvSource({
    "etc/passwd, passwd",
    "/etc/passwd, passwd",
    "//etc///./passwd, passwd",
    "etc/../etc/passwd, passwd",
    "../../../etc/passwd, passwd",
    "bin/awk, mawk",
    "/bin/awk, mawk",
    "etc/slash/mawk, mawk",
    "etc/top/etc/top/etc/passwd, passwd",
    "etc/self/self/passwd, passwd",
    "var/l39, passwd",
  })
  void opensWithinTheRootBothWays(String path, String content) throws Exception {
    try (Descriptor root = filesystem.openDirectory(top.toString());
        Descriptor file = filesystem.openInRoot(root, path);
        Descriptor sameFile = filesystem.byComponents(root, path, O_NONBLOCK)) {
      assertThat(filesystem.readAll(file, 100)).asString().isEqualTo(content);
      assertThat(filesystem.readAll(sameFile, 100)).asString().isEqualTo(content);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "etc/up, ENOENT",
    "etc/out, ENOENT",
    "../secret, ENOENT",
    "etc/loop, ELOOP",
    "etc/dangling, ENOENT",
    "etc/passwd/, ENOTDIR",
    "etc/passwd/.., ENOTDIR",
    "etc/passwd/../passwd, ENOTDIR",
    "etc/passwd/., ENOTDIR",
    "etc/fileslash, ENOTDIR",
    "var/l40, ELOOP",
    "'', ENOENT",
  })
  void refusesBothWays(String path, Errno errno) throws Exception {
    try (Descriptor root = filesystem.openDirectory(top.toString())) {
      assertFails(errno, () -> filesystem.openInRoot(root, path));
      assertFails(errno, () -> filesystem.byComponents(root, path, O_NONBLOCK));
      assertFails(errno, () -> filesystem.byComponents(root, path, O_PATH));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"etc/..", "/", ".", "etc/alternatives/..", "bin/..", "etc/slash"})
  void aDirectoryAtTheEndCanBeReadBothWays(String path) throws Exception {
    try (Descriptor root = filesystem.openDirectory(top.toString());
        Descriptor directory = filesystem.openInRoot(root, path);
        Descriptor same = filesystem.byComponents(root, path, O_NONBLOCK)) {
      assertThat(filesystem.list(same)).isEqualTo(filesystem.list(directory)).isNotEmpty();
      assertFails(Errno.EISDIR, () -> filesystem.readAll(same, 10));
    }
  }

  @Test
  void locatesALinkItself() throws Exception {
    try (Descriptor root = filesystem.openDirectory(top.toString());
        Descriptor link = filesystem.locateLinkInRoot(root, "bin/awk");
        Descriptor same = filesystem.byComponents(root, "bin/awk", placeOfLink)) {
      assertThat(filesystem.status(link).type()).isEqualTo(FileType.SYMBOLIC_LINK);
      assertThat(filesystem.status(same)).isEqualTo(filesystem.status(link));
    }
  }

  /** The kernel is the oracle: whatever the path, both ways end at the same file or error. */
  @Test
  void bothWaysAgreeOnRandomPaths() throws Exception {
    Random random = new Random(20_260_101);
    List<String> names =
        List.of(
            "..",
            ".",
            "",
            "etc",
            "usr",
            "bin",
            "var",
            "lib",
            "passwd",
            "awk",
            "mawk",
            "up",
            "out",
            "loop",
            "slash",
            "fileslash",
            "top",
            "self",
            "alternatives",
            "dangling",
            "l39",
            "l40",
            "absent");
    try (Descriptor root = filesystem.openDirectory(top.toString())) {
      for (int i = 0; i < 3000; i++) {
        List<String> parts =
            IntStream.rangeClosed(0, random.nextInt(6))
                .mapToObj(n -> names.get(random.nextInt(names.size())))
                .toList();
        String path = String.join("/", parts);
        assertThat(outcome(() -> filesystem.byComponents(root, path, O_NONBLOCK)))
            .as("open %s", path)
            .isEqualTo(outcome(() -> filesystem.openInRoot(root, path)));
        assertThat(outcome(() -> filesystem.byComponents(root, path, O_PATH)))
            .as("locate %s", path)
            .isEqualTo(outcome(() -> filesystem.locateInRoot(root, path)));
        assertThat(outcome(() -> filesystem.byComponents(root, path, placeOfLink)))
            .as("locate link %s", path)
            .isEqualTo(outcome(() -> filesystem.locateLinkInRoot(root, path)));
      }
    }
  }

  private interface Open {
    Descriptor open() throws ErrnoException;
  }

  private String outcome(Open open) {
    try (Descriptor file = open.open()) {
      return filesystem.status(file).toString();
    } catch (ErrnoException e) {
      return e.errno().name();
    }
  }

  /** A rename anywhere on the machine makes openat2(2) fail with EAGAIN on a path with "..". */
  @Test
  void opensWhileSomebodyRenames() throws Exception {
    Path one = Files.createDirectories(outside.resolve("busy/one"));
    Path two = outside.resolve("busy/two");
    AtomicBoolean stop = new AtomicBoolean();
    Thread renamer =
        Thread.ofPlatform()
            .start(() -> {
              while (!stop.get()) {
                assertThat(one.toFile().renameTo(two.toFile())).isTrue();
                assertThat(two.toFile().renameTo(one.toFile())).isTrue();
              }
            });
    String path = "etc/../".repeat(40) + "etc/passwd";
    try (Descriptor root = filesystem.openDirectory(top.toString())) {
      for (int i = 0; i < 3000; i++) {
        filesystem.locateInRoot(root, path).close();
      }
    } finally {
      stop.set(true);
      renamer.join();
    }
  }

  @Test
  void readsToTheEndButNotBeyondTheLimit() throws Exception {
    byte[] content = new byte[200_000];
    new Random(1).nextBytes(content);
    Path file = Files.write(top.resolve("large"), content);

    assertThat(filesystem.readAll(file.toString(), 200_000)).isEqualTo(content);
    assertFails(Errno.EFBIG, () -> filesystem.readAll(file.toString(), 199_999));
    assertFails(Errno.ENOENT, () -> filesystem.readAll(file + "x", 10));
    assertFails(Errno.EISDIR, () -> filesystem.readAll(top.toString(), 10));
  }

  @Test
  void aPathWithANulInItIsNotCutOff() {
    assertFails(Errno.EINVAL, () -> filesystem.readAll(top + "/etc/passwd\0x", 100));
    assertFails(
        Errno.EINVAL,
        () -> {
          try (Descriptor root = filesystem.openDirectory(top.toString())) {
            filesystem.openInRoot(root, "etc/passwd\0").close();
          }
        });
  }

  @Test
  void readsTheWholeOfASysctl() throws Exception {
    assertThat(filesystem.readAll("/proc/sys/kernel/cap_last_cap", 100))
        .asString(StandardCharsets.US_ASCII)
        .matches("\\d\\d\\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/null", "/proc/self/status", "/usr/bin/env", "/", "/dev"})
  void statusAgreesWithStatAndWithTheOlderCall(String path) throws Exception {
    String directory = path.equals("/") ? "/" : path.substring(0, path.lastIndexOf('/') + 1);
    String name = path.substring(path.lastIndexOf('/') + 1);
    try (Descriptor start = filesystem.openDirectory(directory);
        Descriptor file = filesystem.locateInRoot(start, name.isEmpty() ? "." : name)) {
      FileStatus status = filesystem.status(file);

      String[] stat =
          Program.run("stat", "-L", "-c", "%a %u %g %i %s %d %h %F", path).text().split(" ", 8);
      assertThat(status.permissions()).isEqualTo(Integer.parseInt(stat[0], 8));
      assertThat(status.uid()).isEqualTo(Integer.parseInt(stat[1]));
      assertThat(status.gid()).isEqualTo(Integer.parseInt(stat[2]));
      assertThat(status.size()).isEqualTo(Long.parseLong(stat[4]));
      if (!path.startsWith("/proc")) {
        assertThat(status.links()).isEqualTo(Long.parseLong(stat[6]));
        assertThat(status.inode()).isEqualTo(Long.parseLong(stat[3]));
        long device = Long.parseLong(stat[5]);
        long major = device >>> 8 & 0xfff;
        long minor = (device & 0xff) | (device >>> 12 & 0xfff00);
        assertThat(status.device()).isEqualTo(major << 32 | minor);
      }
      assertThat(filesystem.statusWithoutStatx(file)).isEqualTo(status);
      assertThat(filesystem.status(path)).isEqualTo(status);
    }
  }

  @Test
  void tellsEachTypeOfFile() throws Exception {
    Program.run("mkfifo", top.resolve("fifo").toString());
    try (Descriptor root = filesystem.openDirectory(top.toString())) {
      assertThat(typeOf(root, "fifo")).isEqualTo(FileType.FIFO);
      assertThat(typeOf(root, "etc")).isEqualTo(FileType.DIRECTORY);
      assertThat(typeOf(root, "etc/passwd")).isEqualTo(FileType.REGULAR);
      assertThat(typeOf(root, "bin")).isEqualTo(FileType.SYMBOLIC_LINK);
    }
    try (Descriptor dev = filesystem.openDirectory("/dev")) {
      assertThat(typeOf(dev, "null")).isEqualTo(FileType.CHARACTER_DEVICE);
    }
  }

  private FileType typeOf(Descriptor root, String name) throws ErrnoException {
    try (Descriptor file = filesystem.locateLinkInRoot(root, name)) {
      return filesystem.status(file).type();
    }
  }

  @Test
  void opensAFifoWithoutWaitingForAWriter() throws Exception {
    Program.run("mkfifo", top.resolve("fifo").toString());
    try (Descriptor root = filesystem.openDirectory(top.toString());
        Descriptor fifo = filesystem.openInRoot(root, "fifo")) {
      assertThat(filesystem.readAll(fifo, 10)).isEmpty();
    }
  }

  @Test
  void filesystemStatusAgreesWithStat() throws Exception {
    for (String path : List.of("/proc", "/", "/dev")) {
      try (Descriptor directory = filesystem.openDirectory(path)) {
        String magic = Program.run("stat", "-f", "-c", "%t", path).text();
        assertThat(filesystem.filesystemStatus(directory).magic())
            .isEqualTo(Long.parseLong(magic, 16));
        assertThat(filesystem.filesystemStatus(directory).isProc()).isEqualTo(path.equals("/proc"));
      }
    }
    try (Descriptor directory = filesystem.openDirectory(top.toString())) {
      assertThat(filesystem.filesystemStatus(directory).readOnly()).isFalse();
      assertThat(filesystem.filesystemStatus(directory).availableBytes())
          .isCloseTo(
              Files.getFileStore(top).getUsableSpace(),
              org.assertj.core.data.Percentage.withPercentage(5));
    }
  }

  @Test
  void listsEveryNameOfALargeDirectory() throws Exception {
    Path directory = Files.createDirectory(top.resolve("many"));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      names.add("a-rather-long-name-with-ümlaut-" + i);
      Files.createFile(directory.resolve(names.getLast()));
    }
    try (Descriptor open = filesystem.openDirectory(directory.toString())) {
      assertThat(filesystem.list(open)).containsExactlyInAnyOrderElementsOf(names);
      assertThat(filesystem.list(open)).hasSize(2000);
      assertThat(filesystem.list(open, 700)).hasSize(700).isSubsetOf(names);
      assertThat(filesystem.list(open, 0)).isEmpty();
    }
  }

  /** Whoever only opened the path would read another file, or none. */
  @Test
  void locatesTheVeryFileThatAProcessHasOpen() throws Exception {
    Path file = Files.writeString(top.resolve("etc/app.log"), "old");
    long inode = (Long) Files.getAttribute(file, "unix:ino");
    try (Descriptor open = filesystem.openFile(file.toString())) {
      Files.move(file, top.resolve("etc/app.log.1"));
      Files.writeString(file, "new");
      try (Descriptor place = filesystem.locate("/proc/self/fd/" + open.number());
          Descriptor readable = filesystem.openFile("/proc/self/fd/" + place.number())) {
        assertThat(filesystem.status(place).inode()).isEqualTo(inode);
        assertThat(filesystem.readStart(readable, 64)).asString().isEqualTo("old");
      }
    }
  }

  @Test
  void locatesAFifoThatNobodyWritesTo() throws Exception {
    Program.run("mkfifo", top + "/etc/fifo");
    try (Descriptor place = filesystem.locate(top + "/etc/fifo")) {
      assertThat(filesystem.status(place).type()).isEqualTo(FileType.FIFO);
    }
  }

  @Test
  void readsNoMoreThanTheStartOfALongFile() throws Exception {
    Path file = Files.writeString(top.resolve("long"), "x".repeat(200_000));
    try (Descriptor open = filesystem.openFile(file.toString())) {
      assertThat(filesystem.readStart(open, 100_000)).hasSize(100_000);
      assertThat(filesystem.readStart(open, 150_000)).hasSize(100_000);
    }
  }

  @Test
  void listsDirectoriesAndNothingElse() throws Exception {
    Path directory = Files.createDirectory(top.resolve("mixed"));
    Files.createDirectory(directory.resolve("kubepods"));
    Files.createDirectory(directory.resolve("docker-1.scope"));
    Files.createFile(directory.resolve("memory.stat"));
    Files.createSymbolicLink(directory.resolve("cpu"), Path.of("kubepods"));

    assertThat(filesystem.directories(directory.toString(), 10))
        .containsExactlyInAnyOrder("kubepods", "docker-1.scope");
    assertFails(Errno.ENOTDIR, () -> filesystem.directories(directory + "/memory.stat", 10));
    assertFails(Errno.ENOENT, () -> filesystem.directories(directory + "/absent", 10));
    assertFails(Errno.ENOENT, () -> filesystem.status(directory + "/absent"));
  }

  @Test
  void readsLinks() throws Exception {
    assertThat(filesystem.readLink(top + "/usr/bin/awk")).isEqualTo("/etc/alternatives/awk");
    assertFails(Errno.EINVAL, () -> filesystem.readLink(top + "/etc/passwd"));
    try (Descriptor root = filesystem.openDirectory(top.toString());
        Descriptor link = filesystem.locateLinkInRoot(root, "usr/bin/awk");
        Descriptor file = filesystem.locateLinkInRoot(root, "etc/passwd")) {
      assertThat(filesystem.readLink(link)).isEqualTo("/etc/alternatives/awk");
      assertFails(Errno.ENOENT, () -> filesystem.readLink(file));
    }
  }

  @Test
  void replacesAFileAtOnceWithExactPermissions() throws Exception {
    try (Descriptor etc = filesystem.openDirectory(top.resolve("etc").toString())) {
      filesystem.replace(etc, "passwd", "new".getBytes(StandardCharsets.UTF_8), 0666);
      filesystem.replace(etc, "empty", new byte[0], 0600);
      filesystem.replace(etc, "large", new byte[300_000], 0400);

      assertThat(top.resolve("etc/passwd")).hasContent("new");
      assertThat(Files.getPosixFilePermissions(top.resolve("etc/passwd"))).hasSize(6);
      assertThat(top.resolve("etc/empty")).isEmptyFile();
      assertThat(top.resolve("etc/large")).hasSize(300_000);
    }
  }

  @Test
  void aReplacementThatFailsLeavesNothingBehind() throws Exception {
    try (Descriptor etc = filesystem.openDirectory(top.resolve("etc").toString())) {
      assertFails(Errno.EISDIR, () -> filesystem.replace(etc, "alternatives", new byte[1], 0600));
    }
    assertNothingTemporary();
  }

  @Test
  void replacesAFileFromManyProcessesAtOnce() throws Exception {
    List<Future<?>> writers = new ArrayList<>();
    try (Descriptor etc = filesystem.openDirectory(top.resolve("etc").toString());
        ExecutorService pool = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        byte[] content = ("writer " + i).repeat(1000).getBytes(StandardCharsets.UTF_8);
        writers.add(
            pool.submit(() -> {
              for (int round = 0; round < 50; round++) {
                filesystem.replace(etc, "passwd", content, 0644);
              }
              return null;
            }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
    assertThat(Files.readString(top.resolve("etc/passwd"))).matches("(writer \\d){1000}");
    assertNothingTemporary();
  }

  @Test
  void removesWhatAKilledWriterHasLeftAndNothingElse() throws Exception {
    Files.writeString(top.resolve("etc/.passwd.1f.new"), "half");
    link("etc/.passwd.2f.new", outside.resolve("secret").toString());
    Path written = Files.writeString(top.resolve("etc/.passwd.3f.new"), "being written");
    Files.writeString(top.resolve("etc/.group.1f.new"), "of another file");
    try (Descriptor etc = filesystem.openDirectory(top.resolve("etc").toString());
        Descriptor locked = filesystem.openFile(written.toString())) {
      assertThat(filesystem.tryLock(locked, false)).isTrue();
      filesystem.replace(etc, "passwd", "new".getBytes(StandardCharsets.UTF_8), 0644);
    }
    assertThat(top.resolve("etc/.passwd.1f.new")).doesNotExist();
    assertThat(outside.resolve("secret")).hasContent("secret");
    assertThat(written).hasContent("being written");
    assertThat(top.resolve("etc/.group.1f.new")).exists();
    assertThat(top.resolve("etc/passwd")).hasContent("new").isRegularFile();
  }

  private void assertNothingTemporary() throws IOException {
    try (Stream<Path> names = Files.list(top.resolve("etc"))) {
      assertThat(names).noneMatch(name -> name.toString().endsWith(".new"));
    }
  }

  @Test
  void makesAndRemovesDirectoriesWithExactPermissions() throws Exception {
    try (Descriptor root = filesystem.openDirectory(top.toString())) {
      filesystem.makeDirectory(root, "made", 01777);
      try (Descriptor made = filesystem.locateInRoot(root, "made")) {
        assertThat(filesystem.status(made).permissions()).isEqualTo(01777);
      }
      assertFails(Errno.EEXIST, () -> filesystem.makeDirectory(root, "made", 0755));
      filesystem.removeDirectory(root, "made");
      assertThat(top.resolve("made")).doesNotExist();
      assertFails(Errno.ENOTDIR, () -> filesystem.removeDirectory(root, "bin"));
    }
  }

  /** Places that are only located (O_PATH) are what callers have: fchown(2) is EBADF on those. */
  @Test
  void changesTheOwnerOfAPlaceThatIsOnlyLocated() throws Exception {
    Requires.capabilities(CAP_CHOWN);
    try (Descriptor root = filesystem.openDirectory(top.toString());
        Descriptor located = filesystem.locateInRoot(root, "etc/passwd");
        Descriptor open = filesystem.openInRoot(root, "usr/bin/mawk");
        Descriptor link = filesystem.locateLinkInRoot(root, "bin")) {
      filesystem.changeOwner(located, 1234, 4321);
      filesystem.changeOwner(open, 1235, 4321);
      filesystem.changeOwner(link, 1236, 4321);

      assertThat(filesystem.status(located).uid()).isEqualTo(1234);
      assertThat(filesystem.status(located).gid()).isEqualTo(4321);
      assertThat(filesystem.status(open).uid()).isEqualTo(1235);
      assertThat(filesystem.status(link).uid()).isEqualTo(1236);
    }
    assertThat(Files.getAttribute(top.resolve("usr/bin"), "unix:uid")).isNotEqualTo(1236);
  }

  @Test
  void tryingToWriteLeavesNothingBehind() throws Exception {
    filesystem.tryMakeDirectory(top + "/etc/try");
    filesystem.tryOpenForWriting(top + "/etc/passwd");

    assertThat(top.resolve("etc/try")).doesNotExist();
    assertThat(top.resolve("etc/passwd")).hasContent("passwd");
    assertFails(Errno.ENOENT, () -> filesystem.tryOpenForWriting(top + "/etc/absent"));
    assertFails(Errno.EEXIST, () -> filesystem.tryMakeDirectory(top + "/etc"));
  }

  @Test
  void anErrorNamesTheCallAndThePath() {
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(() -> filesystem.openDirectory("/a\nb\"c\\d"))
        .withMessage("open(\"/a\\nb\\\"c\\\\d\"): ENOENT (No such file or directory)");
  }
}
