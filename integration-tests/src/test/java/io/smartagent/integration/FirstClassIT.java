package io.smartagent.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The JVM of the image, with the options and the AOT cache of launcher and agent, where two threads
 * load their first classes from the JVM's image at once. libjimage makes what decompresses them on
 * first use, without a lock; a library that is preloaded holds the door open for 200 ms.
 */
final class FirstClassIT {

  private final Path directory = HostRoot.newPrivateScratch();

  @BeforeEach
  void compile() throws IOException {
    Path bin = Path.of(System.getProperty("java.home"), "bin");
    Path library = copy("slow-table.c");
    Path program = copy("TwoFirstClasses.java");
    Path classes = directory.resolve("classes");
    run("gcc", "-shared", "-fPIC", "-O1", "-o", path("slow-table.so"), library.toString());
    run(bin.resolve("javac").toString(), "-d", classes.toString(), program.toString());
    // A cache refuses directories that have something in them.
    run(bin.resolve("jar").toString(), "-cf", path("first.jar"), "-C", classes.toString(), ".");
    // As any user of the container: it has no capability to read what is only root's.
    run("chmod", "-R", "a+rX", directory.toString());
  }

  @AfterEach
  void remove() {
    run("rm", "-r", directory.toString());
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private Path copy(String name) throws IOException {
    try (InputStream in = FirstClassIT.class.getResourceAsStream("/first-class/" + name)) {
      Files.copy(in, directory.resolve(name));
    }
    return directory.resolve(name);
  }

  private static void run(String... command) {
    Programs.run(command).orFail();
  }

  /** Returns the options of one of the two processes, but for its main class, with one more jar. */
  private List<String> options(String file) throws IOException {
    String name = Docker.newName();
    Docker.docker("create", "--name", name, "--label", Docker.LABEL, Docker.image()).orFail();
    try {
      Docker.docker("cp", name + ":/smartagent/" + file, path(file)).orFail();
    } finally {
      Docker.docker("rm", name).orFail();
    }
    List<String> lines = Files.readAllLines(directory.resolve(file));
    return lines.subList(0, lines.size() - 1).stream()
        .map(line -> line.replace("@HOME@", "/smartagent"))
        .map(line -> line.contains("/app/") ? line + ":/test/first.jar" : line)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"launcher.args", "agent.options"})
  void canBeLoadedByTwoThreadsAtOnce(String file) throws IOException {
    Files.write(directory.resolve("arguments"), options(file));
    Completed ran =
        Programs.run(
            "docker",
            "run",
            "--rm",
            "--label",
            Docker.LABEL,
            "--read-only",
            "--cap-drop",
            "ALL",
            "-v",
            directory + ":/test:ro",
            "--entrypoint",
            "/smartagent/bin/smartagent",
            Docker.image(),
            "--inhibit-cache",
            "--preload",
            "/test/slow-table.so",
            "--library-path",
            "/smartagent/lib",
            "/smartagent/jre/bin/java",
            "@/test/arguments",
            "-XX:AOTMode=on",
            "TwoFirstClasses");

    assertThat(ran.exitCode()).as("%s", ran).isZero();
    // By the only thread that there was then; twice, or by another one, would be luck.
    assertThat(ran.error()).isEqualTo("table made\n");
  }
}
