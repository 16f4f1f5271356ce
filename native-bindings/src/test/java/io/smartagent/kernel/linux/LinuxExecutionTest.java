package io.smartagent.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smartagent.kernel.ErrnoException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LinuxExecutionTest {

  private static final String NO_UTF8 =
      new String(ExecutingProcess.NO_UTF8, StandardCharsets.ISO_8859_1);

  private final LinuxKernel kernel = new LinuxKernel();

  @Test
  void handsArgumentsOverByteByByte() throws Exception {
    assertThat(Program.run(Program.java(ExecutingProcess.class, "/proc/self/cmdline")).output())
        .isEqualTo(NO_UTF8 + "\0/proc/self/cmdline\0");
  }

  @Test
  void handsTheEnvironmentOverByteByByteAndNothingElse() throws Exception {
    String umlaut = new String("ü".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertThat(Program.run(Program.java(ExecutingProcess.class, "/proc/self/environ")).output())
        .isEqualTo("NAME=with = and " + umlaut + "\0EMPTY=\0" + NO_UTF8 + "\0");
  }

  /** HotSpot blocks SIGQUIT, and a shell may have started it with SIGHUP ignored. */
  @Test
  void startsTheProgramWithoutBlockedOrIgnoredSignals() throws Exception {
    assertThat(statusAfterExecution(""))
        .contains("SigBlk:\t0000000000000004")
        // The lowest bit is SIGHUP; whoever started the tests may ignore others.
        .containsPattern("SigIgn:\t[0-9a-f]{15}[13579bdf]\n");
    assertThat(statusAfterExecution("reset"))
        .contains("SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", "Umask:\t0037")
        .contains("Threads:\t1\n");
  }

  private static String statusAfterExecution(String reset) throws Exception {
    List<String> command = Program.java(ExecutingProcess.class, "/proc/self/status", reset);
    command.addAll(0, List.of("sh", "-c", "trap '' HUP; exec \"$@\"", "sh"));
    return Program.run(command).output();
  }

  @Test
  void saysWhyAProgramCannotBeExecuted(@TempDir Path directory) throws Exception {
    assertFails("/nonexistent", "execve(\"/nonexistent\"): ENOENT (No such file or directory)");
    assertFails("/etc/passwd", "execve(\"/etc/passwd\"): EACCES (Permission denied)");
    Path text = Files.writeString(directory.resolve("text"), "neither ELF nor script");
    Files.setPosixFilePermissions(text, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertFails(text.toString(), "execve(\"" + text + "\"): ENOEXEC (Exec format error)");
  }

  private void assertFails(String path, String message) {
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(() -> kernel.execution().execute(path, List.of(new byte[] {'x'}), List.of()))
        .withMessage(message);
  }

  @Test
  void refusesAnArgumentThatTheKernelWouldCutOff() {
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(() ->
            kernel
                .execution()
                .execute("/nonexistent", List.of(new byte[] {'x', 0, 'y'}), List.of()))
        .withMessage("execve(\"/nonexistent\"): EINVAL (Invalid argument)");
  }

  @Test
  void refusesMoreArgumentsThanTheKernelTakes() {
    byte[] long128k = new byte[200_000];
    java.util.Arrays.fill(long128k, (byte) 'x');
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(() -> kernel.execution().execute("/bin/true", List.of(long128k), List.of()))
        .withMessage("execve(\"/bin/true\"): E2BIG (Argument list too long)");
  }
}
