package io.smartagent.plan;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.Option;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.probe.ClusterFacts;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class ServiceAccountPlanTest {

  private static final String SERVER = "https://10.0.0.1:443";
  private static final String AUTOMOUNTED = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final String PROJECTED = "/var/lib/bonree/serviceaccount";

  private final Situation situation = new Situation();

  private void automounted() {
    situation.cluster(new ClusterFacts(SERVER, AUTOMOUNTED, false, "team", true));
  }

  private void projected() {
    situation.cluster(new ClusterFacts(SERVER, PROJECTED, true, "team", true));
  }

  private static List<Step> stepsAbout(LaunchPlan plan, String path) {
    return plan.steps().stream().filter(step -> step.subject().equals(path)).toList();
  }

  @Test
  void showsTheContainersTokenInTheLaunchersOwnTmp() {
    automounted();
    situation.variable(Option.NODE_NAME, "node-1");

    LaunchPlan plan = situation.plan();

    assertThat(stepsAbout(plan, "/tmp/.serviceaccount"))
        .singleElement()
        .isEqualTo(
            new MountStep.BindServiceAccount(
                AUTOMOUNTED,
                "/tmp/.serviceaccount",
                true,
                "The agent asks Kubernetes with it; kubelet renews it there."));
    assertThat(plan.cluster())
        .isEqualTo(new ClusterAccess(SERVER, "/tmp/.serviceaccount", "team", "node-1"));
  }

  @Test
  void warnsOfAConfigMapThatCannotBeWatched() {
    situation.variable(Option.CONFIG_MAP, "settings");

    assertThat(situation.plan().warnings())
        .anyMatch(warning -> warning.startsWith("SMARTAGENT_CONFIG_MAP is \"settings\""));
    automounted();
    assertThat(situation.plan().warnings())
        .noneMatch(warning -> warning.startsWith("SMARTAGENT_CONFIG_MAP"));
  }

  @Test
  void verifiesTheSealAfterTheTokenIsThere() {
    automounted();

    List<String> actions = situation.plan().steps().stream().map(Step::action).toList();

    assertThat(actions)
        .containsSubsequence("seal-tree", "bind-service-account", "verify-seal", "enter-root");
  }

  @Test
  void showsItInTheDataDirectoryWhereTheHostsTmpIsTheAgents() {
    automounted();
    situation.hostReadOnly(false);

    LaunchPlan plan = situation.plan();

    assertThat(stepsAbout(plan, PROJECTED))
        .hasExactlyElementsOfTypes(
            HostStep.CreateRuntimeMountPoint.class, MountStep.BindServiceAccount.class);
    assertThat(plan.cluster()).isEqualTo(new ClusterAccess(SERVER, PROJECTED, "team", ""));
  }

  @Test
  void makesNoPlaceThatIsThere() {
    automounted();
    situation
        .hostReadOnly(false)
        .runtime(Situation.directory("/var/lib/bonree", 65534, "runtime", "serviceaccount"));

    assertThat(stepsAbout(situation.plan(), PROJECTED))
        .hasExactlyElementsOfTypes(MountStep.BindServiceAccount.class);
  }

  @Test
  void leavesAProjectedVolumeWhereItIs() {
    projected();
    situation.variable(Option.NAMESPACE, "monitoring");

    LaunchPlan plan = situation.plan();

    assertThat(stepsAbout(plan, PROJECTED)).isEmpty();
    assertThat(plan.cluster()).isEqualTo(new ClusterAccess(SERVER, PROJECTED, "monitoring", ""));
  }

  @Test
  void reachesKubernetesWithoutSysAdminByAProjectedVolume() {
    projected();
    situation.without(Capability.CAP_SYS_ADMIN).variable(Option.NO_REMOUNT_ROOT, "true");

    assertThat(situation.plan().cluster())
        .isEqualTo(new ClusterAccess(SERVER, PROJECTED, "team", ""));
  }

  @Test
  void cannotShowTheContainersTokenWhereNothingIsMounted() {
    automounted();
    situation.variable(Option.NO_REMOUNT_ROOT, "true");

    LaunchPlan plan = situation.plan();

    assertThat(plan.cluster()).isNull();
    assertThat(plan.steps()).noneMatch(MountStep.BindServiceAccount.class::isInstance);
  }

  @Test
  void givesTheTokenToNoOtherProgram() {
    automounted();
    situation.program("/bin/agent", "");

    LaunchPlan plan = situation.plan();

    assertThat(plan.cluster()).isNull();
    assertThat(plan.steps()).noneMatch(MountStep.BindServiceAccount.class::isInstance);
  }

  @Test
  void saysNothingOfKubernetesOutsideOfAPod() {
    LaunchPlan plan = situation.plan();

    assertThat(plan.cluster()).isNull();
    assertThat(Stream.of(plan.warnings(), plan.problems())).allMatch(List::isEmpty);
  }

  @Test
  void warnsOfATokenThatOnlyItsOwnerMayRead() {
    situation.cluster(new ClusterFacts(SERVER, PROJECTED, true, "team", false));

    assertThat(situation.plan().warnings())
        .singleElement(as(InstanceOfAssertFactories.STRING))
        .contains("closed to nobody", "Remove runAsUser from the pod");
    assertThat(situation.option(Option.NON_ROOT_MODE, "false").plan().warnings())
        .noneMatch(warning -> warning.contains("runAsUser"));
  }
}
