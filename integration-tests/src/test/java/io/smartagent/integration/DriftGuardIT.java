package io.smartagent.integration;

import static io.smartagent.integration.machine.Programs.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Afterwards;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.Metrics;
import io.smartagent.integration.machine.ProcessStatus;
import io.smartagent.integration.machine.RunningContainer;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Mounts that appear in a running agent's virtual root, made by util-linux and busybox. */
final class DriftGuardIT {

  private static final String APPEARED = "WritableMountAppeared";
  private static final String GONE = "WritableMountGone";

  @RegisterExtension final Afterwards afterwards = new Afterwards();

  private final HostRoot root = HostRoot.busybox();

  /** Runs a program of the agent's root in its mount namespace, as someone on the node may. */
  private static void inMountsOf(RunningContainer agent, String... program) {
    List<String> words =
        new ArrayList<>(List.of("nsenter", "-t", Long.toString(agent.pid()), "-m", "--"));
    words.addAll(List.of(program));
    run(words).orFail();
  }

  private static List<JsonNode> drift(RunningContainer agent) {
    return agent.events().stream()
        .filter(event -> event.get("type").asText().startsWith("WritableMount"))
        .toList();
  }

  private static void awaitDrift(RunningContainer agent, String type, String mountPoint) {
    await(type + " of " + mountPoint)
        .atMost(RunningContainer.TIMEOUT)
        .until(() ->
            drift(agent).stream()
                .anyMatch(event ->
                    event.get("type").asText().equals(type)
                        && event.get("mountPoint").asText().equals(mountPoint)));
  }

  private static double driftMounts(RunningContainer agent) {
    return Metrics.of(agent).value("smartagent_seal_drift_mounts");
  }

  private static String check(RunningContainer agent, String name) {
    for (JsonNode check : agent.status().get("attestation").get("checks")) {
      if (check.get("name").asText().equals(name)) {
        return check.get("passed").asText() + ": " + check.get("detail").asText();
      }
    }
    return "none";
  }

  private static void assertNotReady(RunningContainer agent, String why) {
    var answer = agent.get("/readyz").orElseThrow();
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains(why).doesNotContain("no module runs");
  }

  @Test
  void reportsEachWritableMountInTheSealedHostAndItsRemoval() throws Exception {
    afterwards.close(root);
    HostRoot.makeDirectory(root.path("/srv/read-only"));
    HostRoot.makeDirectory(root.path("/srv/later\nERROR"));
    RunningContainer agent =
        afterwards.close(Launcher.on(root).user("agent").startAgent()).awaitReady();
    assertThat(driftMounts(agent)).isZero();
    assertThat(check(agent, "sealed-host")).startsWith("true: ");
    assertThat(capabilitiesOfTheGuard(agent)).isEmpty();

    inMountsOf(agent, "mount", "-n", "-t", "tmpfs", "-o", "ro", "quiet", "/srv/read-only");
    inMountsOf(agent, "mount", "-n", "-t", "tmpfs", "-o", "size=1m", "later", "/srv/later\nERROR");
    awaitDrift(agent, APPEARED, "/srv/later\\nERROR");
    assertThat(drift(agent)).hasSize(1);
    JsonNode event = drift(agent).getFirst();
    assertThat(event.get("module").asText()).isEqualTo("agent");
    assertThat(event.get("fileSystem").asText()).isEqualTo("tmpfs");
    assertThat(event.get("source").asText()).isEqualTo("later");
    assertThat(event.get("sealed").asBoolean()).isTrue();
    assertThat(driftMounts(agent)).isOne();
    assertNotReady(agent, "sealed-host: writable since the start: \"/srv/later\\nERROR\"");
    assertThat(agent.status().get("attestation").get("passed").asBoolean()).isFalse();
    assertThat(agent.logs().error())
        .contains("A writable mount has appeared in the sealed host: \"/srv/later\\nERROR\"")
        .doesNotContain("\nERROR");

    inMountsOf(agent, "mount", "-n", "-o", "remount,bind,rw", "/");
    awaitDrift(agent, APPEARED, "/");
    assertThat(driftMounts(agent)).isEqualTo(2);

    inMountsOf(agent, "mount", "-n", "-o", "remount,bind,ro", "/");
    inMountsOf(agent, "umount", "/srv/later\nERROR");
    awaitDrift(agent, GONE, "/srv/later\\nERROR");
    awaitDrift(agent, GONE, "/");
    agent.awaitReady();
    assertThat(driftMounts(agent)).isZero();
    assertThat(check(agent, "sealed-host")).startsWith("true: ");
    assertThat(drift(agent)).hasSize(4);
  }

  private static List<String> capabilitiesOfTheGuard(RunningContainer agent) throws IOException {
    List<String> capabilities = new ArrayList<>();
    int guards = 0;
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + agent.pid() + "/task"))) {
      for (Path thread : threads) {
        ProcessStatus status = ProcessStatus.read(thread.resolve("status"));
        if (status.field("Name").equals("drift-guard")) {
          guards++;
          capabilities.addAll(status.capabilities("CapEff"));
          capabilities.addAll(status.capabilities("CapPrm"));
        }
      }
    }
    assertThat(guards).as("threads that guard").isOne();
    return capabilities;
  }

  /** As with mountPropagation: HostToContainer, where the launcher may not mount. */
  @Test
  void reportsWhatTheHostMountsWhereNothingWasSealed() {
    afterwards.close(root);
    root.shareMounts();
    HostRoot.makeDirectory(root.path("/srv/later"));
    root.mountTmpfs("/srv/before");
    List<String> mounts = new ArrayList<>(root.propagatingMounts());
    // The launcher cannot show its own where it may not mount.
    mounts.addAll(List.of("-v", "/proc:/mnt/root/proc"));
    RunningContainer agent =
        afterwards
            .close(
                Launcher.on(root)
                    .mounts(mounts)
                    .without("SYS_ADMIN")
                    .environment("SMARTAGENT_NO_REMOUNT_ROOT", "true")
                    .setting("--non-root-mode", "false")
                    .startAgent())
            .awaitReady();
    assertThat(check(agent, "new-writable-mounts")).startsWith("true: no mount");
    assertThat(driftMounts(agent)).isZero();

    String place = root.path("/srv/later").toString();
    run("mount", "-t", "tmpfs", "-o", "size=1m", "later", place).orFail();
    try {
      awaitDrift(agent, APPEARED, "/srv/later");
      assertThat(drift(agent).getFirst().get("sealed").asBoolean()).isFalse();
      assertThat(check(agent, "new-writable-mounts"))
          .startsWith("true: writable since the start: \"/srv/later\"");
      Completed logs = agent.logs();
      assertThat(logs.error()).contains("\"/srv/later\" (tmpfs from \"later\")", "SYS_ADMIN");
    } finally {
      run("umount", place).orFail();
    }
    awaitDrift(agent, GONE, "/srv/later");
    agent.awaitReady();
    assertThat(drift(agent)).hasSize(2);
  }
}
