package io.smartagent.integration.machine;

import static io.smartagent.integration.machine.Programs.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A root to mount into containers as the host's, with an installation and a runtime directory of
 * its own: launches that run at the same time do not see each other's.
 */
public final class HostRoot implements AutoCloseable {

  /**
   * Where tests make their directories: on a filesystem, not hidden from the agent, open to all.
   */
  private static final Path SCRATCH = Path.of("/var/tmp");

  /** What every directory of a test is called, in front of its number. */
  public static final String SCRATCH_NAME = "smartagent-it-";

  /** What the documented manifest of mode minimal mounts read-only. */
  private static final List<String> MINIMAL =
      List.of("var", "dev", "lib", "lib64", "etc", "run", "bin", "sbin", "proc", "sys");

  private final Path root;
  private final Path scratch;
  private final Path install;
  private final Path runtimeParent;
  private final Map<String, String> environment;
  private final List<String> otherMounts;
  private final Deque<Path> mounts = new ArrayDeque<>();

  private HostRoot(
      Path root,
      Path scratch,
      Path install,
      Path runtimeParent,
      Map<String, String> environment,
      List<String> otherMounts) {
    this.root = root;
    this.scratch = scratch;
    this.install = install;
    this.runtimeParent = runtimeParent;
    this.environment = Map.copyOf(environment);
    this.otherMounts = otherMounts;
    makeDirectory(install);
    makeDirectory(runtimeParent.resolve("bonree"));
  }

  /** Returns this machine's own root. */
  public static HostRoot machine() {
    Path scratch = newScratch();
    Path install = scratch.resolve("opt");
    Path runtime = scratch.resolve("lib");
    return new HostRoot(
        Path.of("/"),
        scratch,
        install,
        runtime,
        Map.of(
            "SMARTAGENT_INSTALL_PATH", install.toString(),
            "SMARTAGENT_RUNTIME_PATH", runtime.toString()),
        List.of());
  }

  /** Returns a Debian, which all tests share, with this machine's /proc and /sys. */
  public static HostRoot debian() {
    Path scratch = newScratch();
    return new HostRoot(
        DebianRoot.path(),
        scratch,
        scratch.resolve("opt"),
        scratch.resolve("lib"),
        Map.of(),
        List.of("-v", "/proc:/mnt/root/proc", "-v", "/sys:/mnt/root/sys"));
  }

  /**
   * Returns a Debian of the test's own, with the mounts of a node below it: its installation and
   * runtime directories are where the documentation has them.
   */
  public static HostRoot node() {
    Path scratch = newScratch();
    Path root = makeDirectory(scratch.resolve("root"));
    for (String layer : List.of("upper", "work")) {
      makeDirectory(scratch.resolve(layer));
    }
    String layers =
        "lowerdir=%s,upperdir=%s,workdir=%s"
            .formatted(DebianRoot.path(), scratch.resolve("upper"), scratch.resolve("work"));
    run("mount", "-t", "overlay", "-o", layers, "overlay", root.toString()).orFail();
    HostRoot node =
        new HostRoot(
            root, scratch, root.resolve("opt"), root.resolve("var/lib"), Map.of(), List.of());
    node.mounts.push(root);
    node.mount("-t", "proc", "proc", root.resolve("proc"));
    node.mount("-t", "sysfs", "sysfs", root.resolve("sys"));
    node.mount("--bind", "/dev", root.resolve("dev"));
    return node;
  }

  private void mount(Object... words) {
    List<String> command = new ArrayList<>(List.of("mount"));
    Stream.of(words).map(String::valueOf).forEach(command::add);
    run(command).orFail();
    mounts.push(Path.of(command.getLast()));
  }

  /** Returns a root with one static busybox and no libc, which the test may change. */
  public static HostRoot busybox() {
    Path scratch = newScratch();
    Path root = scratch.resolve("root");
    BusyboxRoot.make(root);
    return new HostRoot(
        root, scratch, scratch.resolve("opt"), scratch.resolve("lib"), Map.of(), List.of());
  }

  private static Path newScratch() {
    try {
      Path scratch = newPrivateScratch();
      Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
      return scratch;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a directory that is closed to other users; the caller removes it. */
  public static Path newPrivateScratch() {
    try {
      return Files.createTempDirectory(SCRATCH, SCRATCH_NAME);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a directory, with those above it, that everybody may pass. */
  public static Path makeDirectory(Path directory) {
    run("install", "-d", "-m", "0755", directory.toString()).orFail();
    return directory;
  }

  /** Returns where it is on this machine. */
  public Path path() {
    return root;
  }

  /** Returns the place of {@code path}, which is absolute, on this machine. */
  public Path path(String path) {
    return root.resolve(path.substring(1));
  }

  /** Returns the path of the installation directory as the agent sees it. */
  public String install() {
    return environment.getOrDefault("SMARTAGENT_INSTALL_PATH", "/opt");
  }

  /** Returns the path of the runtime directory as the agent sees it. */
  public String runtime() {
    return environment.getOrDefault("SMARTAGENT_RUNTIME_PATH", "/var/lib") + "/bonree";
  }

  /** Returns where the installation directory is on this machine. */
  public Path installHere() {
    return install;
  }

  /** Returns where the runtime directory is on this machine. */
  public Path runtimeHere() {
    return runtimeParent.resolve("bonree");
  }

  /** Returns a directory of the test on this machine that is in no container. */
  public Path scratch() {
    return scratch;
  }

  /** Returns Docker's options that mount it read-only, with its two writable directories. */
  public List<String> readOnlyMounts() {
    return mounts(":ro");
  }

  /** Returns Docker's options that mount it as it is. */
  public List<String> writableMounts() {
    return mounts("");
  }

  /** Returns Docker's options that mount it read-only, and later what is mounted below it then. */
  public List<String> propagatingMounts() {
    return mounts(":ro,rslave");
  }

  private List<String> mounts(String options) {
    List<String> words = new ArrayList<>(List.of("-v", root + ":/mnt/root" + options));
    words.addAll(List.of("-v", install + ":/mnt/root" + install()));
    words.addAll(List.of("-v", runtimeHere() + ":/mnt/root" + runtime()));
    words.addAll(otherMounts);
    return words;
  }

  /**
   * Returns Docker's options that mount what the documented manifest of mode minimal mounts, those
   * of its directories that the root has: one by one, below a /mnt/root that is no mount.
   */
  public List<String> minimalMounts() {
    List<String> words =
        new ArrayList<>(List.of("-v", makeDirectory(scratch.resolve("mnt")) + ":/mnt"));
    for (String directory : MINIMAL) {
      String place = ":/mnt/root/" + directory;
      boolean mountedOtherwise = otherMounts.stream().anyMatch(word -> word.endsWith(place));
      if (Files.isDirectory(root.resolve(directory)) && !mountedOtherwise) {
        words.addAll(List.of("-v", root.resolve(directory) + place + ":ro"));
      }
    }
    for (String directory : List.of("usr/share/containers", "etc/containers")) {
      if (Files.isDirectory(root.resolve(directory))) {
        words.addAll(List.of("-v", root.resolve(directory) + ":/mnt/root/" + directory));
      }
    }
    words.addAll(List.of("-v", install + ":/mnt/root" + install()));
    words.addAll(List.of("-v", runtimeHere() + ":/mnt/root" + runtime()));
    words.addAll(otherMounts);
    words.addAll(apmMount());
    return words;
  }

  /** Returns Docker's options that mount a directory for what is injected into applications. */
  public List<String> apmMount() {
    run("install", "-d", "-m", "1777", apmHere().toString()).orFail();
    return List.of("-v", apmHere() + ":/tmp/apm");
  }

  /** Returns where that directory is on this machine. */
  public Path apmHere() {
    return scratch.resolve("apm");
  }

  /** Returns the settings that the launcher needs for it. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Mounts a tmpfs below it, until it is closed. */
  public Path mountTmpfs(String path) {
    return mountTmpfs(makeDirectory(path(path)));
  }

  /** Mounts a tmpfs on a directory of this machine, until the root is closed. */
  public Path mountTmpfs(Path directory) {
    run("mount", "-t", "tmpfs", "-o", "size=1m,mode=1777", "tmpfs", directory.toString()).orFail();
    mounts.push(directory);
    return directory;
  }

  /** Makes it a mount whose later submounts appear wherever it was mounted as a slave. */
  public void shareMounts() {
    run("mount", "--bind", root.toString(), root.toString()).orFail();
    mounts.push(root);
    run("mount", "--make-shared", root.toString()).orFail();
  }

  /** Remounts a directory of this machine on itself, read-only, until the root is closed. */
  public void mountReadOnly(Path directory) {
    run("mount", "--bind", directory.toString(), directory.toString()).orFail();
    mounts.push(directory);
    run("mount", "-o", "remount,bind,ro", directory.toString()).orFail();
  }

  /** Gives the runtime directory an owner. */
  public HostRoot runtimeOwnedBy(String owner) {
    run("chown", owner, runtimeHere().toString()).orFail();
    return this;
  }

  /** Returns a line for everything in the root and in its two writable directories. */
  public List<String> inventory() {
    List<String> lines = new ArrayList<>();
    for (Path tree : List.of(root, install, runtimeParent)) {
      lines.addAll(
          run("find", tree.toString(), "-printf", "%y %m %U:%G %s %T@ %p %l\n")
              .out()
              .lines()
              .sorted()
              .toList());
    }
    return lines;
  }

  /** Returns everything of a {@link #node} that is new or was changed, as paths of the host. */
  public List<String> changes() {
    return run("find", scratch.resolve("upper").toString(), "-mindepth", "1", "-printf", "/%P\n")
        .orFail()
        .out()
        .lines()
        .sorted()
        .toList();
  }

  /** Removes what the test made. */
  @Override
  public void close() {
    while (!mounts.isEmpty()) {
      run("umount", mounts.pop().toString()).orFail();
    }
    run("rm", "-rf", "--one-file-system", scratch.toString()).orFail();
  }
}
