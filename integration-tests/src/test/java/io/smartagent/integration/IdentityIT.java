package io.smartagent.integration;

import static io.smartagent.integration.Launches.names;
import static io.smartagent.integration.Launches.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Capabilities;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.ProcessStatus;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who the launched program is, as capsh, setpriv and the kernel say it. */
final class IdentityIT {

  private final HostRoot root = HostRoot.debian();

  @AfterEach
  void removeRoot() {
    root.close();
  }

  private Launcher launcher() {
    return Launcher.on(root).user("agent");
  }

  /** Returns the value in a line of {@code setpriv -d}. */
  private static String line(Completed setpriv, String name) {
    return setpriv
        .out()
        .lines()
        .filter(line -> line.startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line \"" + name + "\" in " + setpriv));
  }

  private static Set<String> planned(JsonNode plan, String set) {
    return names(plan.get("capabilities").get(set));
  }

  @Test
  void isTheHostsUserWithAllItsGroups() {
    Completed setpriv = succeeded(launcher().run("setpriv", "-d"));
    assertThat(line(setpriv, "uid")).isEqualTo("1500");
    assertThat(line(setpriv, "euid")).isEqualTo("1500");
    assertThat(line(setpriv, "gid")).isEqualTo("1500");
    assertThat(line(setpriv, "egid")).isEqualTo("1500");
    assertThat(line(setpriv, "Supplementary groups").split(","))
        .containsExactlyInAnyOrder("4", "1500", "1600");
    assertThat(line(setpriv, "no_new_privs")).isEqualTo("1");
    assertThat(succeeded(launcher().run("id")).out().strip())
        .isEqualTo("uid=1500(agent) gid=1500(agent) groups=1500(agent),4(adm),1600(logs)");
    ProcessStatus status =
        new ProcessStatus(succeeded(launcher().run("cat", "/proc/self/status")).out());
    assertThat(status.field("Uid").split("\t")).containsExactly("1500", "1500", "1500", "1500");
    assertThat(status.field("Gid").split("\t")).containsExactly("1500", "1500", "1500", "1500");
  }

  @Test
  void isTheSameUserByItsNumber() {
    assertThat(succeeded(Launcher.on(root).user("1500").run("id")).out().strip())
        .isEqualTo("uid=1500(agent) gid=1500(agent) groups=1500(agent),4(adm),1600(logs)");
  }

  @ParameterizedTest
  @CsvSource({"agent:agent, 1500(agent)", "1500:1600, 1600(logs)", "agent:logs, 1600(logs)"})
  void isInTheNamedGroupOnly(String user, String group) {
    assertThat(succeeded(Launcher.on(root).user(user).run("id")).out().strip())
        .isEqualTo("uid=1500(agent) gid=%s groups=%s", group, group);
  }

  @Test
  void needNotBeInPasswdWhereUserAndGroupAreNumbers() {
    Completed setpriv = succeeded(Launcher.on(root).user("70000:70001").run("setpriv", "-d"));
    assertThat(line(setpriv, "uid")).isEqualTo("70000");
    assertThat(line(setpriv, "gid")).isEqualTo("70001");
    assertThat(line(setpriv, "Supplementary groups")).isEqualTo("70001");
  }

  private static void assertHasExactlyThePlansCapabilities(Launcher launcher) {
    JsonNode plan = launcher.plan();
    Set<String> kept = planned(plan, "kept");
    assertThat(kept)
        .containsExactlyInAnyOrder(
            "CAP_DAC_READ_SEARCH", "CAP_NET_ADMIN", "CAP_SYSLOG", "CAP_SYS_PTRACE");

    Completed setpriv = succeeded(launcher.run("setpriv", "-d"));
    assertThat(Capabilities.ofSetpriv(line(setpriv, "Inheritable capabilities"))).isEqualTo(kept);
    assertThat(Capabilities.ofSetpriv(line(setpriv, "Ambient capabilities"))).isEqualTo(kept);
    assertThat(Capabilities.ofSetpriv(line(setpriv, "Capability bounding set")))
        .isEqualTo(planned(plan, "bounding"));

    String capsh = succeeded(launcher.run("capsh", "--print")).out();
    assertThat(capsh.lines().filter(line -> line.startsWith("Current:")).findFirst())
        .hasValueSatisfying(current -> {
          assertThat(Capabilities.names(current)).isEqualTo(kept);
          assertThat(current).endsWith("=eip");
        });

    ProcessStatus status =
        new ProcessStatus(succeeded(launcher.run("cat", "/proc/self/status")).out());
    for (String set : Set.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
      assertThat(status.capabilities(set)).as(set).isEqualTo(kept);
    }
    assertThat(status.capabilities("CapBnd")).isEqualTo(planned(plan, "bounding"));
    assertThat(status.field("NoNewPrivs")).isEqualTo("1");
  }

  @Test
  void hasExactlyThePlansCapabilities() {
    Launcher launcher = launcher();
    assertHasExactlyThePlansCapabilities(launcher);
    assertThat(planned(launcher.plan(), "bounding")).hasSize(Capabilities.documentedHere().size());
  }

  @Test
  void hasExactlyThePlansBoundingSetAndLockedSecurebitsWithSetpcap() {
    Launcher launcher = launcher().with("SETPCAP");
    assertHasExactlyThePlansCapabilities(launcher);
    assertThat(planned(launcher.plan(), "bounding")).isEqualTo(planned(launcher.plan(), "kept"));
    assertThat(succeeded(launcher.run("capsh", "--print")).out())
        .contains("secure-noroot: yes (locked)")
        .contains("secure-no-suid-fixup: yes (locked)")
        .contains("secure-keep-caps: no (locked)")
        .contains("secure-no-ambient-raise: yes (locked)");
  }

  @Test
  void hasExactlyThePlansCapabilitiesAsRootToo() {
    Launcher launcher = Launcher.on(root).setting("--non-root-mode", "false");
    assertHasExactlyThePlansCapabilities(launcher);
    assertThat(succeeded(launcher.run("id", "-u")).out().strip()).isEqualTo("0");
  }

  @Test
  void hasNoCapabilityWhereNoModuleRuns() {
    Launcher launcher = launcher().setting("--modules", "none");
    ProcessStatus status =
        new ProcessStatus(succeeded(launcher.run("cat", "/proc/self/status")).out());
    for (String set : Set.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
      assertThat(status.capabilities(set)).as(set).isEmpty();
    }
  }

  @Test
  void canUseWhatWasKept() {
    assertThat(succeeded(launcher().run("dmesg")).out()).isNotEmpty();
    Completed denied = launcher().setting("--modules", "none").run("dmesg");
    assertThat(denied.exitCode()).isNotZero();
    assertThat(denied.error()).contains("Operation not permitted");
  }

  @Test
  void keepsTheCapabilitiesThatRunNames() {
    Launcher launcher = launcher().setting("--capabilities", "NET_RAW,CAP_KILL");
    ProcessStatus status =
        new ProcessStatus(succeeded(launcher.run("cat", "/proc/self/status")).out());
    for (String set : Set.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
      assertThat(status.capabilities(set)).as(set).containsExactly("CAP_KILL", "CAP_NET_RAW");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SYS_ADMIN", "NET_RAW", "SYS_CHROOT", "SETUID", "CHOWN"})
  void cannotRaiseWhatWasDropped(String capability) {
    String name = capability.toLowerCase(Locale.ROOT);
    Completed raised =
        launcher().run("setpriv", "--inh-caps=+" + name, "--ambient-caps=+" + name, "/bin/true");
    assertThat(raised.exitCode()).as("%s", raised).isNotZero();
    assertThat(raised.error()).contains("Operation not permitted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"capsh-setuid", "capsh-permitted", "capsh-inheritable"})
  void getsNothingFromPrivilegedPrograms(String program) {
    Launcher launcher = launcher();
    Set<String> kept = planned(launcher.plan(), "kept");
    String out = succeeded(launcher.run("/usr/local/bin/" + program, "--print")).out();
    assertThat(out).contains("uid=1500(agent) euid=1500(agent)");
    String current = out.lines().filter(line -> line.startsWith("Current:")).findFirst().orElse("");
    assertThat(kept).containsAll(Capabilities.names(current));
  }

  @Test
  void cannotBecomeRootAgain() {
    Completed setpriv = launcher().run("setpriv", "--reuid=0", "/bin/true");
    assertThat(setpriv.exitCode()).isNotZero();
    assertThat(setpriv.error()).contains("Operation not permitted");
    Completed chroot = launcher().run("chroot", "/etc", "/bin/true");
    assertThat(chroot.error()).contains("Operation not permitted");
    Completed mount = launcher().run("mount", "--bind", "/etc", "/srv");
    assertThat(mount.exitCode()).isNotZero();
    assertThat(mount.error()).containsAnyOf("permission denied", "must be superuser");
  }
}
