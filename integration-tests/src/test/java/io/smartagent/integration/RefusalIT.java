package io.smartagent.integration;

import static io.smartagent.integration.Launches.CONFIGURATION;
import static io.smartagent.integration.Launches.NOT_PERMITTED;
import static io.smartagent.integration.Launches.UNAVAILABLE;
import static io.smartagent.integration.Launches.USAGE;
import static io.smartagent.integration.Launches.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is wrong is reported with its cause and its remedy, and neither the host nor its mounts are
 * touched.
 */
final class RefusalIT {

  private final HostRoot root = HostRoot.busybox();

  @AfterEach
  void removeRoot() {
    root.close();
  }

  /** Makes something wrong with the host, or with the launcher that it returns. */
  @FunctionalInterface
  interface Wrong {
    Launcher with(HostRoot root) throws Exception;
  }

  private static Arguments wrong(String name, int exitCode, Wrong wrong, String... reported) {
    return Arguments.of(name, exitCode, wrong, List.of(reported));
  }

  /** With the runtime directory's mount, and without the installation directory's. */
  private static Launcher withoutInstall(HostRoot root) {
    List<String> mounts = new ArrayList<>(root.readOnlyMounts());
    mounts.subList(2, 4).clear();
    return Launcher.on(root).mounts(mounts).user("agent");
  }

  private static Launcher withoutRuntime(HostRoot root) {
    List<String> mounts = new ArrayList<>(root.readOnlyMounts());
    mounts.subList(4, 6).clear();
    return Launcher.on(root).mounts(mounts).user("agent");
  }

  private static Launcher readOnlyAt(HostRoot root, int mount) {
    List<String> mounts = new ArrayList<>(root.readOnlyMounts());
    mounts.set(mount, mounts.get(mount) + ":ro");
    return Launcher.on(root).mounts(mounts).user("agent");
  }

  private static void delete(HostRoot root, String path) {
    Programs.run("rm", "-rf", root.path(path).toString()).orFail();
  }

  private static void replaceByLink(HostRoot root, String path, String target) throws IOException {
    delete(root, path);
    Files.createSymbolicLink(root.path(path), Path.of(target));
  }

  static Stream<Arguments> wrongOptions() {
    return Stream.of(
        wrong(
            "unknown option",
            USAGE,
            root -> Launcher.on(root).setting("--usr", "agent"),
            "has no option --usr",
            "--user"),
        wrong(
            "option without a value",
            USAGE,
            root -> Launcher.on(root).setting("--user"),
            "Option --user has no value",
            "NAME|UID[:GID]"),
        wrong(
            "argument that is none",
            USAGE,
            root -> Launcher.on(root).setting("agent"),
            "takes no argument \"agent\""),
        wrong(
            "unknown module",
            USAGE,
            root -> Launcher.on(root).user("agent").setting("--modules", "host-evens"),
            "\"host-evens\"",
            "host-events",
            "application-discovery"),
        wrong(
            "unknown module in a variable",
            CONFIGURATION,
            root -> Launcher.on(root).user("agent").environment("SMARTAGENT_MODULES", "nothing"),
            "SMARTAGENT_MODULES",
            "\"nothing\""),
        wrong(
            "module that is required and excluded",
            NOT_PERMITTED,
            root ->
                Launcher.on(root)
                    .user("agent")
                    .setting("--modules", "none", "--require", "host-events"),
            "host-events",
            "--require"),
        wrong(
            "unknown mode",
            USAGE,
            root -> Launcher.on(root).user("agent").setting("--mode", "half"),
            "--mode is \"half\"",
            "read-only"),
        wrong(
            "no truth value",
            CONFIGURATION,
            root ->
                Launcher.on(root).user("agent").environment("SMARTAGENT_NON_ROOT_MODE", "maybe"),
            "SMARTAGENT_NON_ROOT_MODE is \"maybe\"",
            "\"true\" or \"false\""),
        wrong(
            "no address",
            CONFIGURATION,
            root ->
                Launcher.on(root).user("agent").environment("SMARTAGENT_STATUS_ADDRESS", "here"),
            "SMARTAGENT_STATUS_ADDRESS is \"here\"",
            "PORT"),
        wrong(
            "path that leads up",
            CONFIGURATION,
            root ->
                Launcher.on(root).user("agent").environment("SMARTAGENT_INSTALL_PATH", "/opt/.."),
            "SMARTAGENT_INSTALL_PATH is \"/opt/..\"",
            "absolute path"),
        wrong(
            "mode full of a root that is read-only",
            CONFIGURATION,
            root -> Launcher.on(root).user("agent").setting("--mode", "full"),
            "Mode full",
            "mounted read-only"));
  }

  static Stream<Arguments> wrongUsers() {
    return Stream.of(
        wrong("empty", USAGE, root -> Launcher.on(root).user(""), "--user is \"\"", "UID:GID"),
        wrong(
            "root",
            CONFIGURATION,
            root -> Launcher.on(root).user("root"),
            "who is root",
            "--non-root-mode false"),
        wrong("0", CONFIGURATION, root -> Launcher.on(root).user("0"), "\"0\"", "who is root"),
        wrong(
            "(uid_t) -1",
            USAGE,
            root -> Launcher.on(root).user("4294967295"),
            "\"4294967295\"",
            "from 0 to 4294967294"),
        wrong(
            "far too large",
            USAGE,
            root -> Launcher.on(root).user("99999999999999999999"),
            "from 0 to 4294967294"),
        wrong("negative", USAGE, root -> Launcher.on(root).setting("--user=-1"), "\"-1\""),
        wrong(
            "a colon too many",
            USAGE,
            root -> Launcher.on(root).user("1:2:3"),
            "--user is \"1:2:3\"",
            "UID:GID"),
        wrong(
            "unknown, with --strict",
            CONFIGURATION,
            root -> Launcher.on(root).user("ghost").setting("--strict"),
            "User \"ghost\" is not in the host's /etc/passwd",
            "--strict",
            "--user"),
        wrong(
            "none, with --strict",
            CONFIGURATION,
            root -> Launcher.on(root).setting("--strict"),
            "No user was named",
            "--user"),
        wrong(
            "unknown group",
            CONFIGURATION,
            root -> Launcher.on(root).user("agent:ghosts"),
            "Group \"ghosts\"",
            "/etc/group"));
  }

  static Stream<Arguments> wrongHosts() {
    return Stream.of(
        wrong(
            "nothing is mounted",
            CONFIGURATION,
            root -> Launcher.withoutHostRoot().user("agent"),
            "/mnt/root",
            "hostPath: {path: /}"),
        wrong(
            "an empty directory",
            CONFIGURATION,
            root ->
                Launcher.withoutHostRoot()
                    .mounts(
                        List.of(
                            "-v",
                            HostRoot.makeDirectory(root.scratch().resolve("empty"))
                                + ":/mnt/root:ro"))
                    .user("agent"),
            "\"/mnt/root\" is not the root of a host",
            "hostPath: {path: /}"),
        wrong(
            "a file",
            CONFIGURATION,
            root -> {
              Path mnt = HostRoot.makeDirectory(root.scratch().resolve("mnt"));
              Files.writeString(mnt.resolve("root"), "");
              return Launcher.withoutHostRoot()
                  .mounts(List.of("-v", mnt + ":/mnt:ro"))
                  .user("agent");
            },
            "\"/mnt/root\" is not a directory"),
        wrong(
            "no passwd",
            CONFIGURATION,
            root -> {
              delete(root, "/etc/passwd");
              return Launcher.on(root).user("agent");
            },
            "The host's /etc/passwd cannot be read",
            "ENOENT"),
        wrong(
            "passwd is a directory",
            CONFIGURATION,
            root -> {
              delete(root, "/etc/passwd");
              HostRoot.makeDirectory(root.path("/etc/passwd"));
              return Launcher.on(root).user("agent");
            },
            "The host's /etc/passwd cannot be read"),
        wrong(
            "passwd is a FIFO",
            CONFIGURATION,
            root -> {
              delete(root, "/etc/passwd");
              Programs.run("mkfifo", root.path("/etc/passwd").toString()).orFail();
              return Launcher.on(root).user("agent");
            },
            "The host's /etc/passwd cannot be read"));
  }

  static Stream<Arguments> wrongDirectories() {
    return Stream.of(
        wrong(
            "no installation directory",
            CONFIGURATION,
            root -> {
              delete(root, "/opt");
              return withoutInstall(root);
            },
            "Installation directory \"/opt\" does not exist",
            "SMARTAGENT_INSTALL_PATH"),
        wrong(
            "installation directory is a link",
            CONFIGURATION,
            root -> {
              replaceByLink(root, "/opt", "srv");
              return withoutInstall(root);
            },
            "Installation directory \"/opt\" is a symbolic link"),
        wrong(
            "installation directory is a file",
            CONFIGURATION,
            root -> {
              delete(root, "/opt");
              Files.writeString(root.path("/opt"), "");
              return withoutInstall(root);
            },
            "Installation directory \"/opt\" is not a directory"),
        wrong(
            "installation directory is read-only",
            CONFIGURATION,
            root -> readOnlyAt(root, 3),
            "Installation directory \"/opt\" is mounted read-only",
            "mountPath: /mnt/root/opt",
            "readOnly: false"),
        wrong(
            "no runtime directory",
            CONFIGURATION,
            root -> {
              delete(root, "/var/lib/bonree");
              return withoutRuntime(root);
            },
            "Runtime directory \"/var/lib/bonree\" does not exist",
            "DirectoryOrCreate"),
        wrong(
            "runtime directory is a link",
            CONFIGURATION,
            root -> {
              replaceByLink(root, "/var/lib/bonree", "../../srv");
              return withoutRuntime(root);
            },
            "Runtime directory \"/var/lib/bonree\" is a symbolic link"),
        wrong(
            "runtime directory below a link",
            CONFIGURATION,
            root -> {
              replaceByLink(root, "/var/lib", "../srv");
              HostRoot.makeDirectory(root.path("/srv/bonree"));
              return withoutRuntime(root);
            },
            "\"/var/lib/bonree\" leads through a symbolic link",
            "\"/var/lib\""),
        wrong(
            "runtime directory is read-only",
            CONFIGURATION,
            root -> readOnlyAt(root, 5),
            "Runtime directory \"/var/lib/bonree\" is mounted read-only",
            "mountPath: /mnt/root/var/lib/bonree"),
        wrong(
            "runtime directory is not mounted at all",
            CONFIGURATION,
            RefusalIT::withoutRuntime,
            "Runtime directory \"/var/lib/bonree\" is mounted read-only"),
        wrong(
            "a closed level",
            CONFIGURATION,
            root -> {
              Programs.run("chmod", "0700", root.path("/var").toString()).orFail();
              return Launcher.on(root).user("agent");
            },
            "\"/var/lib/bonree\" is not open to the agent's user at every level: /var (0700)",
            "0755"),
        wrong(
            "a closed runtime directory",
            CONFIGURATION,
            root -> {
              Programs.run("chmod", "0700", root.runtimeHere().toString()).orFail();
              return Launcher.on(root).user("agent");
            },
            "/var/lib/bonree (0700)"),
        wrong(
            "a closed installation directory",
            CONFIGURATION,
            root -> {
              Programs.run("chmod", "0750", root.installHere().toString()).orFail();
              return Launcher.on(root).user("agent");
            },
            "Installation directory \"/opt\"",
            "/opt (0750)"),
        wrong(
            "a runtime directory that root may not write to",
            NOT_PERMITTED,
            root ->
                Launcher.onWritable(root.runtimeOwnedBy("1500:1500"))
                    .without("DAC_OVERRIDE")
                    .user("agent"),
            "CAP_DAC_OVERRIDE",
            "DAC_OVERRIDE."));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"wrongOptions", "wrongUsers", "wrongHosts", "wrongDirectories"})
  void saysWhatIsWrongAndChangesNothing(
      String name, int exitCode, Wrong wrong, List<String> reported) throws Exception {
    Launcher launcher = wrong.with(root);
    List<String> before = root.inventory();
    List<String> mountsBefore = mounts();
    refused(launcher.config(), exitCode).contains(reported);
    assertThat(root.inventory()).isEqualTo(before);
    assertThat(mounts()).isEqualTo(mountsBefore);
  }

  /** The mounts of this machine that have to do with the root. */
  private List<String> mounts() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .filter(line -> line.contains(root.scratch().toString()))
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void saysWhatIsWrongWithTheCommand(List<String> words, List<String> reported) {
    refused(Launcher.on(root).invoke(words), USAGE).contains(reported);
  }

  static Stream<Arguments> saysWhatIsWrongWithTheCommand() {
    return Stream.of(
        Arguments.of(
            List.of("confg"), List.of("There is no command \"confg\"", "Did you mean", "config")),
        Arguments.of(List.of("probe", "--format", "xml"), List.of("--format", "\"xml\"", "json")),
        Arguments.of(List.of("run", "--user", "agent"), List.of("nothing to run", "-- COMMAND")),
        Arguments.of(List.of("run", "--user", "agent", "ls"), List.of("\"ls\"", "--")));
  }

  @ParameterizedTest
  @MethodSource
  void saysWhatIsWrongWithTheProgram(String program, String reported) {
    refused(Launcher.on(root).user("agent").run(program), CONFIGURATION)
        .contains("Program \"" + program + "\"")
        .contains(reported);
  }

  static Stream<Arguments> saysWhatIsWrongWithTheProgram() {
    return Stream.of(
        Arguments.of("/bin/absent", "does not exist on the host"),
        Arguments.of("absent", "is not in "),
        Arguments.of("bin/ls", "is not an absolute path"),
        Arguments.of("/etc/passwd", "is not executable"),
        Arguments.of("/etc", "is no file"));
  }

  /** The container has a file where the link leads, seen from the container. */
  @ParameterizedTest
  @MethodSource
  void neverReadsThePasswdOfTheContainer(String target) throws Exception {
    Path decoy = root.scratch().resolve("decoy");
    Files.writeString(decoy, "decoy:x:1700:1700::/:/bin/sh\n");
    replaceByLink(root, "/etc/passwd", target);
    Launcher launcher = Launcher.on(root).user("decoy").option("-v", decoy + ":/outside/passwd:ro");
    refused(launcher.config(), CONFIGURATION).contains("The host's /etc/passwd cannot be read");
    assertThat(launcher.planText().everything()).doesNotContain("1700");
  }

  static Stream<String> neverReadsThePasswdOfTheContainer() {
    return Stream.of(
        "/outside/passwd", "../../../../../outside/passwd", "/proc/1/root/outside/passwd");
  }

  @Test
  void followsALinkInsideTheRoot() throws Exception {
    Files.move(root.path("/etc/passwd"), root.path("/usr/passwd"));
    Files.createSymbolicLink(root.path("/etc/passwd"), Path.of("/usr/passwd"));
    Completed launched = Launcher.on(root).user("agent").run("id", "-u");
    assertThat(Launches.succeeded(launched).out().strip()).isEqualTo("1500");
  }

  @Test
  void namesTheAddressThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      refused(Launcher.on(root).user("agent").at(taken.getLocalPort()).config(), UNAVAILABLE)
          .contains("127.0.0.1:" + taken.getLocalPort())
          .contains("EADDRINUSE")
          .contains("SMARTAGENT_STATUS_ADDRESS");
    }
  }

  @Test
  void saysEverythingThatIsWrongAtOnce() {
    Programs.run("chmod", "0700", root.path("/var").toString()).orFail();
    Launcher launcher =
        readOnlyAt(root, 3)
            .without("SYS_ADMIN", "SYS_CHROOT")
            .setting("--user", "1:2:3", "--modules", "nothing", "--frobnicate")
            .environment("SMARTAGENT_NON_ROOT_MODE", "maybe");
    refused(launcher.config(), USAGE)
        .contains("\"1:2:3\"")
        .contains("\"nothing\"")
        .contains("--frobnicate")
        .contains("SMARTAGENT_NON_ROOT_MODE is \"maybe\"")
        .contains("Installation directory \"/opt\" is mounted read-only")
        .contains("/var (0700)")
        .contains("The host's mounts cannot be sealed")
        .contains("The host's root cannot be entered");
  }
}
