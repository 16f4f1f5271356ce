package io.smartagent.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smartagent.config.ExitStatus;
import io.smartagent.config.Option;
import io.smartagent.host.HostUser;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.launch.installer.ScriptSite;
import io.smartagent.launch.installer.TestCertificates;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.plan.Situation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The children here do nothing, so what is to be started is on the host already. */
final class AgentInstallerTest {

  private static final String TOKEN = "t0ken";

  @TempDir private static Path made;
  @TempDir private Path container;
  private static TestCertificates certificates;

  private final RecordingKernel kernel = new RecordingKernel();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final Situation situation = new Situation();
  private ScriptSite site;
  private Path install;

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates = TestCertificates.in(made);
  }

  @BeforeEach
  void makeHost() throws Exception {
    for (String directory :
        List.of("opt/smartagent", "var/lib/bonree", "boot", "tmp", "bin", "usr/bin", "proc")) {
      Files.createDirectories(container.resolve("mnt/root").resolve(directory));
    }
    Files.createFile(container.resolve("mnt/root/vmlinuz"));
    Files.createDirectories(container.resolve("smartagent"));
    Files.createFile(container.resolve("smartagent/empty"));
    program("bin/sh");
    program("usr/bin/agent");
    install = container.resolve("mnt/root/opt");
    Files.writeString(install.resolve("smartagent/old"), "");
    site = new ScriptSite(certificates.server("good"));
    kernel.filesystem(container);
    kernel.capabilities(situation.container().capabilities());
    situation
        .variable(Option.INSTALLER_SCRIPT_URL, site.url("/a.sh"))
        .variable(Option.INSTALLER_DOWNLOAD_TOKEN, TOKEN)
        .variable(Option.INSTALLER_SKIP_CERT_CHECK, "true")
        .variable(Option.AGENT_COMMAND, "/usr/bin/agent");
    site.thenScript("#!/bin/sh -e\necho\n");
  }

  @AfterEach
  void stop() {
    site.close();
  }

  private void program(String path) throws Exception {
    Path program = Files.createFile(container.resolve("mnt/root").resolve(path));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void execute() throws LaunchFailure {
    LaunchPlan plan = situation.plan();
    assertThat(plan.problems()).isEmpty();
    Program program = new Program(List.of("a".getBytes(StandardCharsets.UTF_8)), List.of());
    new PlanExecutor(
            kernel, kernel.execution(), "/mnt/root", situation.container(), plan, program, log::add)
        .execute();
  }

  private String failure(ExitStatus status) {
    LaunchFailure failure = catchThrowableOfType(LaunchFailure.class, this::execute);
    assertThat(failure).isNotNull();
    assertThat(failure.status()).isEqualTo(status);
    assertThat(kernel.executed()).isEmpty();
    assertThat(install.resolve("smartagent/old")).exists();
    assertThat(install).isDirectoryNotContaining("glob:**/.*");
    return String.valueOf(failure.getMessage());
  }

  private boolean hasRun() {
    return kernel.calls().stream().anyMatch(call -> call.startsWith("posix_spawn("));
  }

  @Test
  void runsTheScriptInTheRootAndStartsWhatItHasInstalled() throws Exception {
    execute();

    assertThat(kernel.calls())
        .containsSubsequence(
            "flock(\"/mnt/root/opt\", LOCK_EX|LOCK_NB)",
            "pivot_root(\".\", \".\")",
            "posix_spawn(\"/bin/sh -e /opt/.smartagent.installer\", CHOWN DAC_OVERRIDE"
                + " DAC_READ_SEARCH FOWNER FSETID KILL SETFCAP SETGID SETUID)",
            "setresuid(65534)",
            "execve(\"/usr/bin/agent\")");
    assertThat(install.resolve("smartagent/old")).doesNotExist();
    assertThat(install.resolve("smartagent/.installed-by")).content().startsWith("sha256 ");
    assertThat(install).isDirectoryNotContaining("glob:**/.*");
  }

  @Test
  void doesNotRunTheSameScriptAgainUnlessConfigured() throws Exception {
    execute();

    Installer second = new Installer();
    second.execute();
    assertThat(second.hasRun()).isFalse();
    assertThat(log).anyMatch(line -> line.endsWith("is installed already: it is not run again."));

    situation.variable(Option.INSTALLER_RUN, "always");
    Installer third = new Installer();
    third.execute();
    assertThat(third.hasRun()).isTrue();
  }

  @Test
  void runsTheSameScriptAgainWithOtherSettings() throws Exception {
    execute();

    situation.variable(Option.NODE_NAME, "another-node");
    Installer second = new Installer();
    second.execute();
    assertThat(second.hasRun()).isFalse();

    situation.variable(Option.NAMESPACE, "another-namespace");
    Installer third = new Installer();
    third.execute();
    assertThat(third.hasRun()).isTrue();
  }

  @Test
  void readsNoMarkThatIsNoFile() throws Exception {
    Path mark = install.resolve("smartagent/.installed-by");
    assertThat(new ProcessBuilder("mkfifo", mark.toString()).start().waitFor()).isZero();
    situation.variable(Option.INSTALLER_SHA256, "0".repeat(64));
    failure(ExitStatus.UNAVAILABLE);
  }

  @Test
  void givesTheScriptADirectoryOfItsOwnAndRemovesIt() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    kernel.childThatSees(
        "/bin/sh",
        environment -> {
          seen.addAll(environment);
          assertThat(install.resolve(".smartagent.tmp")).isEmptyDirectory();
        });

    execute();

    assertThat(seen)
        .contains("TMPDIR=/opt/.smartagent.tmp", "HOME=/opt/.smartagent.tmp")
        .doesNotContain("HOME=/root");
    assertThat(install).isDirectoryNotContaining("glob:**/.*");
  }

  /** Another start on the same host. */
  private final class Installer {
    private final RecordingKernel fresh = new RecordingKernel();

    void execute() throws LaunchFailure {
      fresh.filesystem(container);
      fresh.capabilities(situation.container().capabilities());
      Program program = new Program(List.of("a".getBytes(StandardCharsets.UTF_8)), List.of());
      new PlanExecutor(
              fresh,
              fresh.execution(),
              "/mnt/root",
              situation.container(),
              situation.runtime(Situation.directory("/var/lib/bonree", 65534, "runtime")).plan(),
              program,
              log::add)
          .execute();
    }

    boolean hasRun() {
      return fresh.calls().stream().anyMatch(call -> call.startsWith("posix_spawn("));
    }
  }

  @Test
  void keepsWhatWasInstalledWhereTheScriptFails() {
    kernel.child("/bin/sh", "no room\nmy \u001b[31mtoken is " + TOKEN + "\n", 3);

    assertThat(failure(ExitStatus.UNAVAILABLE))
        .startsWith("The installer ended with status 3. The previous installation is kept.");
    assertThat(log).contains("installer: no room", "installer: my ?[31mtoken is ***");
  }

  @Test
  void showsNothingOfTheQueryThatTheScriptRepeats() throws Exception {
    situation.variable(Option.INSTALLER_SCRIPT_URL, site.url("/a.sh?key=q5eryq5ery"));
    kernel.child("/bin/sh", "fetching with key=q5eryq5ery\n", 0);

    execute();

    assertThat(log).contains("installer: fetching with ***");
  }

  @Test
  void keepsWhatWasInstalledWhereTheScriptHangs() {
    kernel.childThatHangs("/bin/sh");
    situation.variable(Option.INSTALLER_TIMEOUT_SECONDS, "1");

    assertThat(failure(ExitStatus.UNAVAILABLE))
        .contains("ran for more than 1 s and was killed")
        .contains("SMARTAGENT_INSTALLER_TIMEOUT_SECONDS");
  }

  @Test
  void keepsWhatWasInstalledWhereTheScriptInstallsNothing() {
    situation.variable(Option.AGENT_COMMAND, "bin/start");

    assertThat(failure(ExitStatus.UNAVAILABLE))
        .contains("ended well, but \"/opt/smartagent/bin/start\" is not on the host")
        .contains("SMARTAGENT_AGENT_COMMAND");
  }

  @Test
  void keepsWhatWasInstalledWhereTheUserCannotStartTheNewOne() throws Exception {
    Files.setPosixFilePermissions(
        container.resolve("mnt/root/usr/bin/agent"), PosixFilePermissions.fromString("rwx------"));

    assertThat(failure(ExitStatus.UNAVAILABLE)).contains("is not executable for user \"nobody\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"opt/agent/current/bin/start", "opt/agent/releases/1/bin/start"})
  void keepsWhatWasInstalledWhereADirectoryAboveTheNewOneIsClosed(String path) throws Exception {
    situation.variable(Option.AGENT_COMMAND, "/" + path).option(Option.CAPABILITIES, "SYSLOG");
    Path releases = container.resolve("mnt/root/opt/agent/releases");
    Files.createDirectories(releases.resolve("1/bin"));
    Files.createSymbolicLink(releases.resolveSibling("current"), Path.of("/opt/agent/releases/1"));
    program("opt/agent/releases/1/bin/start");
    Files.setPosixFilePermissions(releases, PosixFilePermissions.fromString("rwxr-x---"));

    assertThat(failure(ExitStatus.UNAVAILABLE))
        .contains("\"/" + path + "\" cannot be reached by user \"nobody\"")
        .contains("may not search \"/opt/agent/releases\" with mode 0750");
  }

  @Test
  void asksAlsoAfterTheBitsOfRootWhoHasNoCapabilityToOverrideThem() throws Exception {
    HostUser root = HostUser.ROOT;
    HostUser other = new HostUser("other", 12345, 12345, List.of(12345), "/");
    CapabilitySet search = CapabilitySet.of(Capability.CAP_DAC_READ_SEARCH);
    Path directory = Files.createDirectories(container.resolve("mnt/root/opt/closed"));
    program("opt/closed/agent");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rw-r--r--"));
    LinuxKernel linux = new LinuxKernel();
    try (Descriptor top = linux.filesystem().openDirectory(container + "/mnt/root")) {
      for (HostUser user : List.of(root, other)) {
        assertThat(
                new ProgramAccess(linux, top, user, CapabilitySet.NONE).fault("/opt/closed/agent"))
            .contains("may not search \"/opt/closed\"");
        assertThat(new ProgramAccess(linux, top, user, search).fault("/opt/closed/agent"))
            .isEmpty();
      }
    } finally {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void keepsWhatWasInstalledWhereTheScriptCannotBeStarted() {
    kernel.failOn("posix_spawn(", Errno.EACCES);

    assertThat(failure(ExitStatus.UNAVAILABLE)).contains("posix_spawn(").contains("EACCES");
  }

  @Test
  void saysWhichInterpreterIsMissing() throws Exception {
    anotherSite().thenScript("#!/usr/bin/python3\n");

    assertThat(failure(ExitStatus.UNAVAILABLE))
        .contains("is to be run by \"/usr/bin/python3\", which is not on the host");
    assertThat(hasRun()).isFalse();
  }

  private ScriptSite anotherSite() throws Exception {
    site.close();
    site = new ScriptSite(certificates.server("good"));
    situation.variable(Option.INSTALLER_SCRIPT_URL, site.url("/a.sh"));
    return site;
  }

  @Test
  void changesNothingOnTheHostWhereTheScriptCannotBeHad() throws Exception {
    anotherSite().thenStatus(401);

    failure(ExitStatus.UNAVAILABLE);
    assertThat(kernel.calls()).containsExactly("flock(\"/mnt/root/opt\", LOCK_EX|LOCK_NB)");
  }

  @Test
  void bringsBackWhatAKilledStartHasPutAsideBeforeAnythingElse() throws Exception {
    Files.move(install.resolve("smartagent"), install.resolve(".smartagent.previous"));
    Files.createDirectories(install.resolve("smartagent/half"));
    Files.createFile(install.resolve(".smartagent.installer"));
    site.close();

    failure(ExitStatus.UNAVAILABLE);
    assertThat(install.resolve("smartagent/half")).doesNotExist();
    assertThat(log).anyMatch(line -> line.contains("was not finished"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0777", "01777"})
  void refusesAnInstallationDirectoryThatOthersCanWriteTo(String mode) throws Exception {
    Files.setAttribute(install, "unix:mode", Integer.parseInt(mode, 8));

    assertThat(failure(ExitStatus.CONFIGURATION)).contains("has mode " + mode);
    assertThat(site.tokens()).isEmpty();
  }

  @Test
  void refusesALinkInThePlaceOfTheInstalledAgent() throws Exception {
    Files.move(install.resolve("smartagent"), container.resolve("mnt/root/tmp/elsewhere"));
    Files.createSymbolicLink(install.resolve("smartagent"), Path.of("../tmp/elsewhere"));

    assertThat(failure(ExitStatus.CONFIGURATION)).contains("is no directory");
    assertThat(Files.isSymbolicLink(install.resolve("smartagent"))).isTrue();
    assertThat(Files.exists(install.resolve("smartagent"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void refusesToReplaceWhatSomethingIsMountedOn() {
    kernel.mountTable(
        """
        100 1 0:50 / / rw - overlay overlay rw
        104 100 8:1 / /mnt/root rw - ext4 /dev/sda1 rw
        105 104 8:2 / /mnt/root/opt/smartagent/data rw - ext4 /dev/sda2 rw
        """);

    assertThat(failure(ExitStatus.CONFIGURATION))
        .contains("Something is mounted at \"/mnt/root/opt/smartagent/data\"");
  }
}
