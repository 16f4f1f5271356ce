package io.smartagent.integration.machine;

import static io.smartagent.integration.machine.Docker.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What tests could leave behind on this machine, a line for each thing. */
public final class HostState {

  private static final Path BEFORE =
      Path.of(System.getProperty("smartagent.host.before", "target/host-before.txt"));

  private HostState() {}

  /** Writes down what is there now, for another JVM. */
  public static void remember() {
    try {
      Files.createDirectories(BEFORE.toAbsolutePath().getParent());
      Files.write(BEFORE, now());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what was there when another JVM wrote it down. */
  public static Set<String> remembered() throws IOException {
    return new TreeSet<>(Files.readAllLines(BEFORE));
  }

  /** Returns what is there now. */
  public static Set<String> now() {
    return Stream.of(mounts(), containers(), images(), directories(), processes())
        .flatMap(List::stream)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Without numbers that change, and without what the engine mounts for any container. */
  private static List<String> mounts() {
    return lines(Path.of("/proc/self/mountinfo")).stream()
        .filter(line -> !line.contains("/docker/overlay2/") && !line.contains("/docker/netns/"))
        .map(line -> "mount " + line.replaceFirst("^\\d+ \\d+ \\S+ ", ""))
        .toList();
  }

  private static List<String> containers() {
    return docker(
            "ps", "-a", "--format", "container {{.Names}}", "--filter", "label=" + Docker.LABEL)
        .orFail()
        .out()
        .lines()
        .toList();
  }

  private static List<String> images() {
    return docker("images", "--format", "image {{.Repository}}:{{.Tag}}", Docker.IMAGES)
        .orFail()
        .out()
        .lines()
        .toList();
  }

  private static List<String> directories() {
    try (Stream<Path> there = Files.list(Path.of("/var/tmp"))) {
      return there
          .filter(path -> path.getFileName().toString().startsWith(HostRoot.SCRATCH_NAME))
          .map(path -> "directory " + path)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of agents that would go on without their containers, and of servers of Kubernetes' API. */
  private static List<String> processes() {
    return Programs.run(
            "pgrep",
            "-f",
            "-l",
            HostRoot.SCRATCH_NAME
                + ".*/bin/smartagent|(etcd|kube-apiserver) .*"
                + HostRoot.SCRATCH_NAME)
        .out()
        .lines()
        .map(line -> "process " + line)
        .toList();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
