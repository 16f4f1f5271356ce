package io.smartagent.integration;

import static io.smartagent.integration.Launches.NOT_PERMITTED;
import static io.smartagent.integration.Launches.refused;
import static io.smartagent.integration.Launches.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.SeccompProfile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a seccomp profile takes away, and who is blamed for it. */
final class SeccompIT {

  private final HostRoot root = HostRoot.machine();

  @AfterEach
  void removeRoot() {
    root.close();
  }

  private Launcher launcher(String profile) {
    return Launcher.on(root).user("nobody").option("--security-opt", profile);
  }

  private static JsonNode ability(JsonNode probe, String name) {
    for (JsonNode ability : probe.get("abilities")) {
      if (ability.get("name").asText().equals(name)) {
        return ability;
      }
    }
    throw new AssertionError("no ability " + name + " in " + probe);
  }

  private static String profile(String errno, String... calls) {
    return errno.equals("EPERM") ? SeccompProfile.forbidding(calls) : SeccompProfile.denying(calls);
  }

  /** EACCES is what an LSM says; the probe finds out that it comes before any LSM is asked. */
  @ParameterizedTest
  @ValueSource(strings = {"EPERM", "EACCES"})
  void refusesWhereMountIsDenied(String errno) {
    Launcher launcher = launcher(profile(errno, "mount"));
    refused(launcher.run("/bin/true"), NOT_PERMITTED)
        .contains("mount(")
        .contains(errno)
        .contains("seccomp")
        .contains("seccompProfile:\n    type: Unconfined")
        .contains("SMARTAGENT_NO_REMOUNT_ROOT");
    JsonNode mount = ability(launcher.probe(), "mount");
    assertThat(mount.get("available").asBoolean()).isFalse();
    assertThat(mount.get("blockedBy").asText()).isEqualTo("seccomp");
    assertThat(mount.get("detail").asText()).contains(errno);
  }

  @Test
  void startsWhereMountIsDeniedAndTheMountsShallStay() {
    Launcher launcher =
        launcher(SeccompProfile.forbidding("mount"))
            .environment("SMARTAGENT_NO_REMOUNT_ROOT", "true");
    assertThat(succeeded(launcher.run("id", "-un")).out().strip()).isEqualTo("nobody");
  }

  @ParameterizedTest
  @CsvSource({
    "mount_setattr, mount-setattr",
    "open_tree,     open-tree",
    "pivot_root,    pivot-root",
    "bpf,           bpf-tracing",
    "perf_event_open, perf-events"
  })
  void startsWithoutCallsThatThereIsAnotherWayFor(String call, String name) {
    Launcher launcher = launcher(SeccompProfile.forbidding(call));
    JsonNode ability = ability(launcher.probe(), name);
    assertThat(ability.get("available").asBoolean()).isFalse();
    assertThat(succeeded(launcher.run("id", "-un")).out().strip()).isEqualTo("nobody");
  }

  @Test
  void losesTheKernelLogWhereSyslogIsDenied() {
    JsonNode plan = launcher(SeccompProfile.forbidding("syslog")).plan();
    JsonNode module = Launches.module(plan, "host-events");
    assertThat(module.get("state").asText()).isEqualTo("degraded");
    assertThat(module.get("source").asText()).isEqualTo("counters");
  }

  @Test
  void blamesTheDeviceCgroupForTheKernelLogsDevice() {
    JsonNode kmsg = ability(Launcher.on(root).probe(), "kmsg");
    assertThat(kmsg.get("available").asBoolean()).isFalse();
    assertThat(kmsg.get("blockedBy").asText()).isEqualTo("deviceCgroup");
  }

  @Test
  void readsTheKernelLogsDeviceWhereItIsAllowed() {
    JsonNode plan = Launcher.on(root).option("--device", "/dev/kmsg").user("nobody").plan();
    assertThat(Launches.modules(plan)).containsEntry("host-events", "enabled kmsg");
  }
}
