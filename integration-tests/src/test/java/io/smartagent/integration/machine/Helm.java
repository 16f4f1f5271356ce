package io.smartagent.integration.machine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.opentest4j.TestAbortedException;

/** Helm's command line, without a cluster. */
public final class Helm {

  private static final Path REPOSITORY = Path.of(System.getProperty("smartagent.repository", ".."));

  private static final Completed FOUND =
      Programs.run(
          REPOSITORY.resolve("integration-tests").resolve("make-helm").toString(), "--cached");

  private Helm() {}

  /** Returns the directory of the chart. */
  public static Path chart() {
    return REPOSITORY.resolve("docker/helm/smartagent");
  }

  /**
   * Runs {@code helm} with these words.
   *
   * @throws TestAbortedException where this machine has none; it says why
   */
  public static Completed run(String... words) {
    if (FOUND.exitCode() != 0) {
      throw new TestAbortedException(FOUND.error().strip());
    }
    List<String> command = new ArrayList<>(List.of(FOUND.out().strip()));
    command.addAll(Arrays.asList(words));
    return Programs.run(command);
  }

  /** Returns what {@code helm template} makes of the chart with these options. */
  public static Completed template(List<String> options) {
    List<String> words =
        new ArrayList<>(
            List.of("template", "smartagent", chart().toString(), "--namespace", "smartagent"));
    words.addAll(options);
    return run(words.toArray(String[]::new));
  }
}
