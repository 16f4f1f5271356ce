package io.smartagent.integration;

import static io.smartagent.integration.Launches.CONFIGURATION;
import static io.smartagent.integration.Launches.refused;
import static io.smartagent.integration.Launches.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.RunningContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The mounts of the documented manifest of mode minimal, on hosts of different kinds. */
final class MinimalIT {

  private static final String INSTALLER_URL = "SMARTAGENT_INSTALLER_SCRIPT_URL";

  /** From the documentation, without the shell's own. */
  private static final List<String> COMMANDS =
      Arrays.asList(
          ("arch awk basename bash cat chgrp chmod chown cmp cp cut date dd df dirname dmesg"
                  + " dmidecode echo expr find getconf getent grep gzip head hostname id ln ls"
                  + " lsattr md5sum mkdir mktemp mv printf ps pwd readlink realpath rm rmdir sed sh"
                  + " sleep sort stat tail tar test touch tr true tty umount uname uniq wc which"
                  + " yes")
              .split(" "));

  @RegisterExtension private final Afterwards afterwards = new Afterwards();

  private HostRoot busybox() {
    return afterwards.close(HostRoot.busybox());
  }

  private static Launcher minimal(Launcher launcher, HostRoot root) {
    return launcher
        .mounts(root.minimalMounts())
        .environment("SMARTAGENT_ENABLE_MINIMAL_MOUNT", "true");
  }

  private static Launcher minimal(HostRoot root) {
    return minimal(Launcher.on(root), root);
  }

  /** Makes /bin/awk what it is on a Debian: /etc/alternatives/awk, which leads to /usr/bin. */
  private static void linkAwkToUsrBin(HostRoot root) throws IOException {
    HostRoot.makeDirectory(root.path("/usr/bin"));
    HostRoot.makeDirectory(root.path("/etc/alternatives"));
    Files.move(root.path("/bin/busybox"), root.path("/usr/bin/mawk"));
    Files.copy(root.path("/usr/bin/mawk"), root.path("/bin/busybox"));
    run("chmod", "755", root.path("/bin/busybox"));
    Files.delete(root.path("/bin/awk"));
    Files.createSymbolicLink(root.path("/bin/awk"), Path.of("/etc/alternatives/awk"));
    Files.createSymbolicLink(root.path("/etc/alternatives/awk"), Path.of("/usr/bin/mawk"));
  }

  private static void run(Object... words) {
    Programs.run(Stream.of(words).map(String::valueOf).toList()).orFail();
  }

  private static List<String> warnings(JsonNode plan) {
    List<String> warnings = new ArrayList<>();
    plan.get("warnings").forEach(warning -> warnings.add(warning.asText()));
    return warnings;
  }

  @ParameterizedTest
  @EnumSource
  void showsADebianOnlyWhatIsMountedAndFollowsItsLinks(SealIT.Way way) {
    HostRoot root = afterwards.close(HostRoot.debian());
    String script =
        """
        set -e
        ls -A / >/tmp/top; ls -A /usr >/tmp/usr
        echo top $(cat /tmp/top); echo usr $(cat /tmp/usr); echo mnt $(ls -A /mnt)
        echo awk $(awk 'BEGIN { print 6 * 7 }') $(realpath /bin/awk)
        findmnt -rno ID,PARENT,TARGET,VFS-OPTIONS
        """;
    Completed seen =
        succeeded(minimal(way.on(root), root).user("agent").run("/usr/bin/sh", "-c", script));
    assertThat(seen.out().lines())
        .contains(
            "top bin dev etc lib lib64 mnt opt proc run sbin sys tmp usr var",
            "usr bin lib lib64 sbin",
            "mnt",
            "awk 42 /usr/bin/mawk");
    List<String[]> mounts =
        seen.out()
            .lines()
            .filter(line -> line.contains(" /"))
            .filter(line -> Character.isDigit(line.charAt(0)))
            .map(line -> line.split(" "))
            .toList();
    assertThat(
            SealIT.visible(mounts).stream()
                .filter(mount -> mount[3].startsWith("rw"))
                .map(mount -> mount[2]))
        .containsExactlyInAnyOrder("/opt", "/var/lib/bonree", "/tmp", "/tmp/apm");
    assertThat(mounts.stream().filter(mount -> mount[2].equals("/")).map(mount -> mount[3]))
        .allMatch(options -> options.startsWith("ro,nosuid,nodev"));
    assertThat(seen.out()).doesNotContain("/mnt/root", "/virtual-root");
  }

  @Test
  void letsWriteInTheAgentsDirectoriesOnlyWhateverTheYamlSays() throws Exception {
    HostRoot root = busybox();
    HostRoot.makeDirectory(root.path("/usr/share/containers"));
    HostRoot.makeDirectory(root.path("/etc/containers"));
    List<String> before = root.inventory();
    String script =
        """
        for place in /opt /var/lib/bonree /tmp /tmp/apm \
            / /mnt /usr /usr/share /usr/share/containers /etc /etc/containers /bin /var /run; do
          touch $place/written 2>/dev/null && echo $place
        done
        """;
    Completed written = minimal(root).setting("--non-root-mode", "false").run("sh", "-c", script);
    assertThat(written.out().lines())
        .as("%s", written)
        .containsExactly("/opt", "/var/lib/bonree", "/tmp", "/tmp/apm");
    assertThat(root.installHere().resolve("written")).exists();
    assertThat(root.runtimeHere().resolve("written")).exists();
    assertThat(root.apmHere().resolve("written")).exists();
    run("rm", root.installHere().resolve("written"));
    run("rm", "-r", root.runtimeHere());
    run("install", "-d", "-m", "0755", root.runtimeHere());
    assertThat(withoutTimes(root.inventory())).isEqualTo(withoutTimes(before));
  }

  /** The times of directories are those of the last change in them, as of the runtime directory. */
  private static List<String> withoutTimes(List<String> inventory) {
    return inventory.stream()
        .map(line -> line.startsWith("d ") ? line.replaceFirst(" \\d+ \\d+\\.\\d+ ", " ") : line)
        .toList();
  }

  @Test
  void runsTheAgentWhoseAttestationHolds() {
    HostRoot root = busybox();
    RunningContainer agent = afterwards.close(minimal(root).user("agent").startAgent());
    JsonNode status = agent.awaitReady().status();
    assertThat(status.get("mode").asText()).isEqualTo("minimal");
    assertThat(Programs.run("ls", "-A", "/proc/" + agent.pid() + "/root/").orFail().out().lines())
        .contains("bin", "etc", "opt", "tmp", "var")
        .doesNotContain("boot", "root", "srv", "vmlinuz.old", "lost+found", "smartagent");
  }

  @Test
  void showsAWholeHostAsLittle() {
    HostRoot root = busybox();
    HostRoot.makeDirectory(root.path("/srv/docker"));
    HostRoot.makeDirectory(root.path("/srv/secret"));
    Launcher launcher =
        Launcher.on(root)
            .user("agent")
            .setting("--mode", "minimal")
            .environment("SMARTAGENT_CONTAINER_ROOTS", "docker=/srv/docker");
    assertThat(succeeded(launcher.run("ls", "-A", "/")).out().lines())
        .containsExactlyInAnyOrder(
            "bin", "dev", "etc", "mnt", "opt", "proc", "run", "sbin", "srv", "sys", "tmp", "var");
    assertThat(succeeded(launcher.run("ls", "-A", "/srv", "/mnt")).out())
        .isEqualTo("/mnt:\n\n/srv:\ndocker\n");
  }

  @Test
  void refusesAnInstallerWhoseCommandsAreMissingAndSaysWhereEachWasLookedFor() throws Exception {
    HostRoot root = busybox();
    linkAwkToUsrBin(root);
    Launcher launcher = minimal(root).user("agent").environment(INSTALLER_URL, "https://[::1]:1/");
    refused(launcher.config(), CONFIGURATION)
        .contains(
            "awk (\"/bin/awk\" leads to \"/usr/bin/mawk\", which is not shown)",
            "dmidecode (is not in /bin, /sbin)",
            "hostPath: {path: /usr/bin}",
            "mountPath: /mnt/root/usr/bin")
        .doesNotContain("cat (", "umask", "command (");
    assertThat(root.runtimeHere()).isEmptyDirectory();
  }

  @Test
  void onlyWarnsOfMissingCommandsWithoutAnInstaller() throws Exception {
    HostRoot root = busybox();
    linkAwkToUsrBin(root);
    Completed launched = succeeded(minimal(root).user("agent").run("true"));
    assertThat(launched.error())
        .contains("An installer could not run in mode minimal")
        .contains("awk (\"/bin/awk\" leads to \"/usr/bin/mawk\", which is not shown)");
  }

  @Test
  void findsAllCommandsWhereTheyAreFiles() throws Exception {
    HostRoot root = busybox();
    for (String command : COMMANDS) {
      Files.deleteIfExists(root.path("/bin/" + command));
      Files.createLink(root.path("/bin/" + command), root.path("/bin/busybox"));
    }
    JsonNode plan =
        minimal(root).user("agent").environment(INSTALLER_URL, "https://[::1]:1/").plan();
    assertThat(plan.get("problems")).isEmpty();
    assertThat(warnings(plan)).noneMatch(warning -> warning.contains("commands"));

    Files.delete(root.path("/bin/lsattr"));
    Files.createDirectory(root.path("/bin/lsattr"));
    refused(
            minimal(root).user("agent").environment(INSTALLER_URL, "https://[::1]:1/").config(),
            CONFIGURATION)
        .contains("cannot show: lsattr (\"/bin/lsattr\" is a directory).");
  }

  @Test
  void refusesWhereSelinuxEnforces() throws Exception {
    HostRoot root = busybox();
    HostRoot.makeDirectory(root.path("/sys/fs/selinux"));
    Files.writeString(root.path("/sys/fs/selinux/enforce"), "1");
    refused(minimal(root).user("agent").run("true"), CONFIGURATION)
        .contains("SELinux enforces", "Use mode read-only", "mountPath: /mnt/root");

    Files.writeString(root.path("/sys/fs/selinux/enforce"), "0");
    succeeded(minimal(root).user("agent").run("true"));
  }

  @Test
  void entersWhatTheYamlHasMountedWithoutSysAdmin() throws Exception {
    HostRoot root = busybox();
    linkAwkToUsrBin(root);
    Launcher launcher =
        minimal(root)
            .without("SYS_ADMIN")
            .user("agent")
            .environment("SMARTAGENT_NO_REMOUNT_ROOT", "true");
    Completed launched = succeeded(launcher.run("ls", "-A", "/"));
    assertThat(launched.out().lines())
        .contains("bin", "etc", "opt", "var")
        .doesNotContain("boot", "root", "srv");
    assertThat(launched.error())
        .contains("Mode minimal shows all that the YAML has mounted below /mnt/root")
        .contains("awk (\"/bin/awk\" leads to \"/usr/bin/mawk\", which is not shown)");
    assertThat(launcher.run("touch", "/etc/written").error()).contains("Read-only file system");
  }

  @Test
  void refusesADirectoryThatWouldGoWithTheContainer() {
    HostRoot root = busybox();
    List<String> mounts = new ArrayList<>(root.minimalMounts());
    mounts.addAll(List.of("-v", root.scratch().resolve("apm") + ":/mnt/root/srv/agent/below"));
    Launcher launcher =
        minimal(root)
            .mounts(mounts)
            .user("agent")
            .environment("SMARTAGENT_INSTALL_PATH", "/srv/agent");
    refused(launcher.run("true"), CONFIGURATION)
        .contains(
            "\"/srv/agent\" is a directory of the container", "mountPath: /mnt/root/srv/agent");
  }

  @Test
  void sharesTheApplicationsDirectoryInModeReadOnlyToo() {
    HostRoot root = busybox();
    List<String> mounts = new ArrayList<>(root.readOnlyMounts());
    mounts.addAll(root.apmMount());
    succeeded(
        Launcher.on(root).mounts(mounts).user("agent").run("touch", "/tmp/apm/written", "/tmp/x"));
    assertThat(root.apmHere().resolve("written")).exists();
    assertThat(root.path("/tmp")).isEmptyDirectory();
  }
}
