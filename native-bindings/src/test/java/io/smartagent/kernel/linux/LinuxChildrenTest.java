package io.smartagent.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.kernel.process.Child;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LinuxChildrenTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final LinuxKernel kernel = new LinuxKernel();

  private record Result(String output, int status) {}

  private Result run(List<String> words, CapabilitySet capabilities) throws ErrnoException {
    return run(words, List.of("PATH=/usr/bin:/bin"), capabilities);
  }

  private Result run(List<String> words, List<String> environment, CapabilitySet capabilities)
      throws ErrnoException {
    StringBuilder output = new StringBuilder();
    try (Child child =
        kernel.children().start(words.getFirst(), words, environment, capabilities)) {
      while (!child.outputHasEnded()) {
        output.append(new String(child.readOutput(SOON), StandardCharsets.UTF_8));
      }
      while (child.ended().isEmpty()) {
        Thread.onSpinWait();
      }
      return new Result(output.toString(), child.ended().getAsInt());
    }
  }

  private Result shell(String script) throws ErrnoException {
    return run(List.of("/bin/sh", "-c", script), CapabilitySet.NONE);
  }

  @Test
  void passesArgumentsAndEnvironmentAndNothingElse() throws Exception {
    Result result = run(List.of("/usr/bin/env"), List.of("A=one two", "B=ü"), CapabilitySet.NONE);

    assertThat(result).isEqualTo(new Result("A=one two\nB=ü\n", 0));
  }

  @Test
  void takesBothOutputs() throws Exception {
    assertThat(shell("echo out; echo err >&2").output()).isEqualTo("out\nerr\n");
  }

  @Test
  void tellsExitStatusAndSignal() throws Exception {
    assertThat(shell("exit 37").status()).isEqualTo(37);
    assertThat(shell("kill -15 $$").status()).isEqualTo(128 + 15);
  }

  @Test
  void givesNoInputAndNoOtherDescriptor() throws Exception {
    try (var _ = kernel.filesystem().openDirectory("/")) {
      assertThat(shell("wc -c; ls /proc/self/fd").output().split("\\s+"))
          // The last one is of ls itself.
          .containsExactly("0", "0", "1", "2", "3");
    }
  }

  @Test
  void leadsASession() throws Exception {
    // Of /proc/PID/stat: the process and its session.
    assertThat(shell("set -- $(cat /proc/$$/stat); [ $1 = $6 ] && echo leader").output())
        .isEqualTo("leader\n");
  }

  @Test
  void resetsSignals() throws Exception {
    String status = shell("cat /proc/self/status").output();

    assertThat(status).containsPattern("SigBlk:\\s0{16}\n").containsPattern("SigIgn:\\s0{16}\n");
  }

  @Test
  void hasJustTheCapabilitiesThatItWasGivenAlthoughItIsRoot() throws Exception {
    Requires.capabilities(Capability.CAP_CHOWN);
    CapabilitySet chown = CapabilitySet.of(Capability.CAP_CHOWN);
    ThreadCapabilities before = kernel.capabilities().read();

    String status = run(List.of("/bin/cat", "/proc/self/status"), chown).output();

    assertThat(status)
        .contains("CapPrm:\t0000000000000001\n")
        .contains("CapEff:\t0000000000000001\n")
        .contains("CapInh:\t0000000000000000\n")
        .contains("NoNewPrivs:\t1\n");
    assertThat(kernel.capabilities().read()).isEqualTo(before);
    assertThat(kernel.capabilities().noNewPrivileges()).isFalse();
  }

  @Test
  void startsInTheRootOfTheThreadThatStartsIt(@TempDir Path root) throws Exception {
    Requires.capabilities(Capability.CAP_SYS_CHROOT);
    Requires.program("busybox");
    Files.copy(
        Path.of("/bin/busybox"), root.resolve("busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(root.resolve("here"), "inside");

    Result result =
        ThrowAwayThread.call(() -> {
          kernel.namespaces().unshareRoot();
          kernel.namespaces().changeRoot(root.toString());
          kernel.namespaces().changeDirectory("/");
          return run(List.of("/busybox", "cat", "/here"), CapabilitySet.NONE);
        });

    assertThat(result).isEqualTo(new Result("inside", 0));
  }

  private void requireLandlock() {
    try {
      assumeTrue(kernel.landlock().abi() >= 2, "skipped: Landlock is older");
    } catch (ErrnoException e) {
      assumeTrue(false, () -> "skipped: " + e.getMessage());
    }
  }

  @Test
  void hasNoWayOutThroughAnotherProcess() throws Exception {
    requireLandlock();
    List<String> words = List.of("/bin/sleep", "1000");
    try (Child other =
        kernel.children().start("/bin/sleep", words, List.of(), CapabilitySet.NONE)) {
      Result result =
          shell("readlink /proc/" + other.pid() + "/root || echo no; readlink /proc/self/root");
      other.kill();

      assertThat(result.output()).isEqualTo("no\n/\n");
    }
  }

  @Test
  void movesAndLinksFilesFromOneDirectoryToAnother(@TempDir Path directory) throws Exception {
    Files.createDirectories(directory.resolve("one"));
    Files.createDirectories(directory.resolve("two"));
    Path file = Files.writeString(directory.resolve("one/file"), "");
    Object inode = Files.getAttribute(file, "unix:ino");

    Result result =
        shell("cd " + directory + " && mv one/file two/moved && ln two/moved one/linked");

    assertThat(result).isEqualTo(new Result("", 0));
    assertThat(Files.getAttribute(directory.resolve("two/moved"), "unix:ino")).isEqualTo(inode);
    assertThat(Files.getAttribute(directory.resolve("one/linked"), "unix:ino")).isEqualTo(inode);
  }

  @Test
  void killsTheWholeSession() throws Exception {
    List<String> words = List.of("/bin/sh", "-c", "sleep 1000 & echo started; wait");
    try (Child child = kernel.children().start("/bin/sh", words, List.of(), CapabilitySet.NONE)) {
      assertThat(new String(child.readOutput(SOON), StandardCharsets.UTF_8)).isEqualTo("started\n");

      child.kill();

      // Only when the sleep has ended too can nobody write any more.
      assertThat(child.readOutput(SOON)).isEmpty();
      assertThat(child.outputHasEnded()).isTrue();
      while (child.ended().isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(child.ended()).hasValue(128 + 9);
    }
  }

  @Test
  void saysWhyItCannotStart() {
    assertThatThrownBy(() -> run(List.of("/nonexistent"), CapabilitySet.NONE))
        .isInstanceOfSatisfying(
            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
        .hasMessageContaining("posix_spawn(\"/nonexistent\")");
    assertThatThrownBy(() -> run(List.of("/bin/echo", "a\0b"), CapabilitySet.NONE))
        .isInstanceOfSatisfying(
            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
  }
}
