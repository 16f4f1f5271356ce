package io.smartagent.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the launcher's JVM loads before it becomes the program, by the JVM's own account. */
final class WayToExecIT {

  /** A launch that prints every loaded class on stdout. */
  private static final String LOGGING_CLASSES =
      """
      exec /smartagent/bin/smartagent --inhibit-cache --library-path /smartagent/lib \
      /smartagent/jre/bin/java -Xlog:class+load:stdout:none \
      $(/mnt/root/bin/busybox grep -v ^-Xlog /smartagent/launcher.args) run --user agent -- true
      """;

  /** What brings much along, is slow to initialise, or was on the way once. */
  private static final List<String> UNWANTED =
      List.of(
          "java.util.stream.ReduceOps",
          "java.util.regex.Matcher",
          "java.util.ServiceLoader",
          "java.math.BigInteger$RecursiveOp",
          "java.net.InetAddress",
          "java.security.Security",
          "com.fasterxml.jackson.core.json.UTF8StreamJsonParser",
          "ch.qos.logback.classic.Logger",
          "jnr.posix.POSIX");

  private final HostRoot root = HostRoot.busybox();

  @AfterEach
  void removeRoot() {
    root.close();
  }

  private List<String> loaded() {
    return Launcher.on(root)
        .option("--entrypoint", "/mnt/root/bin/busybox")
        .invoke(List.of("sh", "-c", LOGGING_CLASSES))
        .orFail()
        .out()
        .lines()
        .filter(line -> line.contains(" source: "))
        .toList();
  }

  @Test
  void takesAllClassesFromTheCacheAndFew() {
    List<String> loaded = loaded();
    assertThat(loaded).hasSizeBetween(1000, 1500);
    assertThat(loaded)
        .filteredOn(line -> !line.endsWith("source: shared objects file"))
        // Which keys of a map fall together is a matter of chance: objects' hashes are.
        .filteredOn(line -> !line.startsWith("java.util.concurrent.ConcurrentHashMap$Tree"))
        .isEmpty();
    assertThat(loaded)
        .extracting(line -> line.substring(0, line.indexOf(' ')))
        .doesNotContainAnyElementsOf(UNWANTED);
  }

  @Test
  void canStillSayWhatWentWrongInTheHostsRoot() throws IOException {
    Path program = Files.writeString(root.path("/bin/of-no-format"), "of no format");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThat(Launcher.on(root).user("agent").run("/bin/of-no-format").error())
        .contains("ENOEXEC")
        .contains("Name a program that the host itself can run.");
  }
}
