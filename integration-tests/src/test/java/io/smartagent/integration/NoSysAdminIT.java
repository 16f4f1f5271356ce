package io.smartagent.integration;

import static io.smartagent.integration.Launches.CONFIGURATION;
import static io.smartagent.integration.Launches.NOT_PERMITTED;
import static io.smartagent.integration.Launches.UNAVAILABLE;
import static io.smartagent.integration.Launches.modules;
import static io.smartagent.integration.Launches.refused;
import static io.smartagent.integration.Launches.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.RunningContainer;
import io.smartagent.integration.machine.SeccompProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Without SYS_ADMIN: what the YAML's own mounts leave open, and the runtime on the host. */
final class NoSysAdminIT {

  private static final String DENIED = "Permission denied";

  @RegisterExtension private final Afterwards afterwards = new Afterwards();

  private HostRoot busybox() {
    return afterwards.close(HostRoot.busybox());
  }

  private HostRoot debian() {
    return afterwards.close(HostRoot.debian());
  }

  /** Nothing is remounted, and nothing kept that Landlock would be in the way of. */
  private static Launcher restricted(HostRoot root) {
    return unmounted(root).without("SYS_PTRACE");
  }

  private static Launcher unmounted(HostRoot root) {
    return Launcher.on(root)
        .without("SYS_ADMIN")
        .environment("SMARTAGENT_NO_REMOUNT_ROOT", "true")
        .user("agent");
  }

  private static Launcher with(Launcher launcher, HostRoot root, String... mounts) {
    List<String> words = new ArrayList<>(root.readOnlyMounts());
    words.addAll(List.of(mounts));
    return launcher.mounts(words);
  }

  private static Set<String> openMounts(JsonNode plan) {
    Set<String> paths = new TreeSet<>();
    plan.get("openMounts").forEach(mount -> paths.add(mount.get("path").asText()));
    return paths;
  }

  private static void assertDenied(Completed attempt) {
    assertThat(attempt.exitCode()).as("%s", attempt).isNotZero();
    assertThat(attempt.error()).as("%s", attempt).contains(DENIED);
  }

  @Test
  void namesEveryMountThatFindmntShowsAsWritable() {
    HostRoot root = debian();
    String table = succeeded(unmounted(root).run("findmnt", "-rno", "TARGET,VFS-OPTIONS")).out();
    Set<String> writable = new TreeSet<>();
    for (String line : table.lines().toList()) {
      String[] mount = line.split(" ", -1);
      if (mount[1].startsWith("rw")) {
        writable.add(mount[0]);
      }
    }
    writable.removeAll(Set.of(root.install(), root.runtime()));

    JsonNode plan = unmounted(root).plan();

    assertThat(openMounts(plan)).isEqualTo(writable).contains("/proc", "/sys");
    assertThat(plan.get("sealed").asBoolean()).isFalse();
    assertThat(plan.get("warnings").toString())
        .contains(writable.size() + " mounts below the host's root can be written to")
        .contains("/proc (proc)")
        .contains("recursiveReadOnly: Enabled");
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "root"})
  void keepsAProgramFromWritingWhereTheMountsLetIt(String user) throws Exception {
    HostRoot root = busybox();
    root.mountTmpfs("/srv/data");
    String etc = root.path("/etc") + ":/mnt/root/etc";
    Launcher launcher = with(restricted(root), root, "-v", etc);
    if (user.equals("root")) {
      launcher = launcher.setting("--non-root-mode", "false");
    }
    assertThat(openMounts(launcher.plan())).containsExactly("/etc", "/srv/data");
    assertThat(launcher.plan().get("seal").asText()).isEqualTo("landlock");
    for (String attempt :
        List.of(
            "echo x >/etc/written",
            "echo x >/srv/data/written",
            "mkdir /srv/data/made",
            "ln -s x /srv/data/link",
            "mkfifo /srv/data/fifo")) {
      assertDenied(launcher.run("sh", "-c", attempt));
    }
    assertThat(root.path("/etc/written")).doesNotExist();
    assertThat(root.path("/srv/data")).isEmptyDirectory();
  }

  /** The root of the host owns these files, and so does the program. */
  @Test
  void keepsRootFromChangingWhatIsThere() throws Exception {
    HostRoot root = busybox();
    String before = Files.readString(root.path("/etc/passwd"));
    Launcher launcher =
        with(restricted(root), root, "-v", root.path("/etc") + ":/mnt/root/etc")
            .setting("--non-root-mode", "false");
    for (String attempt :
        List.of(
            "echo x >>/etc/passwd",
            "rm /etc/passwd",
            "mv /etc/passwd /etc/other",
            "truncate -c -s 0 /etc/passwd")) {
      assertDenied(launcher.run("sh", "-c", attempt));
    }
    assertThat(root.path("/etc/passwd")).hasContent(before);
  }

  @Test
  void letsWriteInTheTwoDirectoriesInAnEmptyDirAndToDevices() throws Exception {
    HostRoot root = busybox();
    Path empty =
        HostRoot.makeDirectory(root.scratch().resolve("volumes/kubernetes.io~empty-dir/tmp"));
    Programs.run("chmod", "1777", empty.toString()).orFail();
    Launcher launcher = with(restricted(root), root, "-v", empty + ":/mnt/root/tmp");
    String script =
        """
        set -e
        cd %s
        mkdir -p a/b c; echo x >a/b/file; mv a/b/file c/file; ln c/file c/hard
        rm c/hard; truncate -s 0 c/file; rmdir a/b a
        echo x >/dev/null; echo x >/tmp/file
        """
            .formatted(root.runtime());
    succeeded(launcher.run("sh", "-c", script));
    assertThat(root.runtimeHere().resolve("c/file")).isEmptyFile();
    assertThat(empty.resolve("file")).hasContent("x\n");
    assertThat(openMounts(launcher.plan())).isEmpty();
    assertDenied(launcher.run("mknod", root.runtime() + "/device", "c", "1", "3"));
    succeeded(
        launcher.setting("--non-root-mode", "false").run("touch", root.install() + "/installed"));
  }

  /** What reads other processes needs what Landlock forbids: it wins, and the plan says so. */
  @Test
  void leavesTheMountsOpenWhereAProgramKeepsSysPtrace() {
    HostRoot root = busybox();
    root.mountTmpfs("/srv/data");
    Launcher launcher = unmounted(root).setting("--capabilities", "SYS_PTRACE");
    Completed run = succeeded(launcher.run("touch", "/srv/data/written"));
    assertThat(run.error())
        .contains("/srv/data (tmpfs)")
        .contains("--capabilities keeps SYS_PTRACE");
    assertThat(root.path("/srv/data/written")).exists();
    assertDenied(
        unmounted(root).setting("--capabilities", "none").run("touch", "/srv/data/second"));
  }

  @Test
  void saysSoWhereLandlockIsHidden() {
    HostRoot root = busybox();
    root.mountTmpfs("/srv/data");
    Launcher launcher =
        restricted(root).option("--security-opt", SeccompProfile.hiding("landlock_create_ruleset"));
    assertThat(launcher.plan().get("seal").asText()).isEqualTo("mounts");
    Completed run = succeeded(launcher.run("touch", "/srv/data/written"));
    assertThat(run.error())
        .contains("Landlock cannot keep the agent from writing there either")
        .contains("ENOSYS");
    for (JsonNode ability : launcher.probe().get("abilities")) {
      if (ability.get("name").asText().equals("landlock")) {
        assertThat(ability.get("blockedBy").asText()).isEqualTo("seccomp");
      }
    }
  }

  private static List<String> checks(RunningContainer agent) {
    JsonNode attestation = agent.status().get("attestation");
    assertThat(attestation.get("passed").asBoolean()).as("%s", attestation).isTrue();
    List<String> names = new ArrayList<>();
    attestation.get("checks").forEach(check -> names.add(check.get("name").asText()));
    return names;
  }

  @Test
  void attestsTheWeakerSeal() {
    HostRoot root = debian();
    RunningContainer agent = afterwards.close(restricted(root).startAgent()).awaitReady();

    assertThat(agent.status().get("seal").asText()).isEqualTo("landlock");
    assertThat(checks(agent)).contains("read-only-mounts", "restricted-writes");
    assertThat(modules(agent.status())).containsEntry("host-events", "enabled syslog");
  }

  @Test
  void attestsTheMountsWhereModulesReadProcesses() {
    HostRoot root = debian();
    RunningContainer agent = afterwards.close(unmounted(root).startAgent()).awaitReady();

    assertThat(agent.status().get("seal").asText()).isEqualTo("mounts");
    assertThat(checks(agent)).contains("read-only-mounts").doesNotContain("restricted-writes");
    assertThat(modules(agent.status()).get("application-discovery")).startsWith("enabled");
    assertThat(agent.status().get("warnings").toString()).contains("application-discovery");
  }

  private static Path runtimes(HostRoot root) {
    return root.installHere().resolve("smartagent/runtime");
  }

  private static List<String> names(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static List<Path> installed(HostRoot root) {
    return names(runtimes(root)).stream()
        .filter(name -> name.matches("[0-9a-f]{16}"))
        .map(runtimes(root)::resolve)
        .toList();
  }

  private static void assertWhole(Path runtime) {
    Programs.run(
            "sh", "-c", "cd \"$1\" && sha256sum -c --quiet SHA256SUMS", "sh", runtime.toString())
        .orFail();
  }

  /** A launcher with a runtime directory of its own on the same host. */
  private static Launcher another(HostRoot root, int number) {
    Path runtime = HostRoot.makeDirectory(root.scratch().resolve("lib-" + number + "/bonree"));
    List<String> mounts = new ArrayList<>(root.readOnlyMounts());
    mounts.set(5, runtime + ":/mnt/root" + root.runtime());
    return restricted(root).mounts(mounts);
  }

  @Test
  void installsOnceForStartsAtTheSameTime() {
    HostRoot root = debian();
    List<RunningContainer> agents = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      agents.add(afterwards.close(another(root, i).startAgent()));
    }
    agents.forEach(RunningContainer::awaitReady);

    assertThat(installed(root)).singleElement().satisfies(NoSysAdminIT::assertWhole);
    assertThat(names(runtimes(root))).hasSize(2).noneMatch(name -> name.startsWith("."));
  }

  /** The moments at which a start is killed, by what it has made so far. */
  enum Moment {
    STAGING {
      @Override
      boolean has(Path runtimes) {
        return Files.exists(runtimes.resolve(".staged"));
      }
    },
    HALF_COPIED {
      @Override
      boolean has(Path runtimes) {
        return Files.exists(runtimes.resolve(".staged/jre"));
      }
    },
    COPIED {
      @Override
      boolean has(Path runtimes) {
        return Files.exists(runtimes.resolve(".staged/SHA256SUMS"));
      }
    },
    RENAMED {
      @Override
      boolean has(Path runtimes) {
        return names(runtimes).stream().anyMatch(name -> name.matches("[0-9a-f]{16}"));
      }
    };

    abstract boolean has(Path runtimes);
  }

  @ParameterizedTest
  @EnumSource
  void startsAgainAfterAKill(Moment moment) {
    HostRoot root = debian();
    RunningContainer killed = afterwards.close(restricted(root).startAgent());
    String pid = Long.toString(killed.pid());
    await()
        .atMost(RunningContainer.TIMEOUT)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> moment.has(runtimes(root)));
    Programs.run("kill", "-KILL", pid);
    killed.awaitEnd();
    installed(root).forEach(NoSysAdminIT::assertWhole);

    RunningContainer agent = afterwards.close(restricted(root).startAgent()).awaitReady();

    assertThat(installed(root)).singleElement().satisfies(NoSysAdminIT::assertWhole);
    assertThat(names(runtimes(root))).hasSize(2).noneMatch(name -> name.startsWith("."));
    assertThat(agent.status().get("seal").asText()).isEqualTo("landlock");
  }

  @Test
  void leavesADiskThatIsTooSmallAsItWas() {
    HostRoot root = debian();
    root.mountTmpfs(root.installHere());
    Programs.run("chmod", "755", root.installHere().toString()).orFail();

    refused(restricted(root).config(), UNAVAILABLE).contains("ENOSPC").contains("with 200 MB free");

    assertThat(names(runtimes(root))).isEmpty();
  }

  @Test
  void refusesWhereOthersCouldExchangeWhatIsExecuted() {
    HostRoot root = debian();
    HostRoot.makeDirectory(root.installHere().resolve("smartagent"));
    Programs.run("chmod", "777", root.installHere().resolve("smartagent").toString()).orFail();

    refused(restricted(root).config(), NOT_PERMITTED)
        .contains("Directory \"/opt/smartagent\" of the host can be written to by others");
  }

  @Test
  void installsNothingWhereALinkLeads() throws Exception {
    HostRoot root = debian();
    Files.createSymbolicLink(root.installHere().resolve("smartagent"), Path.of("/var/lib/bonree"));

    refused(restricted(root).config(), CONFIGURATION)
        .contains("\"/opt/smartagent\" of the host is a symbolic link");

    assertThat(names(root.runtimeHere())).isEmpty();
  }

  /** An image whose runtime differs in one file. */
  private String newerImage(Path scratch) throws Exception {
    String tag = Docker.IMAGES + ":newer-" + ProcessHandle.current().pid();
    Path context = HostRoot.makeDirectory(scratch.resolve("context"));
    String name = Docker.newName();
    Docker.docker("create", "--name", name, Docker.image()).orFail();
    try {
      Docker.docker("cp", name + ":/smartagent/SHA256SUMS", context.toString()).orFail();
    } finally {
      Docker.docker("rm", name).orFail();
    }
    Files.writeString(context.resolve("newer"), "newer\n");
    String digest = Programs.run("sha256sum", context.resolve("newer").toString()).orFail().out();
    Path digests = context.resolve("SHA256SUMS");
    Files.writeString(digests, Files.readString(digests) + digest.substring(0, 64) + "  newer\n");
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM " + Docker.image() + "\nCOPY newer SHA256SUMS /smartagent/\n");
    Docker.docker("build", "-q", "-t", tag, context.toString()).orFail();
    afterwards.close(() -> Docker.removeImage(tag));
    return tag;
  }

  @Test
  void installsANewerImageBesideAnAgentThatRuns() throws Exception {
    HostRoot root = debian();
    RunningContainer older = afterwards.close(another(root, 1).startAgent()).awaitReady();
    Path first = installed(root).getFirst();
    Object inode = Files.getAttribute(first.resolve("bin/smartagent"), "unix:ino");
    Launcher newer = another(root, 2).image(newerImage(root.scratch()));

    RunningContainer second = afterwards.close(newer.startAgent()).awaitReady();

    assertThat(installed(root)).hasSize(2).contains(first).allSatisfy(NoSysAdminIT::assertWhole);
    assertThat(executed(older)).isEqualTo("/opt/smartagent/runtime/" + first.getFileName());
    assertThat(executed(second)).isNotEqualTo(executed(older));
    assertThat(Programs.run("flock", "-n", first + "/SHA256SUMS", "true").exitCode())
        .as("whether another user could lock what runs")
        .isNotZero();
    older.close();
    afterwards.close(another(root, 3).startAgent()).awaitReady();
    assertThat(
            Files.getAttribute(
                first.resolve("bin/smartagent"), "unix:ino", LinkOption.NOFOLLOW_LINKS))
        .isEqualTo(inode);
  }

  /** Returns the runtime that an agent executes, as its own root names it. */
  private static String executed(RunningContainer agent) throws IOException {
    String link = Files.readSymbolicLink(Path.of("/proc/" + agent.pid() + "/exe")).toString();
    String path = link.substring(link.indexOf("/smartagent/runtime/"));
    return "/opt" + path.substring(0, path.indexOf("/bin/"));
  }
}
