package io.smartagent.kernel.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another program that is run to its end; it starts with what the calling thread has. */
final class Program {

  /**
   * What it left.
   *
   * @param output each byte as one character
   */
  record Result(int exitCode, String output) {

    String text() {
      return output.strip();
    }
  }

  private Program() {}

  /** Runs {@code command}; its errors are in its output. */
  static Result run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
    Process process = builder.start();
    process.getOutputStream().close();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("it does not end: " + command);
    }
    return new Result(process.exitValue(), output);
  }

  static Result run(String... command) throws IOException, InterruptedException {
    return run(List.of(command));
  }

  /** Returns the command that runs the main method of {@code program} in a JVM of its own. */
  static List<String> java(Class<?> program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Djna.nosys=true", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    return command;
  }
}
