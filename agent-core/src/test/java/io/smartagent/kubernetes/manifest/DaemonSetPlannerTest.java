package io.smartagent.kubernetes.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.modules.ModuleCatalog;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DaemonSetPlannerTest {

  private static DaemonSetPlan plan(String words) {
    List<ModuleDefinition> catalog = ModuleCatalog.modules();
    ManifestOptionsParser.Result parsed =
        ManifestOptionsParser.parse(List.of(words.split(" ", -1)), catalog);
    assertThat(parsed.problems()).isEmpty();
    return DaemonSetPlanner.plan(parsed.options(), catalog);
  }

  private static List<String> mounts(DaemonSetPlan plan, boolean readOnly) {
    return plan.mounts().stream()
        .filter(mount -> mount.readOnly() == readOnly)
        .map(HostMount::path)
        .toList();
  }

  @Test
  void everyCapabilityNamesWhoNeedsIt() {
    DaemonSetPlan plan = plan("--unprivileged --user nobody");

    assertThat(plan.capabilities().get(Capability.CAP_SYS_ADMIN))
        .containsExactly("launch: its mounts, which seal the host but in mode full");
    assertThat(plan.capabilities().get(Capability.CAP_NET_ADMIN))
        .containsExactly("application-discovery", "network-interfaces");
    assertThat(plan.capabilities()).doesNotContainKey(Capability.CAP_DAC_OVERRIDE);
  }

  @Test
  void sysAdminIsForModulesOnlyWhereTheyAreNamed() {
    assertThat(plan("--unprivileged --modules auto,kernel-stacks").capabilities())
        .hasEntrySatisfying(
            Capability.CAP_SYS_ADMIN, reasons -> assertThat(reasons).contains("kernel-stacks"));
    assertThat(plan("--without NET_ADMIN --no-remount").capabilities())
        .doesNotContainKey(Capability.CAP_SYS_ADMIN);
    assertThat(plan("--without NET_ADMIN --no-remount --modules network-interfaces").capabilities())
        .containsKey(Capability.CAP_SYS_ADMIN);
  }

  @Test
  void rootIsEnteredByPivotRootWithoutSysChroot() {
    DaemonSetPlan plan = plan("--without SYS_CHROOT");

    assertThat(plan.seccompReason()).isPresent();
    assertThat(plan.capabilities()).doesNotContainKey(Capability.CAP_SYS_CHROOT);
  }

  @Test
  void appArmorMayConfineWhatNeitherMountsNorReadsProcesses() {
    assertThat(plan("--without SYS_ADMIN,SYS_PTRACE").appArmorReason()).isEmpty();
    assertThat(plan("--without SYS_ADMIN").appArmorReason()).get().asString().contains("links");
    assertThat(plan("--unprivileged --modules none").appArmorReason())
        .get()
        .asString()
        .contains("every mount");
  }

  @Test
  void minimalModeMountsWhatModulesRead() {
    assertThat(mounts(plan("--mode minimal"), true))
        .containsExactly("/dev", "/etc", "/proc", "/run", "/sys", "/var");
    assertThat(mounts(plan("--mode minimal --modules none"), true))
        .containsExactly("/dev", "/etc", "/proc");
    assertThat(mounts(plan("--mode minimal --installer-url https://example.org/i"), true))
        .contains("/bin", "/lib", "/lib64", "/sbin");
    assertThat(
            mounts(
                plan(
                    "--mode minimal --crio --container-root docker=/d --container-root"
                        + " runc=/var/x"),
                true))
        .contains("/d", "/etc/containers", "/usr/share/containers")
        .doesNotContain("/var/x");
  }

  @Test
  void theDefaultRuntimeDirectoryStaysMounted() {
    assertThat(mounts(plan("--runtime-path /data --install-path /data/agent"), false))
        .containsExactly("/data/agent", "/data/bonree", "/etc", "/var/lib/bonree");
    assertThat(mounts(plan("--runtime-path /data --install-path /var/lib/bonree"), false))
        .containsExactly("/data/bonree", "/etc", "/var/lib/bonree");
  }

  @Test
  void notesANamedUserThatTheAgentCannotBecome() {
    DaemonSetPlan plan = plan("--without SETUID --user testuser");

    assertThat(plan.user().root()).isTrue();
    assertThat(plan.notes())
        .containsExactly(
            "User \"testuser\" was named, but: Without SETUID the agent can only be root.");
  }

  @Test
  void aTokenOfTheInstallerIsOnlyNamed() {
    String yaml =
        Manifest.yaml(
            plan("--installer-url https://example.org/i --installer-token-secret keys/token"),
            List.of());

    assertThat(yaml).contains("secretKeyRef:", "name: keys", "key: token");
    assertThat(yaml).doesNotContain("Probe:");
  }

  @Test
  void withoutFeaturesThereIsNeitherRoleNorToken() {
    String yaml = Manifest.yaml(plan("--features none"), List.of());

    assertThat(yaml).doesNotContain("Role", "serviceAccountToken:", "SMARTAGENT_CONFIG_MAP");
  }

  @Test
  void rolesOfTheClusterAreNamedAfterTheirNamespaceToo() {
    String yaml = Manifest.yaml(plan("--namespace monitoring --name agent"), List.of());

    assertThat(yaml)
        .contains("kind: ClusterRole\nmetadata:\n  name: monitoring-agent\n")
        .contains("kind: ClusterRoleBinding\nmetadata:\n  name: monitoring-agent\n")
        .contains("  kind: ClusterRole\n  name: monitoring-agent\n")
        .contains("  kind: Role\n  name: agent\n")
        .contains("- kind: ServiceAccount\n  name: agent\n  namespace: monitoring\n");
  }

  @Test
  void theAgentDoesNotTryWhatNoRoleAllows() {
    assertThat(Manifest.yaml(plan("--features config-map,events"), List.of()))
        .contains("name: SMARTAGENT_AGENT_NODE\n          value: \"false\"")
        .doesNotContain("SMARTAGENT_KUBERNETES_EVENTS");
    assertThat(Manifest.yaml(plan("--features agent-node"), List.of()))
        .contains("name: SMARTAGENT_KUBERNETES_EVENTS\n          value: \"false\"")
        .doesNotContain("SMARTAGENT_AGENT_NODE");
    assertThat(Manifest.yaml(plan("--features config-map"), List.of()))
        .contains("\"--modules\", \"auto,!kubernetes-attributes\"");
    assertThat(Manifest.yaml(plan("--features none --modules host-events"), List.of()))
        .contains("\"--modules\", \"host-events\"");
  }

  @Test
  void jsonHasTheSameObjects() {
    String json = new String(Manifest.json(plan("--mode full")), StandardCharsets.UTF_8);

    assertThat(json).startsWith("{").contains("\"kind\" : \"DaemonSet\"", "\"hostPID\" : true");
  }
}
