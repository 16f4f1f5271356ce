package io.smartagent.integration.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of this machine. */
public final class Programs {

  /** Far more than anything takes, on a machine that is busy with other things too. */
  static final Duration TIMEOUT = Duration.ofMinutes(3);

  private Programs() {}

  /** Runs a program to its end, whatever that is. */
  public static Completed run(String... command) {
    return run(List.of(command));
  }

  /** Runs a program to its end, whatever that is. */
  public static Completed run(List<String> command) {
    return run(command, TIMEOUT);
  }

  /**
   * Runs a program to its end, whatever that is.
   *
   * @throws IllegalStateException where it has not ended after {@code timeout}; it is killed then
   */
  public static Completed run(List<String> command, Duration timeout) {
    try {
      Path out = Files.createTempFile("smartagent-it", ".out");
      Path err = Files.createTempFile("smartagent-it", ".err");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
          process.destroyForcibly().waitFor();
        }
        Completed completed =
            new Completed(
                command,
                process.exitValue(),
                Files.readAllBytes(out),
                new String(Files.readAllBytes(err), StandardCharsets.UTF_8));
        if (!ended) {
          throw new IllegalStateException("not ended after " + timeout + ": " + completed);
        }
        return completed;
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
