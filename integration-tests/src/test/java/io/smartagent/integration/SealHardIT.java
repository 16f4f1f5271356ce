package io.smartagent.integration;

import static io.smartagent.integration.Launches.NOT_PERMITTED;
import static io.smartagent.integration.Launches.refused;
import static io.smartagent.integration.Launches.succeeded;
import static io.smartagent.integration.machine.Programs.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.RunningContainer;
import io.smartagent.integration.machine.SeccompProfile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The seal of hosts whose mounts are not those of a book, with and without mount_setattr(2). Alone,
 * for it slows down whatever copies the machine's mounts.
 */
@Isolated
final class SealHardIT {

  private static final String READ_ONLY = "Read-only file system";
  private static final int MANY = 5000;

  /** A tenth of that where nothing else runs; what grows with the square takes far more. */
  private static final Duration QUICK = Duration.ofSeconds(3);

  @RegisterExtension final Afterwards afterwards = new Afterwards();

  /** How the seal comes about. */
  enum Way {
    AT_ONCE,
    MOUNT_BY_MOUNT;

    Launcher on(HostRoot root) {
      return Launcher.on(root)
          .setting("--non-root-mode", "false")
          .option(
              "--security-opt",
              switch (this) {
                case AT_ONCE -> "seccomp=unconfined";
                case MOUNT_BY_MOUNT ->
                    SeccompProfile.hiding("mount_setattr", "open_tree", "move_mount");
              });
    }
  }

  private HostRoot busybox() {
    return afterwards.close(HostRoot.busybox());
  }

  private static Completed shell(String script, HostRoot root) {
    return run("sh", "-c", script, "sh", root.path().toString()).orFail();
  }

  private static void assertReadOnly(Completed attempt) {
    assertThat(attempt.exitCode()).as("%s", attempt).isNotZero();
    assertThat(attempt.error()).as("%s", attempt).contains(READ_ONLY);
  }

  /** Fails where anything can be written but below the agent's own directories. */
  private static void assertSealed(String mountinfo) {
    assertThat(
            mountinfo
                .lines()
                .map(line -> line.split(" ", -1))
                .filter(field -> !field[5].startsWith("ro"))
                .map(field -> field[4]))
        .containsOnly("/opt", "/var/lib/bonree", "/tmp");
  }

  private static List<String> mounts(HostRoot root) {
    return run("findmnt", "-rno", "ID,PARENT,TARGET,VFS-OPTIONS,PROPAGATION")
        .orFail()
        .out()
        .lines()
        .filter(line -> line.contains(root.scratch().toString()))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void sealsAPlaceWhateverItIsCalled(Way way) {
    HostRoot root = busybox();
    String names = "for n in 'caf\\351' '\\377\\376' 't\\tb\\\\040#' '\\\\134'; do ";
    afterwards.close(
        () -> shell("cd \"$1/srv\"; " + names + "umount \"$(printf \"$n\")\"; done", root));
    shell(
        "set -e; cd \"$1/srv\"; "
            + names
            + "mkdir \"$(printf \"$n\")\"; mount -t tmpfs -o mode=777 t \"$(printf \"$n\")\"; done",
        root);
    List<String> before = mounts(root);

    Completed attempt =
        way.on(root)
            .run(
                "sh",
                "-c",
                "cat /proc/self/mountinfo; cd /srv; "
                    + names
                    + "touch \"$(printf \"$n\")/written\" && echo WRITTEN; done; exit 0");

    assertThat(succeeded(attempt).out()).doesNotContain("WRITTEN");
    assertSealed(attempt.out());
    assertThat(attempt.error().split(READ_ONLY, -1)).as(attempt.error()).hasSize(1 + 4);
    assertThat(mounts(root)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void sealsStacksFilesAndWhatIsDeleted(Way way) throws Exception {
    HostRoot root = busybox();
    root.mountTmpfs("/srv/stack");
    root.mountTmpfs("/srv/stack/below");
    root.mountTmpfs("/srv/stack");
    root.mountTmpfs("/srv/stack");
    root.mountTmpfs("/srv/over/deep/place");
    root.mountTmpfs("/srv/over");
    Files.writeString(root.path("/srv/source"), "source\n");
    Files.writeString(root.path("/srv/file"), "file\n");
    HostRoot.makeDirectory(root.path("/srv/gone"));
    HostRoot.makeDirectory(root.path("/srv/shown"));
    afterwards.close(() ->
        shell("umount \"$1/srv/file\"; umount \"$1/srv/shown\"; umount \"$1/srv/layers\"", root));
    shell(
        """
        set -e
        cd "$1/srv"
        mount --bind source file
        mount --bind gone shown
        rmdir gone
        mkdir low up work layers
        mount -t overlay -o lowerdir=low,upperdir=up,workdir=work layers layers
        """,
        root);
    List<String> before = mounts(root);

    for (String place : List.of("stack", "over", "layers")) {
      assertReadOnly(way.on(root).run("touch", "/srv/" + place + "/written"));
    }
    assertReadOnly(way.on(root).run("sh", "-c", "echo written >/srv/file"));
    String table = succeeded(way.on(root).run("cat", "/proc/self/mountinfo")).out();
    assertThat(table).contains("//deleted");
    assertThat(
            table
                .lines()
                .filter(line -> line.contains(" /srv/shown ") || line.contains(" /srv/file "))
                .map(line -> line.split(" ", -1)[5]))
        .hasSize(2)
        .allMatch(options -> options.startsWith("ro"));
    assertThat(root.path("/srv/source")).hasContent("source\n");
    assertThat(mounts(root)).isEqualTo(before);
  }

  /** What an automounter is asked for is not answered, so that who asks would wait for ever. */
  @ParameterizedTest
  @EnumSource
  void triggersNoAutomount(Way way) throws Exception {
    HostRoot root = busybox();
    Path place = HostRoot.makeDirectory(root.path("/srv/auto"));
    Path script = copyOf("automount.py", root);
    Process automounter =
        new ProcessBuilder("python3", script.toString(), place.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    afterwards.close(() -> {
      automounter.outputWriter().close();
      assertThat(automounter.waitFor(1, TimeUnit.MINUTES)).isTrue();
    });
    BufferedReader answers = automounter.inputReader(StandardCharsets.UTF_8);
    assertThat(answers.readLine()).isEqualTo("mounted");

    RunningContainer agent = afterwards.close(way.on(root).startAgent()).awaitReady();
    assertThat(
            run("nsenter", "-t", Long.toString(agent.pid()), "-m", "cat", "/proc/self/mountinfo")
                .out())
        .contains(" /srv/auto ");

    automounter.outputWriter().close();
    assertThat(answers.readLine()).isEqualTo("quiet");
  }

  private static Path copyOf(String script, HostRoot root) throws IOException {
    Path copy = root.scratch().resolve(script);
    try (var source = SealHardIT.class.getResourceAsStream("/" + script)) {
      Files.write(copy, source.readAllBytes());
    }
    return copy;
  }

  /** Mounts a file system whose process no longer answers. */
  private Path hungFilesystem(HostRoot root, String inner) throws Exception {
    Path source = HostRoot.makeDirectory(root.scratch().resolve("source"));
    Path hung = HostRoot.makeDirectory(root.path("/srv/hung"));
    if (!inner.isEmpty()) {
      HostRoot.makeDirectory(source.resolve(inner));
    }
    // Without time-outs the kernel asks again for each name on the way.
    Process bindfs =
        new ProcessBuilder(
                "bindfs",
                "-f",
                "-o",
                "entry_timeout=0,attr_timeout=0",
                source.toString(),
                hung.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    afterwards.close(() -> {
      run("kill", "-CONT", Long.toString(bindfs.pid())).orFail();
      run("umount", "-l", hung.toString()).orFail();
      bindfs.destroy();
      bindfs.waitFor(1, TimeUnit.MINUTES);
    });
    await()
        .atMost(RunningContainer.TIMEOUT)
        .until(() -> run("mountpoint", "-q", hung.toString()).exitCode() == 0);
    if (!inner.isEmpty()) {
      String place = hung.resolve(inner).toString();
      run("mount", "-t", "tmpfs", "inner", place).orFail();
      afterwards.close(() -> {
        run("kill", "-CONT", Long.toString(bindfs.pid())).orFail();
        run("umount", place).orFail();
      });
    }
    run("kill", "-STOP", Long.toString(bindfs.pid())).orFail();
    return hung;
  }

  @ParameterizedTest
  @EnumSource
  void isNotHeldUpByAFilesystemThatDoesNotAnswer(Way way) throws Exception {
    HostRoot root = busybox();
    hungFilesystem(root, "");

    RunningContainer agent = afterwards.close(way.on(root).startAgent()).awaitReady();

    for (JsonNode check : agent.status().get("attestation").get("checks")) {
      if (check.get("name").asText().equals("sealed-host")) {
        assertThat(check.get("detail").asText()).contains("/srv/hung (it does not answer)");
      }
    }
  }

  /** The walk waits at the mount inside the one that does not answer: half of it is done then. */
  @Test
  void leavesTheHostsMountsAloneWhenItIsKilledInTheMiddleOfTheWalk() throws Exception {
    HostRoot root = busybox();
    hungFilesystem(root, "inner");
    List<String> before = mounts(root);
    RunningContainer launch = afterwards.close(Way.MOUNT_BY_MOUNT.on(root).start("true"));

    await("a seal that is half done")
        .atMost(RunningContainer.TIMEOUT)
        .until(() -> isHalfSealed(launch.pid()));
    run("kill", "-KILL", Long.toString(launch.pid())).orFail();

    assertThat(launch.awaitEnd()).isEqualTo(137);
    assertThat(mounts(root)).isEqualTo(before);
    assertThat(run("findmnt", "-no", "VFS-OPTIONS", root.path("/srv/hung").toString()).out())
        .startsWith("rw");
  }

  private static boolean isHalfSealed(long pid) throws IOException {
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads) {
        String table = Files.readString(thread.resolve("mountinfo"));
        if (table.matches("(?s).* /mnt/root/srv/hung ro[, ].*")
            && table.matches("(?s).* /mnt/root/srv/hung/inner rw[, ].*")) {
          return true;
        }
      }
    } catch (IOException vanished) {
      return false;
    }
    return false;
  }

  @Test
  void refusesWhereTheWayToAMountIsClosed() {
    HostRoot root = busybox();
    root.mountTmpfs("/srv/closed/inner");
    shell("chown 12345 \"$1/srv/closed\"; chmod 0 \"$1/srv/closed\"", root);
    String[] ways = {"DAC_OVERRIDE", "DAC_READ_SEARCH"};

    refused(Way.MOUNT_BY_MOUNT.on(root).without(ways).run("true"), NOT_PERMITTED)
        .contains("The mount at \"/mnt/root/srv/closed/inner\" cannot be sealed: EACCES")
        .contains("Add the capability DAC_READ_SEARCH.");

    assertSealed(
        succeeded(Way.AT_ONCE.on(root).without(ways).run("cat", "/proc/self/mountinfo")).out());
    assertSealed(succeeded(Way.MOUNT_BY_MOUNT.on(root).run("cat", "/proc/self/mountinfo")).out());
  }

  /** Filters answer as an old kernel does, as Docker's do, and as some engines' do. */
  @ParameterizedTest
  @CsvSource({"mount_setattr", "open_tree", "move_mount", "close_range"})
  void sealsWithoutACallHoweverItIsRefused(String call) {
    HostRoot root = busybox();
    root.mountTmpfs("/srv/data");
    for (String profile :
        List.of(
            SeccompProfile.hiding(call),
            SeccompProfile.forbidding(call),
            SeccompProfile.rejecting(call))) {
      Launcher launcher =
          Launcher.on(root).setting("--non-root-mode", "false").option("--security-opt", profile);
      assertSealed(succeeded(launcher.run("cat", "/proc/self/mountinfo")).out());
    }
  }

  /** As in a container whose engine maps users: no remount may take a mount's flags away. */
  @ParameterizedTest
  @CsvSource({"new", "old"})
  void keepsLockedFlagsInAUserNamespace(String kernel) throws Exception {
    HostRoot root = busybox();
    Path image = root.scratch().resolve("image");
    HostRoot.makeDirectory(image);
    String container = Docker.newName();
    run("docker", "create", "--name", container, "--label", Docker.LABEL, Docker.image()).orFail();
    afterwards.close(() -> run("docker", "rm", "-f", container).orFail());
    run("sh", "-c", "docker export \"$1\" | tar -x -C \"$2\"", "sh", container, image.toString())
        .orFail();
    String mount =
        """
        set -e
        mount --make-rprivate /
        mkdir -p "$2/srv/a" "$2/srv/b"
        mount -t tmpfs -o nosuid,nodev,noexec,noatime a "$2/srv/a"
        mount -t tmpfs -o nosuid,nodev,noexec,nodiratime,strictatime b "$2/srv/b"
        exec python3 "$3" "$4" sh -c 'set -e
          mount --bind "$1" "$1"
          cd "$1"
          mount --rbind "$2" "$1/mnt/root"
          mount --rbind /proc "$1/proc"
          exec chroot "$1" /smartagent/bin/smartagent --library-path /smartagent/lib \\
            /smartagent/jre/bin/java @/smartagent/launcher.args run --mode read-only \\
            --non-root-mode false -- /bin/sh -c "cat /proc/self/mountinfo; touch /srv/a/written"' sh "$1" "$2"
        """;

    Completed launch =
        run(
            "unshare",
            "-m",
            "sh",
            "-c",
            mount,
            "sh",
            image.toString(),
            root.path().toString(),
            copyOf("user-namespace.py", root).toString(),
            kernel);

    assertReadOnly(launch);
    assertThat(launch.error())
        .contains(kernel.equals("old") ? "seccomp filter" : "seccomp disabled");
    assertThat(launch.out())
        .contains(" /srv/a ro,nosuid,nodev,noexec,noatime ")
        .contains(" /srv/b ro,nosuid,nodev,noexec,nodiratime ");
    assertSealed(launch.out().replaceAll("(?m)^.* /proc/.*\n", ""));
  }

  @Test
  void isQuickOnAHostWithThousandsOfMounts() throws Exception {
    HostRoot root = busybox();
    Path many = HostRoot.makeDirectory(root.path("/srv/many"));
    afterwards.close(() -> run("umount", "-l", many.toString()).orFail());
    run(
            "python3",
            copyOf("many-mounts.py", root).toString(),
            many.toString(),
            Integer.toString(MANY))
        .orFail();
    for (Way way : Way.values()) {
      // Docker itself copies and changes the mounts.
      Duration engine = time(() -> succeeded(way.on(root).invoke(List.of("--version"))));
      Duration launch = time(() -> succeeded(way.on(root).run("true")));

      assertThat(launch.minus(engine)).as("%s after %s", way, engine).isLessThan(QUICK);
      String table = succeeded(way.on(root).run("cat", "/proc/self/mountinfo")).out();
      assertThat(table.lines().count()).isGreaterThan(MANY);
      assertSealed(table);
    }
    afterwards.close(Way.AT_ONCE.on(root).startAgent()).awaitReady();
  }

  /** The shortest of three, for the machine does other things too. */
  private static Duration time(Runnable launch) {
    List<Duration> times = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      launch.run();
      times.add(Duration.ofNanos(System.nanoTime() - start));
    }
    times.sort(null);
    return times.getFirst();
  }
}
