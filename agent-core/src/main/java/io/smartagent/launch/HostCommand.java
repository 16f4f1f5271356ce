package io.smartagent.launch;

import io.smartagent.config.Secret;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.process.Child;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs a program of the host inside its root, with few capabilities, and passes on what it prints.
 */
final class HostCommand {

  /** Nothing is heard of a program's end but by asking. */
  private static final Duration TURN = Duration.ofMillis(100);

  private final Kernel kernel;
  private final Consumer<String> output;
  private final List<Secret> secrets;

  /**
   * @param output gets each line that a program prints, made harmless
   */
  HostCommand(Kernel kernel, Consumer<String> output) {
    this(kernel, output, List.of());
  }

  /**
   * @param secrets that no line shows
   */
  HostCommand(Kernel kernel, Consumer<String> output, List<Secret> secrets) {
    this.kernel = kernel;
    this.output = output;
    this.secrets = secrets;
  }

  /**
   * Runs a program to its end. What it has left running in its process group ends with it: it would
   * run beside the agent with capabilities that the agent itself has dropped.
   *
   * @param words the program by its path in the calling thread's root, and its arguments
   * @param environment as {@code NAME=value}, and nothing else
   * @param capabilities that it gets, as far as the calling thread has them
   * @param timeout after which it is killed
   * @return its exit status, or 128 and the number of the signal that ended it
   * @throws ErrnoException where it cannot be started; ETIMEDOUT where it was killed
   */
  int run(
      List<String> words, List<String> environment, CapabilitySet capabilities, Duration timeout)
      throws ErrnoException {
    CapabilitySet had = kernel.capabilities().read().permitted();
    long deadline = System.nanoTime() + timeout.toNanos();
    OutputLines lines = new OutputLines(output, secrets);
    String program = words.getFirst();
    try (Child child =
        kernel.children().start(program, words, environment, capabilities.intersect(had))) {
      try {
        while (child.ended().isEmpty()) {
          if (System.nanoTime() - deadline > 0) {
            throw new ErrnoException(
                "wait4(\"" + program + "\") for " + timeout.toSeconds() + " s", Errno.ETIMEDOUT);
          }
          wait(child, lines);
        }
        lines.add(child.readOutput(Duration.ZERO));
        return child.ended().getAsInt();
      } finally {
        child.kill();
        lines.end();
      }
    }
  }

  /** A program that has closed its output may still run: then only its exit can be waited for. */
  private static void wait(Child child, OutputLines lines) throws ErrnoException {
    if (!child.outputHasEnded()) {
      lines.add(child.readOutput(TURN));
      return;
    }
    try {
      Thread.sleep(TURN);
    } catch (InterruptedException e) {
      throw new ErrnoException("wait4()", Errno.EINTR);
    }
  }
}
