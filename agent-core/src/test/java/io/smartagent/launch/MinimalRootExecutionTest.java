package io.smartagent.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smartagent.config.Option;
import io.smartagent.host.FormerData;
import io.smartagent.host.LayoutFacts;
import io.smartagent.host.MinimalFacts;
import io.smartagent.host.MinimalFacts.Place;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.plan.Situation;
import io.smartagent.probe.Ability;
import io.smartagent.probe.Blocker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MinimalRootExecutionTest {

  @TempDir private Path container;

  private final Situation situation =
      new Situation()
          .option(Option.MODE, "minimal")
          .runtime(Situation.directory("/var/lib/bonree", 65534, "runtime"))
          .layout(
              new LayoutFacts(
                  true,
                  FormerData.NONE,
                  new MinimalFacts(
                      List.of(
                          new Place("/bin", true, "/usr/bin"),
                          new Place("/opt", true, "/opt"),
                          new Place("/srv/agent.conf", false, "/srv/agent.conf"),
                          new Place("/var", true, "/var")),
                      List.of(),
                      Optional.empty(),
                      List.of())));

  private RecordingKernel kernel = new RecordingKernel();

  @BeforeEach
  void makeContainer() throws IOException {
    for (String directory : List.of("opt", "usr/bin", "srv", "var/lib/bonree")) {
      Files.createDirectories(container.resolve("mnt/root").resolve(directory));
    }
    Files.createSymbolicLink(container.resolve("mnt/root/bin"), Path.of("usr/bin"));
    Files.createFile(container.resolve("mnt/root/srv/agent.conf"));
    Files.createDirectories(container.resolve("smartagent"));
    Files.createDirectories(container.resolve("tmp/apm"));
    // The fake shows at a mount what was there before: what /var brings along.
    Files.createDirectories(container.resolve("virtual-root/var/lib/bonree"));
    kernel = new RecordingKernel();
    kernel.filesystem(container);
    kernel.capabilities(situation.container().capabilities());
  }

  private void execute() throws LaunchFailure {
    LaunchPlan plan = situation.plan();
    assertThat(plan.problems()).isEmpty();
    Program program = new Program(List.of("agent".getBytes(StandardCharsets.UTF_8)), List.of());
    new PlanExecutor(
            kernel,
            kernel.execution(),
            "/mnt/root",
            situation.container(),
            plan,
            program,
            line -> {})
        .execute();
  }

  @Test
  void makesARootOfWhatIsShownAndSealsAndEntersThat() throws Exception {
    Files.createDirectories(container.resolve("virtual-root/usr"));

    execute();

    assertThat(kernel.calls())
        .containsSubsequence(
            "mount(\"/\", MS_REC|MS_PRIVATE)",
            "mount(\"/virtual-root\", tmpfs, MS_NOSUID|MS_NODEV)",
            "mkdir(\"/virtual-root/bin\", 0755)",
            "mount(\"/mnt/root/usr/bin\", \"/virtual-root/bin\", MS_BIND|MS_REC)",
            "mkdir(\"/virtual-root/opt\", 0755)",
            "mount(\"/mnt/root/opt\", \"/virtual-root/opt\", MS_BIND|MS_REC)",
            "mkdir(\"/virtual-root/srv\", 0755)",
            "rename(\"/virtual-root/srv/agent.conf\")",
            "mount(\"/mnt/root/srv/agent.conf\", \"/virtual-root/srv/agent.conf\", MS_BIND|MS_REC)",
            "mkdir(\"/virtual-root/usr/bin\", 0755)",
            "mount(\"/mnt/root/usr/bin\", \"/virtual-root/usr/bin\", MS_BIND|MS_REC)",
            "mount(\"/mnt/root/var\", \"/virtual-root/var\", MS_BIND|MS_REC)",
            "mkdir(\"/virtual-root/mnt\", 0755)",
            "mkdir(\"/virtual-root/tmp\", 0755)",
            "open_tree(\"/virtual-root/opt\", OPEN_TREE_CLONE|AT_RECURSIVE)",
            "mount_setattr(\"/virtual-root\", AT_RECURSIVE, MOUNT_ATTR_RDONLY)",
            "move_mount(\"/virtual-root/opt\")",
            "move_mount(\"/virtual-root/var/lib/bonree\")",
            "mount(\"/virtual-root/tmp\", tmpfs, MS_NOSUID|MS_NODEV)",
            "mkdir(\"/virtual-root/tmp/apm\", 0755)",
            "mount(\"/tmp/apm\", \"/virtual-root/tmp/apm\", MS_BIND|MS_REC)",
            "mount(\"/smartagent\", \"/virtual-root/tmp/.smartagent\", MS_BIND|MS_REC)",
            "chdir(\"/virtual-root\")",
            "pivot_root(\".\", \".\")")
        .noneMatch(call -> call.startsWith("mount_setattr(\"/mnt/root"))
        .endsWith("execve(\"/tmp/.smartagent/bin/smartagent\")");
  }

  @Test
  void verifiesTheSealOfTheNewRoot() {
    kernel.ignoreSeals();

    LaunchFailure failure = catchThrowableOfType(LaunchFailure.class, this::execute);

    assertThat(failure.getMessage())
        .startsWith("The seal of the host does not hold: /virtual-root, /virtual-root/bin, ");
    assertThat(kernel.executed()).isEmpty();
  }

  @Test
  void sealsTheNewRootMountByMountOnOldKernels() throws Exception {
    situation.blocked(Ability.MOUNT_SETATTR, Blocker.KERNEL);

    execute();

    assertThat(kernel.calls())
        .contains("mount(\"/virtual-root\", MS_RDONLY|MS_NOSUID|MS_NODEV|MS_REMOUNT|MS_BIND)");
  }

  @Test
  void startsNothingWhereADirectoryIsNoneAnyMore() throws Exception {
    Files.delete(container.resolve("mnt/root/bin"));

    LaunchFailure failure = catchThrowableOfType(LaunchFailure.class, this::execute);

    assertThat(failure.getMessage()).contains("/bin").contains("step build-minimal-root");
    assertThat(kernel.executed()).isEmpty();
  }

  @Test
  void saysWhichMountOfTheNewRootFailed() {
    kernel.failOn("mount(\"/mnt/root/var\"", Errno.EACCES);

    LaunchFailure failure = catchThrowableOfType(LaunchFailure.class, this::execute);

    assertThat(failure.getMessage())
        .startsWith("mount(\"/mnt/root/var\", \"/virtual-root/var\", MS_BIND|MS_REC): EACCES")
        .contains("SMARTAGENT_NO_REMOUNT_ROOT=true");
  }
}
