package io.smartagent.agent;

import io.smartagent.agent.OpenDescriptors.OpenFile;
import io.smartagent.telemetry.AttestationReport.Check;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * No descriptor came over execve that leads out of the virtual root: a directory's is a way around
 * chroot (CVE-2024-21626), a socket's may be a container runtime's.
 */
final class StrayDescriptors {

  private static final String NAME = "stray-descriptors";

  private static final Set<String> HARMLESS_DEVICES =
      Set.of("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom");

  private final Path runtime;
  private final Set<Path> classPath;
  private final List<String> caches;

  /**
   * @param runtime the directory of the Java runtime
   * @param classPath its jars
   * @param caches what the names of its AOT caches start with
   */
  StrayDescriptors(Path runtime, Set<Path> classPath, List<String> caches) {
    this.runtime = runtime;
    this.classPath = Set.copyOf(classPath);
    this.caches = List.copyOf(caches);
  }

  /** Returns the check for the runtime that this program runs on. */
  static StrayDescriptors ofThisRuntime() {
    Set<Path> classPath = new HashSet<>();
    for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
      classPath.add(real(entry));
    }
    return new StrayDescriptors(
        real(System.getProperty("java.home", "/")), classPath, caches(commandLine()));
  }

  private static String commandLine() {
    try {
      return Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException withoutProc) {
      return "";
    }
  }

  /**
   * Returns the paths that a JVM's options name for its AOT cache; while one is being made, the JVM
   * holds it open, with an ending of its own.
   *
   * @param commandLine arguments, each ending with NUL
   */
  static List<String> caches(String commandLine) {
    List<String> caches = new ArrayList<>();
    for (String argument : commandLine.split("\0", -1)) {
      if (argument.startsWith("-XX:AOT") && argument.indexOf("=/") > 0) {
        caches.add(argument.substring(argument.indexOf('=') + 1));
      }
    }
    return caches;
  }

  private static Path real(String path) {
    try {
      return Path.of(path).toRealPath();
    } catch (IOException gone) {
      return Path.of(path).toAbsolutePath();
    }
  }

  Check check(OpenDescriptors open) {
    if (open.fault() != null) {
      return new Check(NAME, false, open.fault());
    }
    List<String> strays =
        open.descriptors().stream()
            .filter(file -> !belongsToTheRuntime(file))
            .map(file -> file.number() + " -> " + file.target())
            .toList();
    return strays.isEmpty()
        ? new Check(NAME, true, "no descriptor but the Java runtime's own was open at the start")
        : new Check(NAME, false, "descriptors were left open: " + String.join(", ", strays));
  }

  private boolean belongsToTheRuntime(OpenFile file) {
    if (file.directory() || !file.target().startsWith("/")) {
      return false;
    }
    if (HARMLESS_DEVICES.contains(file.target())
        || file.target().startsWith("/memfd:")
        || file.target().startsWith("/tmp/hsperfdata_")
        || caches.stream().anyMatch(file.target()::startsWith)) {
      return true;
    }
    Path target = Path.of(file.target());
    return !file.writable() && (target.startsWith(runtime) || classPath.contains(target));
  }
}
