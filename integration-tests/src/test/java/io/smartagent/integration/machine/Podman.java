package io.smartagent.integration.machine;

import static io.smartagent.integration.machine.HostRoot.makeDirectory;
import static io.smartagent.integration.machine.Programs.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Podman, run by root, with a storage of its own. It runs containers with runc, which can live with
 * the hybrid layout of control groups, and within the limits of this process, because raising them
 * takes CAP_SYS_RESOURCE.
 */
public final class Podman implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String IMAGE = "localhost/smartagent-it:1";

  /** The run root's path may have 50 characters. */
  private static final Path RUN = Path.of("/run");

  private final Path directory;
  private final Path runRoot;

  /**
   * @param directory that it makes, and removes when it is closed
   * @param root of the file system that the containers have
   */
  public Podman(Path directory, Path root) {
    this.directory = directory;
    this.runRoot = RUN.resolve(Docker.newName());
    makeDirectory(directory);
    List<String> podman = command("import", "-", IMAGE);
    List<String> words = new ArrayList<>(List.of("sh", "-c"));
    words.add("root=$1; shift; tar -C \"$root\" -cf - . | \"$@\"");
    words.addAll(List.of("sh", root.toString()));
    words.addAll(podman);
    run(words).orFail();
  }

  /** Returns where it keeps containers: the graph root of containers-storage.conf(5). */
  public Path graphRoot() {
    return directory.resolve("graph");
  }

  /**
   * Starts a container and returns its id.
   *
   * @param options of {@code podman run}
   * @param program with its arguments
   */
  public String start(List<String> options, String... program) {
    List<String> words =
        new ArrayList<>(
            List.of("run", "-d", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"));
    words.addAll(options);
    words.add(IMAGE);
    words.addAll(Arrays.asList(program));
    return podman(words).orFail().out().strip();
  }

  /** Returns one of the things that {@code podman inspect} knows of a container. */
  public String inspect(String container, String template) {
    return podman(List.of("inspect", "-f", template, container)).orFail().out().strip();
  }

  /** Returns what {@code podman stats} says of a container. */
  public JsonNode stats(String container) {
    try {
      return JSON.readTree(
              podman(List.of("stats", "--no-stream", "--format", "json", container)).orFail().out())
          .get(0);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs {@code podman} with these words. */
  public Completed podman(List<String> words) {
    return run(command(words.toArray(String[]::new)));
  }

  private List<String> command(String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "podman",
                "--root",
                graphRoot().toString(),
                "--runroot",
                runRoot.toString(),
                "--tmpdir",
                directory.resolve("libpod").toString(),
                "--cgroup-manager",
                "cgroupfs",
                "--runtime",
                run("sh", "-c", "command -v runc").orFail().out().strip()));
    command.addAll(Arrays.asList(words));
    return command;
  }

  /** Ends its containers and removes all that it has kept. */
  @Override
  public void close() {
    podman(List.of("rm", "-f", "-t", "0", "-a")).orFail();
    // It mounts its own directory on itself.
    run("umount", "-l", graphRoot().resolve("overlay").toString());
    run("rm", "-rf", "--one-file-system", directory.toString(), runRoot.toString()).orFail();
  }
}
