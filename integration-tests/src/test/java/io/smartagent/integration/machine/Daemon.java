package io.smartagent.integration.machine;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A program of this machine that runs in the background until it is ended. */
final class Daemon {

  /** Only what kill -9 does not end within is a reason to give up. */
  private static final int SECONDS_TO_DIE = 30;

  private final List<String> command;
  private final Map<String, String> environment;
  private final Path log;
  private @Nullable Process process;

  /**
   * @param command with its arguments
   * @param environment that it gets beside this JVM's own
   * @param log where its output is appended
   */
  Daemon(List<String> command, Map<String, String> environment, Path log) {
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.log = log;
    // So that it ends with this JVM where a person ends that.
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
  }

  synchronized void start() {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** Sends it a signal, such as {@code STOP}. */
  synchronized void signal(String name) {
    Programs.run("kill", "-" + name, Long.toString(requireNonNull(process).pid())).orFail();
  }

  /** Ends it at once, as a crash does; nothing where it does not run. */
  synchronized void kill() {
    try {
      if (process != null && !process.destroyForcibly().waitFor(SECONDS_TO_DIE, TimeUnit.SECONDS)) {
        throw new IllegalStateException("not ended by SIGKILL: " + command);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Returns the last part of its output, for people. */
  String tail() {
    try {
      byte[] all = Files.readAllBytes(log);
      int from = Math.max(0, all.length - 8_000);
      return new String(all, from, all.length - from, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(no output: " + e.getMessage() + ")";
    }
  }
}
