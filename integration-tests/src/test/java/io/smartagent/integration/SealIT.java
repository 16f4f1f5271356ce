package io.smartagent.integration;

import static io.smartagent.integration.Launches.step;
import static io.smartagent.integration.Launches.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.RunningContainer;
import io.smartagent.integration.machine.SeccompProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What can be written inside the virtual root, by trying. */
final class SealIT {

  private static final String READ_ONLY = "Read-only file system";

  /** On the host, and so in mountinfo, a path may have any byte but NUL. */
  private static final String AWKWARD = "/srv/with space\nand newline";

  private final List<HostRoot> roots = new ArrayList<>();

  @AfterEach
  void removeRoots() {
    roots.forEach(HostRoot::close);
  }

  private HostRoot busybox() {
    HostRoot root = HostRoot.busybox();
    roots.add(root);
    return root;
  }

  private HostRoot machine() {
    HostRoot root = HostRoot.machine();
    roots.add(root);
    return root;
  }

  /** The ways in which the same seal comes about. */
  enum Way {
    /** Docker's profile: mount_setattr, and MS_MOVE in place of pivot_root. */
    DOCKERS_PROFILE("MS_MOVE and chroot"),
    /** No profile: mount_setattr and pivot_root. */
    UNCONFINED("pivot_root"),
    /** Before Linux 5.12: one remount after the other. */
    OLD_KERNEL("pivot_root");

    private final String entry;

    Way(String entry) {
      this.entry = entry;
    }

    Launcher on(HostRoot root) {
      Launcher launcher = Launcher.on(root);
      return switch (this) {
        case DOCKERS_PROFILE -> launcher;
        case UNCONFINED -> launcher.option("--security-opt", "seccomp=unconfined");
        case OLD_KERNEL ->
            launcher.option(
                "--security-opt",
                SeccompProfile.hiding("mount_setattr", "open_tree", "move_mount"));
      };
    }
  }

  private static void assertReadOnly(Completed attempt) {
    assertThat(attempt.exitCode()).as("%s", attempt).isNotZero();
    assertThat(attempt.error()).as("%s", attempt).contains(READ_ONLY);
  }

  @ParameterizedTest
  @EnumSource
  void forbidsToWriteOutsideTheTwoDirectories(Way way) {
    HostRoot root = busybox();
    root.mountTmpfs("/srv/data");
    root.mountTmpfs("/srv/data/below");
    root.mountTmpfs(AWKWARD);
    for (Launcher launcher :
        List.of(way.on(root).user("agent"), way.on(root).setting("--non-root-mode", "false"))) {
      for (String directory :
          List.of(
              "", "/etc", "/usr", "/var", "/var/lib", "/srv/data", "/srv/data/below", AWKWARD)) {
        assertReadOnly(launcher.run("touch", directory + "/written"));
      }
      assertReadOnly(launcher.run("mkdir", "/srv/data/new"));
      assertReadOnly(launcher.run("chmod", "700", "/etc/passwd"));
    }
    assertThat(way.on(root).user("agent").plan().get("sealed").asBoolean()).isTrue();
    assertThat(step(way.on(root).user("agent").plan(), "enter-root")).isEqualTo(way.entry);
  }

  @ParameterizedTest
  @EnumSource
  void letsWriteInTheTwoDirectoriesAndInTmp(Way way) throws Exception {
    HostRoot root = busybox();
    String script =
        "set -e; echo data >%s/data; echo temporary >/tmp/file; cat /tmp/file"
            .formatted(root.runtime());
    assertThat(succeeded(way.on(root).user("agent").run("sh", "-c", script)).out())
        .isEqualTo("temporary\n");
    assertThat(root.runtimeHere().resolve("data")).hasContent("data\n");
    assertThat(Files.getAttribute(root.runtimeHere().resolve("data"), "unix:uid")).isEqualTo(1500);
    assertThat(root.path("/tmp")).isEmptyDirectory();
    succeeded(
        way.on(root)
            .setting("--non-root-mode", "false")
            .run("touch", root.install() + "/installed"));
    assertThat(root.installHere().resolve("installed")).exists();
  }

  @ParameterizedTest
  @EnumSource
  void showsOnlyReadOnlyMountsToFindmnt(Way way) {
    HostRoot root = machine();
    root.mountTmpfs(HostRoot.makeDirectory(root.scratch().resolve("mounted")));
    String table =
        succeeded(
                way.on(root).user("nobody").run("findmnt", "-rno", "ID,PARENT,TARGET,VFS-OPTIONS"))
            .out();
    List<String[]> visible = visible(table.lines().map(line -> line.split(" ")).toList());
    assertThat(visible.stream().filter(mount -> mount[3].startsWith("rw")).map(mount -> mount[2]))
        .containsExactlyInAnyOrder(root.install(), root.runtime(), "/tmp");
    assertThat(visible.stream().map(mount -> mount[2]))
        .contains("/", "/proc", root.scratch() + "/mounted", "/tmp/.smartagent");
  }

  /** Leaves out the mounts that another covers at the same place: no path leads to them. */
  static List<String[]> visible(List<String[]> mounts) {
    return mounts.stream()
        .filter(mount ->
            mounts.stream()
                .noneMatch(other -> other[1].equals(mount[0]) && other[2].equals(mount[2])))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void hidesWhatNoAgentHasAnyBusinessWith(Way way) {
    HostRoot root = busybox();
    Launcher launcher = way.on(root).setting("--non-root-mode", "false");
    assertThat(succeeded(launcher.run("ls", "-A", "/boot", "/root", "/lost+found")).out())
        .doesNotContain("vmlinuz", "secret", "found:\nfound");
    assertThat(succeeded(launcher.run("find", "/boot", "/root", "/lost+found")).out().lines())
        .containsExactlyInAnyOrder("/boot", "/root", "/lost+found");
    assertThat(succeeded(launcher.run("cat", "/vmlinuz.old")).out()).isEmpty();
    assertReadOnly(launcher.run("touch", "/root/written"));
    assertThat(launcher.run("umount", "/root").error()).contains("Operation not permitted");
  }

  /** The mount arrives where mounts propagate from the host, as with HostToContainer. */
  @ParameterizedTest
  @EnumSource
  void forbidsToWriteWhereTheHostMountsLater(Way way) {
    HostRoot root = busybox();
    root.shareMounts();
    HostRoot.makeDirectory(root.path("/srv/later"));
    Programs.run("mkfifo", "-m", "666", root.runtimeHere().resolve("go").toString()).orFail();
    String script =
        """
        echo started >%1$s/started
        read line <%1$s/go
        touch /srv/later/written
        """
            .formatted(root.runtime());
    Launcher launcher =
        way.on(root).mounts(root.propagatingMounts()).setting("--non-root-mode", "false");
    try (RunningContainer waiting = launcher.start("sh", "-c", script)) {
      await()
          .atMost(RunningContainer.TIMEOUT)
          .until(() -> Files.exists(root.runtimeHere().resolve("started")));
      root.mountTmpfs("/srv/later");
      Programs.run("sh", "-c", "echo go >\"$1\"", "sh", root.runtimeHere().resolve("go").toString())
          .orFail();
      assertThat(waiting.awaitEnd()).as("%s", waiting.logs()).isNotZero();
      assertThat(waiting.logs().error()).contains(READ_ONLY);
      assertThat(root.path("/srv/later")).isEmptyDirectory();
    }
  }

  @Test
  void showsNothingOfTheContainer() {
    HostRoot root = busybox();
    Launcher launcher = Launcher.on(root).user("agent");
    assertThat(succeeded(launcher.run("ls", "/../..")).out().lines())
        .contains("bin", "etc")
        .doesNotContain("smartagent", "mnt");
    assertThat(succeeded(launcher.run("cat", "/proc/self/mountinfo")).out())
        .doesNotContain("/mnt/root");
  }

  @Test
  void leavesTheHostWritableInModeFull() {
    HostRoot root = busybox();
    Launcher launcher = Launcher.onWritable(root).setting("--non-root-mode", "false");
    assertThat(launcher.plan().get("mode").asText()).isEqualTo("full");
    assertThat(launcher.plan().get("sealed").asBoolean()).isFalse();
    Completed launched = succeeded(launcher.run("touch", "/etc/written"));
    assertThat(launched.error()).contains("Mode full leaves the host's root writable");
    assertThat(root.path("/etc/written")).exists();
    assertThat(succeeded(launcher.run("cat", "/root/secret")).out()).isEqualTo("secret of root\n");
  }

  @Test
  void sealsAWritableRootWhereModeReadOnlyIsAskedFor() {
    HostRoot root = busybox();
    Launcher launcher =
        Launcher.onWritable(root)
            .setting("--non-root-mode", "false")
            .setting("--mode", "read-only");
    assertReadOnly(launcher.run("touch", "/etc/written"));
    assertThat(root.path("/etc/written")).doesNotExist();
  }

  @Test
  void leavesTheHostsMountsAlone() throws Exception {
    HostRoot root = machine();
    List<String> before = mountsOf(root);
    succeeded(Launcher.on(root).user("nobody").run("true"));
    assertThat(mountsOf(root)).isEqualTo(before);
  }

  private static List<String> mountsOf(HostRoot root) throws Exception {
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .filter(line -> line.contains(root.scratch().toString()))
        .toList();
  }
}
