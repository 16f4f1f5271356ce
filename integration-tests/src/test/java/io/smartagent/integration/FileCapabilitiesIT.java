package io.smartagent.integration;

import static io.smartagent.integration.Launches.names;
import static io.smartagent.integration.Launches.succeeded;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.Capabilities;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.ProcessStatus;
import io.smartagent.integration.machine.Programs;
import io.smartagent.integration.machine.RunningContainer;
import io.smartagent.integration.machine.SeccompProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a user keeps on a kernel that has no ambient capabilities, as before Linux 4.3. */
final class FileCapabilitiesIT {

  @RegisterExtension private final Afterwards afterwards = new Afterwards();

  private final HostRoot root = afterwards.close(HostRoot.debian());

  private Launcher launcher() {
    return Launcher.on(root)
        .user("agent")
        .option("--security-opt", SeccompProfile.withoutAmbientCapabilities());
  }

  /** Each thread has its own, and only those of modules have any. */
  private static Set<String> capabilitiesOfAllThreads(long pid) throws IOException {
    Set<String> all = new TreeSet<>();
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads.toList()) {
        ProcessStatus status = new ProcessStatus(Files.readString(thread.resolve("status")));
        assertThat(status.field("Uid").split("\t")).containsOnly("1500");
        assertThat(status.capabilities("CapAmb")).isEmpty();
        all.addAll(status.capabilities("CapPrm"));
      }
    }
    return all;
  }

  private static Set<String> getcap(Path program) {
    String line = Programs.run("getcap", program.toString()).orFail().out().strip();
    assertThat(line).endsWith("=ei");
    return Capabilities.names(line.substring(line.indexOf(' ')));
  }

  private static void assertKeeps(RunningContainer agent, Set<String> kept) throws IOException {
    JsonNode attestation = agent.status().get("attestation");
    assertThat(attestation.get("passed").asBoolean()).as("%s", attestation).isTrue();
    assertThat(capabilitiesOfAllThreads(agent.pid())).isEqualTo(kept);
  }

  @Test
  void keepsItsCapabilitiesByACopyOfTheLoader() throws Exception {
    Set<String> kept = names(launcher().plan().get("capabilities").get("kept"));
    assertThat(kept).isNotEmpty();

    RunningContainer agent = afterwards.close(launcher().startAgent()).awaitReady();

    Path runtime = Path.of("/proc/" + agent.pid() + "/root/tmp/.smartagent");
    assertThat(getcap(runtime.resolve("bin/smartagent"))).isEqualTo(kept);
    assertKeeps(agent, kept);
    // Nothing of it is on the host.
    assertThat(root.runtimeHere().resolve("runtime")).doesNotExist();
  }

  @Test
  void keepsItsCapabilitiesByTheInstalledLoaderAndGivesOtherUsersNone() throws Exception {
    Launcher launcher =
        launcher().without("SYS_ADMIN").environment("SMARTAGENT_NO_REMOUNT_ROOT", "true");
    Set<String> kept = names(launcher.plan().get("capabilities").get("kept"));

    RunningContainer agent = afterwards.close(launcher.startAgent()).awaitReady();

    Path runtimes = root.installHere().resolve("smartagent/runtime");
    // Beside it is the stamp of when it was verified.
    String[] installed =
        requireNonNull(runtimes.toFile().list((at, name) -> name.indexOf('.') < 0));
    assertThat(installed).hasSize(1);
    Path runtime = runtimes.resolve(installed[0]);
    assertThat(getcap(runtime.resolve("bin/smartagent"))).isEqualTo(kept);
    assertKeeps(agent, kept);
    ProcessStatus other =
        new ProcessStatus(
            Programs.run(
                    "setpriv",
                    "--reuid=65534",
                    "--regid=65534",
                    "--clear-groups",
                    runtime.resolve("bin/smartagent").toString(),
                    "--library-path",
                    runtime.resolve("lib").toString(),
                    "/bin/cat",
                    "/proc/self/status")
                .orFail()
                .out());
    assertThat(other.capabilities("CapPrm")).isEmpty();
    assertThat(other.capabilities("CapEff")).isEmpty();
  }

  @Test
  void runsAsRootWhereNoNewPrivilegesMakesThemVoid() {
    Completed launched =
        succeeded(
            launcher()
                .option("--security-opt", "no-new-privileges")
                .run("cat", "/proc/self/status"));

    ProcessStatus status = new ProcessStatus(launched.out());
    assertThat(status.field("Uid").split("\t")).containsOnly("0");
    assertThat(launched.error()).contains("This kernel has no ambient capabilities (Linux 4.3)");
  }

  @Test
  void becomesTheUserAsItIsWhereNothingIsKept() {
    ProcessStatus status =
        new ProcessStatus(
            succeeded(launcher().setting("--capabilities", "none").run("cat", "/proc/self/status"))
                .out());

    assertThat(status.field("Uid").split("\t")).containsOnly("1500");
    assertThat(status.field("NoNewPrivs")).isEqualTo("1");
    for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
      assertThat(status.capabilities(set)).as(set).isEmpty();
    }
  }
}
