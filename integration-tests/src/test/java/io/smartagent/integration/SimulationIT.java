package io.smartagent.integration;

import static io.smartagent.integration.Launches.USAGE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartagent.integration.machine.Capabilities;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.Docker;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A plan that was assumed is the plan that is made: every container is described to one that may do
 * nothing and sees no host, and what that predicts is compared with what the container itself
 * plans.
 */
final class SimulationIT {

  /** What Docker knows; it is older than three of the kernel's. */
  private static final List<String> ALL_OF_DOCKER =
      List.of(
          """
          AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND CHOWN DAC_OVERRIDE DAC_READ_SEARCH
          FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD
          NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW SETFCAP SETGID SETPCAP SETUID SYSLOG
          SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_TIME
          SYS_TTY_CONFIG WAKE_ALARM
          """
              .split("\\s+"));

  private static final List<String> DEFAULT_OF_DOCKER =
      List.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "NET_RAW",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");

  private static final List<String> OF_THE_MACHINE =
      List.of("-v", "/proc:/mnt/root/proc", "-v", "/sys:/mnt/root/sys", "-v", "/dev:/mnt/root/dev");

  private static final Map<List<String>, Path> MOUNTINFO = new ConcurrentHashMap<>();

  private static HostRoot root;
  private static String busybox;

  @BeforeAll
  static void makeHost() {
    root = HostRoot.busybox();
    busybox = Docker.importImage(root.path());
  }

  @AfterAll
  static void removeHost() {
    root.close();
    Docker.removeImage(busybox);
  }

  private static List<String> mounts(boolean readOnly) {
    List<String> mounts = new ArrayList<>(readOnly ? root.readOnlyMounts() : root.writableMounts());
    mounts.addAll(OF_THE_MACHINE);
    return mounts;
  }

  private static List<String> withoutInstall() {
    List<String> mounts = mounts(true);
    mounts.subList(2, 4).clear();
    return mounts;
  }

  private static List<String> documentedWithout(String... names) {
    List<String> capabilities = new ArrayList<>(Capabilities.documentedHere());
    capabilities.removeAll(List.of(names));
    return capabilities;
  }

  /** A container with its options, as Docker and as the assumption state them. */
  private static Arguments container(
      String name,
      List<String> mounts,
      List<String> capabilities,
      String assumed,
      UnaryOperator<Launcher> change) {
    return Arguments.of(name, mounts, capabilities, assumed, change);
  }

  static Stream<Arguments> containers() {
    List<String> readOnly = mounts(true);
    UnaryOperator<Launcher> nothing = launcher -> launcher;
    return Stream.of(
        container("documented", readOnly, documentedWithout(), "", nothing),
        container("writable root", mounts(false), documentedWithout(), "", nothing),
        container("Docker's default", readOnly, DEFAULT_OF_DOCKER, "caps=docker", nothing),
        container("no capability", readOnly, List.of(), "", nothing),
        container("no SYS_ADMIN", readOnly, documentedWithout("SYS_ADMIN"), "", nothing),
        container(
            "no SYS_ADMIN, the YAML's mounts",
            readOnly,
            documentedWithout("SYS_ADMIN"),
            "",
            launcher -> launcher.environment("SMARTAGENT_NO_REMOUNT_ROOT", "true")),
        container(
            "neither SYS_ADMIN nor SYS_CHROOT",
            readOnly,
            documentedWithout("SYS_ADMIN", "SYS_CHROOT"),
            "",
            nothing),
        container(
            "no CAP_SETUID, no CHOWN", readOnly, documentedWithout("SETUID", "CHOWN"), "", nothing),
        container(
            "nothing for modules",
            readOnly,
            documentedWithout("SYS_PTRACE", "NET_ADMIN", "SYSLOG", "DAC_READ_SEARCH"),
            "",
            launcher -> launcher.setting("--require", "kernel-stacks,log-discovery")),
        container(
            "no privilege escalation",
            readOnly,
            documentedWithout(),
            "nnp=true",
            launcher -> launcher.option("--security-opt", "no-new-privileges")),
        container(
            "no seccomp",
            readOnly,
            documentedWithout("SYS_CHROOT"),
            "seccomp=none",
            launcher -> launcher.option("--security-opt", "seccomp=unconfined")),
        container(
            "as privileged as here",
            readOnly,
            ALL_OF_DOCKER,
            "seccomp=none,devices=all",
            launcher ->
                launcher
                    .option("--security-opt", "seccomp=unconfined")
                    .option("--device-cgroup-rule", "a *:* rwm")
                    .setting("--modules", "auto,kernel-stacks")),
        container(
            "another user",
            readOnly,
            documentedWithout(),
            "uid=1000",
            launcher -> launcher.option("--user", "1000")),
        container(
            "its own processes",
            readOnly,
            documentedWithout(),
            "hostPID=false",
            Launcher::withOwnProcesses),
        container("no installation directory", withoutInstall(), documentedWithout(), "", nothing),
        container(
            "mode full of a read-only root",
            readOnly,
            documentedWithout(),
            "",
            launcher -> launcher.setting("--mode", "full")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("containers")
  void predictsThePlan(
      String name,
      List<String> mounts,
      List<String> capabilities,
      String assumed,
      UnaryOperator<Launcher> change)
      throws IOException {
    Launcher real =
        change.apply(
            Launcher.on(root)
                .mounts(mounts)
                .withoutAnyCapability()
                .with(capabilities.toArray(String[]::new))
                .user("agent"));
    JsonNode made = real.plan();
    // The command and its variables are the same; the container may do nothing and sees no host.
    Launcher anywhere =
        change
            .apply(Launcher.withoutHostRoot().withoutAnyCapability().user("agent"))
            .option("--security-opt", "no-new-privileges", "--security-opt", "seccomp=unconfined")
            .option("--user", "65534", "--cap-drop", "ALL")
            .mounts(files(mounts))
            .setting("--assume", "caps=" + (capabilities.isEmpty() ? "none" : joined(capabilities)))
            .setting("--assume", "kernel=" + release() + ",mounts=/assumed/mountinfo")
            .setting("--assume", "users=/host/etc/passwd");
    if (!assumed.isEmpty()) {
      anywhere.setting("--assume", assumed);
    }
    JsonNode predicted = anywhere.plan();

    assertThat(hidden(made)).containsAll(hidden(predicted));
    assertThat(comparable(predicted)).containsExactlyElementsOf(comparable(made));
  }

  /** What is not said is taken from the container, where it has a host: nothing is unknown then. */
  @Test
  void predictsWhatAChangeOfThisContainerWouldDo() {
    UnaryOperator<Launcher> here = launcher -> launcher.mounts(mounts(true)).user("agent");
    JsonNode made =
        here.apply(Launcher.on(root))
            .without("SYS_PTRACE", "CHOWN")
            .option("--security-opt", "no-new-privileges")
            .plan();
    JsonNode predicted =
        here.apply(Launcher.on(root))
            .setting("--assume", "caps=" + joined(documentedWithout("SYS_PTRACE", "CHOWN")))
            .setting("--assume", "nnp=true")
            .plan();

    assertThat(comparable(predicted)).containsExactlyElementsOf(comparable(made));
    assertThat(hidden(predicted)).isEqualTo(hidden(made));
  }

  private static String joined(List<String> capabilities) {
    return String.join("+", capabilities);
  }

  private static String release() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
  }

  private static List<String> files(List<String> mounts) {
    return List.of(
        "-v",
        MOUNTINFO.computeIfAbsent(mounts, SimulationIT::save) + ":/assumed/mountinfo:ro",
        "-v",
        root.path("/etc") + ":/host/etc:ro");
  }

  /** What a node's administrator can save: the mounts as another program reads them. */
  private static Path save(List<String> mounts) {
    List<String> command = new ArrayList<>(List.of("run", "--rm", "--label", Docker.LABEL));
    command.addAll(mounts);
    command.addAll(List.of("--read-only", "--entrypoint", "/bin/cat", busybox));
    command.add("/proc/self/mountinfo");
    Path file = root.scratch().resolve(Docker.newName());
    try {
      return Files.write(file, Docker.docker(command).orFail().output());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> hidden(JsonNode plan) {
    Set<String> hidden = new TreeSet<>();
    for (JsonNode step : plan.get("steps")) {
      if (step.get("action").asText().equals("hide")) {
        hidden.add(step.get("subject").asText());
      }
    }
    return hidden;
  }

  /**
   * All of a plan, line by line, but what cannot be the same: what is hidden is known only of a
   * root that is there (the rest of its entries is asserted apart), and what was set differs in the
   * assumption.
   */
  private static List<String> comparable(JsonNode plan) {
    ObjectNode rest = plan.deepCopy();
    rest.remove(List.of("settings", "assumptions", "statusAddress"));
    ArrayNode steps = (ArrayNode) rest.get("steps");
    for (int i = steps.size() - 1; i >= 0; i--) {
      if (steps.get(i).get("action").asText().equals("hide")) {
        steps.remove(i);
      }
    }
    return rest.toPrettyString().lines().toList();
  }

  @Test
  void saysThatNothingWasTried() {
    Completed plan =
        Launcher.withoutHostRoot()
            .withoutAnyCapability()
            .setting("--assume", "caps=privileged,kernel=3.10.0-1160.el7")
            .user("agent")
            .planText();

    assertThat(plan.out())
        .contains("Nothing of this was tried. It was assumed:")
        .contains("caps=privileged")
        .contains("a distribution's may have more")
        .contains("This kernel has no ambient capabilities")
        .contains("every directory is there");
  }

  @Test
  void reportsAllThatIsWrongWithAnAssumptionAtOnce() {
    Completed plan =
        Launcher.withoutHostRoot()
            .withoutAnyCapability()
            .setting("--assume", "cap=all,nnp=yes", "--assume", "mounts=/none,seccomp=dockr")
            .planText();

    assertThat(plan.exitCode()).isEqualTo(USAGE);
    assertThat(plan.out())
        .contains("no key \"cap\"")
        .contains("Did you mean caps?")
        .contains("Assumption nnp is \"yes\"")
        .contains("open(\"/none\"): ENOENT")
        .contains("Did you mean docker?");
  }

  @Test
  void assumesNothingForALaunch() {
    Completed refused = Launcher.withoutHostRoot().setting("--assume", "caps=privileged").config();

    assertThat(refused.exitCode()).isEqualTo(USAGE);
    assertThat(refused.error()).contains("Command config has no option --assume.");
  }
}
