package io.smartagent.integration;

import static io.smartagent.integration.Launches.CONFIGURATION;
import static io.smartagent.integration.Launches.NOT_PERMITTED;
import static io.smartagent.integration.Launches.module;
import static io.smartagent.integration.Launches.modules;
import static io.smartagent.integration.Launches.names;
import static io.smartagent.integration.Launches.refused;
import static io.smartagent.integration.Launches.step;
import static io.smartagent.integration.Launches.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Capabilities;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.ProcessStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is lost without a capability: no more than the design says. */
final class RemovedCapabilityIT {

  private static final Map<String, String> WITH_ALL =
      Map.of(
          "application-discovery", "enabled proc-events",
          "container-metrics", "enabled runtime-files",
          "host-events", "enabled syslog",
          "kernel-stacks", "degraded syslog",
          "kubernetes-attributes", "disabled null",
          "log-discovery", "enabled open-files",
          "network-interfaces", "enabled netlink");

  private final HostRoot root = HostRoot.machine();

  @AfterEach
  void removeRoot() {
    root.close();
  }

  private Launcher without(String... capabilities) {
    for (String capability : capabilities) {
      assumeTrue(
          Capabilities.documentedHere().contains(capability),
          () -> "this machine itself lacks CAP_" + capability + ": it is removed in every test");
    }
    return Launcher.on(root).without(capabilities).user("nobody");
  }

  /** Asserts that what is planned is what happens. */
  private static void assertHappens(Launcher launcher, String user) {
    JsonNode plan = launcher.plan();
    assertThat(plan.get("decision").asText()).isEqualTo("launch");
    assertThat(plan.get("user").get("name").asText()).isEqualTo(user);
    Completed launched = succeeded(launcher.run("cat", "/proc/self/status"));
    ProcessStatus status = new ProcessStatus(launched.out());
    String uid = plan.get("user").get("uid").asText();
    assertThat(status.field("Uid").split("\t")).containsOnly(uid);
    assertThat(status.capabilities("CapPrm"))
        .isEqualTo(names(plan.get("capabilities").get("kept")));
    assertThat(status.capabilities("CapEff"))
        .isEqualTo(names(plan.get("capabilities").get("kept")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "SYS_RESOURCE",
        "NET_RAW",
        "NET_BROADCAST",
        "KILL",
        "SETFCAP"
      })
  void losesNothing(String capability) {
    Launcher launcher = without(capability);
    assertHappens(launcher, "nobody");
    assertThat(modules(launcher.plan())).isEqualTo(WITH_ALL);
  }

  /** Every module that is another one then, and nothing else. */
  @ParameterizedTest
  @CsvSource({
    "SYSLOG, host-events, counters",
    "SYSLOG, kernel-stacks, wchan",
    "SYS_PTRACE, application-discovery, proc-public",
    "SYS_PTRACE, log-discovery, log-directories",
    "DAC_READ_SEARCH, application-discovery, proc-links",
    "DAC_READ_SEARCH, container-metrics, cgroups",
    "DAC_READ_SEARCH, log-discovery, public-directories",
    "NET_ADMIN, application-discovery, proc-full",
    "NET_ADMIN, network-interfaces, proc"
  })
  void degradesAModule(String capability, String id, String source) {
    JsonNode plan = without(capability).plan();
    JsonNode degraded = module(plan, id);
    assertThat(degraded.get("state").asText()).isEqualTo("degraded");
    assertThat(degraded.get("source").asText()).isEqualTo(source);
    assertThat(degraded.get("missing").asText()).contains("CAP_" + capability);
    assertThat(degraded.get("blockedBy").asText()).isEqualTo("bounding");
    assertThat(degraded.get("effect").asText()).isNotBlank();
    assertThat(degraded.get("remedy").asText())
        .isEqualTo("securityContext:\n  capabilities:\n    add: [" + capability + "]");
    assertThat(names(plan.get("capabilities").get("kept"))).doesNotContain("CAP_" + capability);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SYSLOG          | host-events kernel-stacks",
        "SYS_PTRACE      | application-discovery log-discovery",
        "DAC_READ_SEARCH | application-discovery container-metrics log-discovery",
        "NET_ADMIN       | application-discovery network-interfaces"
      })
  void changesNoOtherModule(String capability, String changed) {
    Launcher launcher = without(capability);
    assertHappens(launcher, "nobody");
    Map<String, String> others = new TreeMap<>(WITH_ALL);
    Map<String, String> now = modules(launcher.plan());
    List.of(changed.split(" ", -1))
        .forEach(id -> {
          others.remove(id);
          now.remove(id);
        });
    assertThat(now).isEqualTo(others);
  }

  @Test
  void losesNoMoreWithoutAllOfNetworkThanWithoutNetAdmin() {
    Launcher launcher = without("NET_ADMIN", "NET_RAW", "NET_BROADCAST");
    assertHappens(launcher, "nobody");
    assertThat(modules(launcher.plan())).isEqualTo(modules(without("NET_ADMIN").plan()));
  }

  /** SYS_ADMIN is there for the seal: the agent keeps it for a module that is named only. */
  @Test
  void givesSysAdminUpUnlessAModuleThatNeedsItIsNamed() {
    assertThat(names(without().plan().get("capabilities").get("kept")))
        .doesNotContain("CAP_SYS_ADMIN");

    Launcher named = without().setting("--modules", "auto,kernel-stacks");

    assertHappens(named, "nobody");
    assertThat(modules(named.plan())).containsEntry("kernel-stacks", "enabled proc-stack");
    assertThat(names(named.plan().get("capabilities").get("kept"))).contains("CAP_SYS_ADMIN");
  }

  @Test
  void staysNonRootWithoutChownWhereTheRuntimeDirectoryFits() {
    root.runtimeOwnedBy("nobody");
    assertHappens(without("CHOWN"), "nobody");
  }

  @Test
  void runsAsRootWithoutChownWhereTheRuntimeDirectoryIsAnothers() {
    Launcher launcher = without("CHOWN");
    assertHappens(launcher, "root");
    assertThat(names(launcher.plan().get("warnings")).toString())
        .contains("CAP_CHOWN")
        .contains("runs as root")
        .contains("add the capability CHOWN");
    refused(launcher.setting("--strict").run("/bin/true"), CONFIGURATION)
        .contains("CAP_CHOWN")
        .contains("--strict");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SETUID", "SETGID"})
  void runsAsRootWithoutTheCapabilityToChangeUser(String capability) {
    Launcher launcher = without(capability);
    assertHappens(launcher, "root");
    Completed launched = succeeded(launcher.run("/bin/true"));
    assertThat(launched.error())
        .contains("CAP_" + capability)
        .contains("so the agent runs as root")
        .contains("add: [" + capability + "]");
    refused(launcher.setting("--strict").run("/bin/true"), CONFIGURATION)
        .contains("CAP_" + capability)
        .contains("--strict")
        .contains("add: [" + capability + "]");
  }

  @Test
  void cannotEnterWithoutSysChrootUnderDockersSeccompProfile() {
    Launcher launcher = without("SYS_CHROOT");
    refused(launcher.run("/bin/true"), NOT_PERMITTED)
        .contains("CAP_SYS_CHROOT")
        .contains("pivot_root")
        .contains("add: [SYS_CHROOT]");
    assertThat(launcher.plan().get("decision").asText()).isEqualTo("refuse");
  }

  @Test
  void entersByPivotRootWithoutSysChroot() {
    Launcher launcher = without("SYS_CHROOT").option("--security-opt", "seccomp=unconfined");
    assertHappens(launcher, "nobody");
    assertThat(step(launcher.plan(), "enter-root")).isEqualTo("pivot_root");
    assertThat(succeeded(launcher.run("ls", "/proc/self/root/etc/passwd")).out())
        .contains("/etc/passwd");
  }

  @Test
  void refusesWithoutSysAdmin() {
    refused(without("SYS_ADMIN").config(), NOT_PERMITTED)
        .contains("CAP_SYS_ADMIN")
        .contains("add: [SYS_ADMIN]")
        .contains("SMARTAGENT_NO_REMOUNT_ROOT");
  }

  @Test
  void startsByChrootWithoutSysAdminWhereTheMountsShallStay() throws Exception {
    Launcher launcher = without("SYS_ADMIN").environment("SMARTAGENT_NO_REMOUNT_ROOT", "true");
    assertHappens(launcher, "nobody");
    JsonNode plan = launcher.plan();
    assertThat(step(plan, "enter-root")).isEqualTo("chroot");
    assertThat(plan.get("sealed").asBoolean()).isFalse();
    assertThat(step(plan, "install-runtime")).contains(root.install() + "/smartagent/runtime");
    try (var agent = launcher.startAgent()) {
      agent.awaitReady();
      assertThat(agent.status().get("attestation").get("passed").asBoolean()).isTrue();
      assertThat(Path.of(step(plan, "install-runtime")).resolve("bin/smartagent")).isExecutable();
      assertThat(Files.readSymbolicLink(Path.of("/proc/" + agent.pid() + "/exe")).toString())
          .contains(root.install() + "/smartagent/runtime/");
    }
  }

  @Test
  void refusesWithoutAnyCapability() {
    refused(Launcher.on(root).withoutAnyCapability().user("nobody").run("/bin/true"), NOT_PERMITTED)
        .contains("CAP_SYS_ADMIN")
        .contains("CAP_SYS_CHROOT");
  }

  @Test
  void refusesBothMissingAtOnce() {
    refused(without("SYS_CHROOT", "SYS_ADMIN").run("/bin/true"), NOT_PERMITTED)
        .contains("The host's mounts cannot be sealed")
        .contains("The host's root cannot be entered")
        .contains("CAP_SYS_CHROOT");
  }

  @Test
  void refusesWhereTheContainersUserIsNotRoot() {
    refused(
            Launcher.on(root).option("--user", "1000").user("nobody").run("/bin/true"),
            NOT_PERMITTED)
        .contains("runAsUser: 0");
  }

  @Test
  void staysNonRootWithoutPrivilegeEscalation() {
    Launcher launcher = without().option("--security-opt", "no-new-privileges");
    assertHappens(launcher, "nobody");
    assertThat(launcher.probe().get("noNewPrivileges").asBoolean()).isTrue();
    assertThat(modules(launcher.plan())).containsEntry("host-events", "enabled syslog");
  }

  @Test
  void keepsNoMoreWhereTheContainerHasEveryCapability() {
    Launcher launcher = Launcher.on(root).withoutAnyCapability().with("ALL").user("nobody");
    Capabilities.missingHere().forEach(name -> launcher.option("--cap-drop", name));
    assertHappens(launcher, "nobody");
    assertThat(names(launcher.plan().get("capabilities").get("kept")))
        .containsExactlyInAnyOrder(
            "CAP_DAC_READ_SEARCH", "CAP_NET_ADMIN", "CAP_SYSLOG", "CAP_SYS_PTRACE");
  }
}
