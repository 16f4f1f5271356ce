package io.smartagent.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.linux.LinuxKernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RuntimeInstallerTest {

  private static final String DIRECTORY = "/opt/smartagent/runtime";

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

  private void install() throws ErrnoException {
    RuntimeInstaller.install(kernel, image.toString(), host.toString(), DIRECTORY);
  }

  private Path installed(String name) {
    return host.resolve("opt/smartagent/runtime").resolve(name);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private List<String> besideIt() throws IOException {
    return names(host.resolve("opt/smartagent"));
  }

  @Test
  void copiesTheWholeRuntime() throws Exception {
    install();

    assertThat(installed("jre/bin/java")).hasContent("the JVM, version 1");
    assertThat(installed("agent.jar")).hasContent("the agent, version 1");
    assertThat(besideIt()).containsExactly("runtime");
  }

  @Test
  void leavesAloneWhatIsTheSameAlready() throws Exception {
    install();
    Object before = Files.getAttribute(installed("agent.jar"), "unix:ino");

    install();

    assertThat(Files.getAttribute(installed("agent.jar"), "unix:ino")).isEqualTo(before);
    assertThat(besideIt()).containsExactly("runtime");
  }

  @Test
  void keepsThePreviousVersion() throws Exception {
    install();
    write("agent.jar", "the agent, version 2");
    install();
    write("agent.jar", "the agent, version 3");

    install();

    assertThat(installed("agent.jar")).hasContent("the agent, version 3");
    assertThat(host.resolve("opt/smartagent/.runtime.previous/agent.jar"))
        .hasContent("the agent, version 2");
    assertThat(besideIt()).containsExactly(".runtime.previous", "runtime");
  }

  @Test
  void replacesWhatWasDamagedOnTheHost() throws Exception {
    install();
    Files.writeString(installed("agent.jar"), "something else");

    install();

    assertThat(installed("agent.jar")).hasContent("the agent, version 1");
  }

  @Test
  void replacesWhatWasDeletedOnTheHost() throws Exception {
    install();
    Files.delete(installed("jre/bin/java"));

    install();

    assertThat(installed("jre/bin/java")).hasContent("the JVM, version 1");
  }

  @Test
  void keepsTheOldOneWhereTheImageItselfIsDamaged() throws Exception {
    install();
    write("agent.jar", "the agent, version 2");
    Files.writeString(image.resolve("agent.jar"), "not what its digest says");

    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(this::install)
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EIO))
        .withMessageContaining("the digest of agent.jar is wrong");
    assertThat(installed("agent.jar")).hasContent("the agent, version 1");
  }

  @Test
  void removesWhatAStartLeftThatWasKilledInTheMiddle() throws Exception {
    Path stale = host.resolve("opt/smartagent/.runtime.staged-999999999");
    Files.createDirectories(stale.resolve("jre"));
    Files.writeString(stale.resolve("jre/java"), "half");
    Files.setLastModifiedTime(stale, FileTime.from(Instant.now().minus(Duration.ofDays(1))));

    install();

    assertThat(besideIt()).containsExactly("runtime");
  }

  @Test
  void leavesAloneWhatAnotherStartIsStagingNow() throws Exception {
    Files.createDirectories(host.resolve("opt/smartagent/.runtime.staged-999999999"));

    install();

    assertThat(besideIt()).containsExactly(".runtime.staged-999999999", "runtime");
  }

  @Test
  void neverLeavesTheHostsRootByALink() throws Exception {
    Path outside = Files.createDirectories(image.resolve("outside"));
    Files.createSymbolicLink(host.resolve("opt/smartagent"), outside);

    assertThatExceptionOfType(ErrnoException.class).isThrownBy(this::install);
    assertThat(names(outside)).isEmpty();
    Files.delete(host.resolve("opt/smartagent"));
  }

  @Test
  void saysSoWhereTheInstallationDirectoryIsMissing() throws Exception {
    Files.delete(host.resolve("opt"));

    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(this::install)
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
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

    install();

    assertThat(new String(digests, StandardCharsets.UTF_8)).contains(" *agent.jar\n");
    assertThat(installed("agent.jar")).hasContent("the agent, version 1");
  }
}
