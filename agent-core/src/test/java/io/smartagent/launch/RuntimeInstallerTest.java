package io.smartagent.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.linux.LinuxKernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On real directories, with the real kernel. */
final class RuntimeInstallerTest {

  private final LinuxKernel kernel = new LinuxKernel();

  @TempDir private Path image;
  @TempDir private Path host;

  @BeforeEach
  void makeImageAndHost() throws Exception {
    Files.createDirectories(image.resolve("jre/bin"));
    Files.createDirectories(host.resolve("opt"));
    write("jre/bin/java", "the JVM, version 1");
    write("agent.jar", "the agent, version 1");
  }

  /** Writes a file of the image, and all digests anew. */
  private void write(String name, String content) throws Exception {
    Files.writeString(image.resolve(name), content);
    StringBuilder digests = new StringBuilder();
    for (String file : List.of("jre/bin/java", "agent.jar")) {
      if (Files.exists(image.resolve(file))) {
        byte[] digest =
            MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(image.resolve(file)));
        digests.append(HexFormat.of().formatHex(digest)).append("  ").append(file).append('\n');
      }
    }
    Files.writeString(image.resolve("SHA256SUMS"), digests);
  }

  private String id() throws IOException {
    return RuntimeDigests.idOf(Files.readAllBytes(image.resolve("SHA256SUMS")));
  }

  private Path install() throws Exception {
    String directory = "/opt/smartagent/runtime/" + id();
    RuntimeInstaller.install(kernel, image.toString(), host.toString(), directory);
    return host.resolve(directory.substring(1));
  }

  private Path installVersion(int version) throws Exception {
    write("agent.jar", "the agent, version " + version);
    return install();
  }

  private Path place() {
    return host.resolve("opt/smartagent/runtime");
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static Object inode(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
  }

  private void startedLongAgo(Path installed) throws IOException {
    Path stamp = installed.resolveSibling(installed.getFileName() + ".verified");
    Files.setLastModifiedTime(stamp, FileTime.from(Instant.now().minus(Duration.ofDays(30))));
  }

  @Test
  void copiesTheWholeRuntime() throws Exception {
    Files.setPosixFilePermissions(
        image.resolve("jre/bin/java"), PosixFilePermissions.fromString("r-xr-xr-x"));
    FileTime changed = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
    Files.setLastModifiedTime(image.resolve("agent.jar"), changed);

    Path installed = install();

    assertThat(installed.resolve("jre/bin/java")).hasContent("the JVM, version 1").isExecutable();
    assertThat(installed.resolve("agent.jar")).hasContent("the agent, version 1");
    assertThat(Files.getLastModifiedTime(installed.resolve("agent.jar"))).isEqualTo(changed);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(installed)))
        .isEqualTo("rwxr-xr-x");
    assertThat(names(installed)).containsExactly("SHA256SUMS", "agent.jar", "jre");
    assertThat(names(place())).containsExactly(id(), id() + ".verified");
  }

  @Test
  void leavesAloneWhatIsTheSameAlready() throws Exception {
    Object before = inode(install().resolve("agent.jar"));

    assertThat(inode(install().resolve("agent.jar"))).isEqualTo(before);
  }

  @Test
  void readsNoFileAgainWhoseInodeIsAsItWas() throws Exception {
    install();
    Path stamp = place().resolve(id() + ".verified");
    Object before = inode(stamp);

    Path installed = install();

    assertThat(inode(stamp)).as("of the stamp, which is written after reading").isEqualTo(before);
    Files.setLastModifiedTime(installed.resolve("agent.jar"), FileTime.from(Instant.now()));
    install();
    assertThat(inode(stamp)).isNotEqualTo(before);
  }

  @Test
  void keepsThePreviousVersionWhichStartsAgainWithoutACopy() throws Exception {
    Path first = installVersion(1);
    startedLongAgo(first);
    Path second = installVersion(2);
    Object inode = inode(second.resolve("agent.jar"));
    Path third = installVersion(3);

    assertThat(first).doesNotExist();
    assertThat(second).isDirectory();
    assertThat(third.resolve("agent.jar")).hasContent("the agent, version 3");
    assertThat(inode(installVersion(2).resolve("agent.jar"))).isEqualTo(inode);
    assertThat(names(place())).hasSize(4);
  }

  @Test
  void leavesAloneAnOutdatedVersionThatAnAgentExecutes() throws Exception {
    Path first = installVersion(1);
    startedLongAgo(first);
    try (Descriptor running = kernel.filesystem().openFile(first + "/SHA256SUMS")) {
      assertThat(kernel.filesystem().tryLock(running, true)).isTrue();
      installVersion(2);
      installVersion(3);
      assertThat(first.resolve("agent.jar")).hasContent("the agent, version 1");
    }
    startedLongAgo(host.resolve("opt/smartagent/runtime").resolve(id()));

    installVersion(4);

    assertThat(first).doesNotExist();
  }

  @Test
  void leavesAloneAVersionThatWasStartedJustNow() throws Exception {
    Path first = installVersion(1);
    installVersion(2);
    installVersion(3);

    assertThat(first).isDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent.jar", "jre/bin/java"})
  void replacesWhatWasChangedOnTheHost(String file) throws Exception {
    Path installed = install();
    FileTime before = Files.getLastModifiedTime(installed.resolve(file));
    String other = Files.readString(installed.resolve(file)).replace('1', '2');
    Files.writeString(installed.resolve(file), other);
    Files.setLastModifiedTime(installed.resolve(file), before);

    install();

    assertThat(installed.resolve(file)).content().endsWith("version 1");
    assertThat(names(place())).containsExactly(id(), id() + ".verified");
  }

  @Test
  void replacesWhatWasDeletedOnTheHost() throws Exception {
    Path installed = install();
    Files.delete(installed.resolve("jre/bin/java"));

    install();

    assertThat(installed.resolve("jre/bin/java")).hasContent("the JVM, version 1");
  }

  @Test
  void replacesWhereAFileWasAdded() throws Exception {
    Path installed = install();
    Files.createDirectories(installed.resolve("lib/glibc-hwcaps/x86-64-v3"));
    Files.writeString(installed.resolve("lib/glibc-hwcaps/x86-64-v3/libc.so.6"), "evil");

    install();

    assertThat(installed.resolve("lib")).doesNotExist();
  }

  /** The absolute link leads to the right files in the container, and elsewhere on the host. */
  @Test
  void isNotDeceivedByALinkInPlaceOfARuntimeOrOfAPartOfIt() throws Exception {
    Path installed = install();
    Files.move(installed, host.resolve("elsewhere"));
    Files.createSymbolicLink(installed, image);

    install();

    assertThat(installed).isDirectory().matches(path -> !Files.isSymbolicLink(path));
    assertThat(image.resolve("agent.jar")).as("what the link led to").exists();
    Files.move(installed.resolve("jre"), host.resolve("jre"));
    Files.createSymbolicLink(installed.resolve("jre"), image.resolve("jre"));

    install();

    assertThat(Files.isSymbolicLink(installed.resolve("jre"))).isFalse();
    assertThat(installed.resolve("jre/bin/java")).hasContent("the JVM, version 1");
    assertThat(image.resolve("jre/bin/java")).as("what the link led to").exists();
  }

  @Test
  void isNotDeceivedByAStampThatOthersCouldHaveWritten() throws Exception {
    Path installed = install();
    Path stamp = place().resolve(id() + ".verified");
    Files.setPosixFilePermissions(stamp, PosixFilePermissions.fromString("rw-rw-rw-"));
    Object before = inode(stamp);

    install();

    assertThat(inode(stamp)).isNotEqualTo(before);
    assertThat(installed).isDirectory();
  }

  @Test
  void replacesWhatOthersCanWriteTo() throws Exception {
    Path installed = install();
    Object before = inode(installed.resolve("agent.jar"));
    Files.setPosixFilePermissions(
        installed.resolve("agent.jar"), PosixFilePermissions.fromString("rw-rw-rw-"));

    install();

    assertThat(inode(installed.resolve("agent.jar"))).isNotEqualTo(before);
  }

  /** The copy cannot be written to by another name of its inode. */
  @Test
  void copiesIntoInodesOfItsOwn() throws Exception {
    Files.createLink(host.resolve("other-name"), image.resolve("agent.jar"));

    Path installed = install();

    assertThat(Files.getAttribute(installed.resolve("agent.jar"), "unix:nlink")).isEqualTo(1);
  }

  @Test
  void keepsTheOldOneWhereTheImageItselfIsDamaged() throws Exception {
    Path first = install();
    write("agent.jar", "the agent, version 2");
    Files.writeString(image.resolve("agent.jar"), "not what its digest says");

    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(this::install)
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EIO))
        .withMessageContaining("the digest of agent.jar is wrong");
    assertThat(first.resolve("agent.jar")).hasContent("the agent, version 1");
    assertThat(names(place())).hasSize(2).noneMatch(name -> name.startsWith("."));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void removesWhatAStartLeftThatWasKilledInTheMiddle(boolean installedAlready) throws Exception {
    if (installedAlready) {
      install();
    }
    Path half = place().resolve(".staged/jre");
    Files.createDirectories(half);
    Files.writeString(half.resolve("java"), "half");
    Files.createDirectories(place().resolve(".removed-" + id() + "/jre"));

    install();

    assertThat(names(place())).containsExactly(id(), id() + ".verified");
  }

  @Test
  void leavesAloneWhatAnotherStartIsStagingNow() throws Exception {
    install();
    Path staged = Files.createDirectories(place().resolve(".staged"));
    try (Descriptor another = kernel.filesystem().openFile(place().toString())) {
      assertThat(kernel.filesystem().tryLock(another, false)).isTrue();
      install();
      assertThat(staged).isDirectory();
    }

    install();

    assertThat(staged).doesNotExist();
  }

  @Test
  void takesTurnsWithOtherStarts() throws Exception {
    byte[] large = new byte[8 << 20];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) ('a' + i % 23);
    }
    write("agent.jar", new String(large, StandardCharsets.US_ASCII));
    try (var starts = Executors.newFixedThreadPool(4)) {
      List<Callable<Path>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(this::install);
      }
      for (var start : starts.invokeAll(all)) {
        assertThat(start.get().resolve("agent.jar")).hasBinaryContent(large);
      }
    }
    assertThat(names(place())).containsExactly(id(), id() + ".verified");
  }

  @ParameterizedTest
  @ValueSource(strings = {"opt/smartagent", "opt/smartagent/runtime"})
  void neverLeavesTheDirectoryByALink(String place) throws Exception {
    Path elsewhere = Files.createDirectories(host.resolve("elsewhere"));
    Files.createDirectories(host.resolve(place).getParent());
    Files.createSymbolicLink(host.resolve(place), Path.of("/elsewhere"));

    assertThatExceptionOfType(LaunchFailure.class)
        .isThrownBy(this::install)
        .withMessageStartingWith("\"/" + place + "\" of the host is a symbolic link or a file");
    assertThat(elsewhere).isEmptyDirectory();
    Files.delete(host.resolve(place));
  }

  @Test
  void saysSoWhereAFileIsInTheWay() throws Exception {
    Files.writeString(host.resolve("opt/smartagent"), "");

    assertThatExceptionOfType(LaunchFailure.class)
        .isThrownBy(this::install)
        .withMessageStartingWith("\"/opt/smartagent\" of the host is a symbolic link or a file");
  }

  @Test
  void saysSoWhereTheInstallationDirectoryIsMissing() throws Exception {
    Files.delete(host.resolve("opt"));

    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(this::install)
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"opt", "opt/smartagent", "opt/smartagent/runtime"})
  void refusesADirectoryInWhichOthersCouldExchangeTheRuntime(String open) throws Exception {
    Files.createDirectories(place());
    Files.setPosixFilePermissions(host.resolve(open), PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThatExceptionOfType(LaunchFailure.class)
        .isThrownBy(this::install)
        .withMessageStartingWith("Directory \"/" + open + "\" of the host can be written to")
        .withMessageContaining("mode 0777");
    assertThat(place()).isEmptyDirectory();
  }

  @Test
  void refusesADirectoryOfAnotherUser() throws Exception {
    assumeTrue(kernel.credentials().users().all(0), "skipped: the tests do not run as root");
    Files.createDirectories(place());
    Files.setAttribute(host.resolve("opt/smartagent"), "unix:uid", 1000);

    assertThatExceptionOfType(LaunchFailure.class)
        .isThrownBy(this::install)
        .withMessageContaining("\"/opt/smartagent\" of the host belongs to uid 1000");
  }

  @Test
  void readsDigestsAsSha256sumWritesThem() throws Exception {
    Process sha256sum =
        new ProcessBuilder("sha256sum", "--binary", "jre/bin/java", "agent.jar")
            .directory(image.toFile())
            .start();
    byte[] digests = sha256sum.getInputStream().readAllBytes();
    assertThat(sha256sum.waitFor()).isZero();
    Files.write(image.resolve("SHA256SUMS"), digests);

    Path installed = install();

    assertThat(new String(digests, StandardCharsets.UTF_8)).contains(" *agent.jar\n");
    assertThat(installed.resolve("agent.jar")).hasContent("the agent, version 1");
  }

  @Test
  void leavesNothingBehindWhereTheDiskIsFull() throws Exception {
    assumeTrue(kernel.credentials().users().all(0), "skipped: the tests do not run as root");
    Path disk = Files.createDirectories(host.resolve("opt/smartagent"));
    run("mount", "-t", "tmpfs", "-o", "size=1m,mode=755", "tmpfs", disk.toString());
    try {
      Path first = install();
      write("agent.jar", "a".repeat(900_000));
      Files.write(disk.resolve("others"), new byte[300_000]);

      assertThatExceptionOfType(ErrnoException.class)
          .isThrownBy(this::install)
          .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC));
      assertThat(names(place())).hasSize(2).noneMatch(name -> name.startsWith("."));
      assertThat(first.resolve("agent.jar")).hasContent("the agent, version 1");
      write("agent.jar", "the agent, version 1");
      install();
    } finally {
      run("umount", disk.toString());
    }
  }

  /** Small files take more than their bytes: there seems to be room, and there is none. */
  @Test
  void leavesNothingBehindWhereTheDiskBecomesFullInTheMiddle() throws Exception {
    assumeTrue(kernel.credentials().users().all(0), "skipped: the tests do not run as root");
    StringBuilder digests = new StringBuilder(Files.readString(image.resolve("SHA256SUMS")));
    for (int i = 0; i < 300; i++) {
      Files.writeString(image.resolve("small-" + i), "x");
      digests.append(HexFormat.of().formatHex(RuntimeDigests.sha256().digest(new byte[] {'x'})));
      digests.append("  small-").append(i).append('\n');
    }
    Files.writeString(image.resolve("SHA256SUMS"), digests);
    Path disk = Files.createDirectories(host.resolve("opt/smartagent"));
    run("mount", "-t", "tmpfs", "-o", "size=1m,mode=755", "tmpfs", disk.toString());
    try {
      assertThatExceptionOfType(ErrnoException.class)
          .isThrownBy(this::install)
          .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC));
      assertThat(names(place())).isEmpty();
    } finally {
      run("umount", disk.toString());
    }
  }

  private static void run(String... command) throws Exception {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }
}
