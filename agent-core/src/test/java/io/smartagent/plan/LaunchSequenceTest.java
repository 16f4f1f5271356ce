package io.smartagent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.Option;
import io.smartagent.host.AccountTool;
import io.smartagent.host.DirectoryFacts;
import io.smartagent.host.FormerData;
import io.smartagent.host.LayoutFacts;
import io.smartagent.host.MinimalFacts;
import io.smartagent.host.MinimalFacts.Place;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.probe.Ability;
import io.smartagent.probe.Blocker;
import io.smartagent.probe.ClusterFacts;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds for the order of steps whatever is launched, wherever: many launches are planned. */
final class LaunchSequenceTest {

  private static final String INSTALLER = "https://example.com/install.sh";

  /** Each is one respect in which launches differ; a launch has one of each. */
  private static final List<Map<String, Consumer<Situation>>> DIFFERENCES =
      List.of(
          Map.of(
              "read-only", situation -> {},
              "full", situation -> situation.hostReadOnly(false),
              "minimal", LaunchSequenceTest::minimal),
          Map.of(
              "pivot", situation -> {},
              "move", situation -> situation.blocked(Ability.PIVOT_ROOT, Blocker.SECCOMP),
              "mount by mount", situation -> situation.blocked(Ability.OPEN_TREE, Blocker.KERNEL),
              "no remount", situation -> situation.variable(Option.NO_REMOUNT_ROOT, "true")),
          Map.of(
              "agent", situation -> {},
              "program", situation -> situation.program("/bin/agent", "", "-v"),
              "installer", situation -> situation.variable(Option.INSTALLER_SCRIPT_URL, INSTALLER)),
          Map.of(
              "user", situation -> {},
              "root", situation -> situation.option(Option.NON_ROOT_MODE, "false"),
              "account", LaunchSequenceTest::account),
          Map.of(
              "documented", situation -> {},
              "SETPCAP", situation -> situation.with(Capability.CAP_SETPCAP),
              "no ambient", situation -> situation.with(Capability.CAP_SETPCAP).withoutAmbient(),
              "Landlock",
                  situation ->
                      situation.without(Capability.CAP_SYS_PTRACE).available(Ability.LANDLOCK)),
          Map.of(
              "no token", situation -> {},
              "token",
                  situation ->
                      situation.cluster(
                          new ClusterFacts("https://10.0.0.1", "/run/token", false, "team", true))),
          Map.of(
              "complete", situation -> {},
              "no /tmp", situation -> situation.noProc(true).noTmp(),
              "no mount point", Situation::noMountPoint,
              "no data",
                  situation ->
                      situation.runtime(
                          Situation.missing(
                              "/var/lib/bonree", DirectoryFacts.State.ABSENT, "/var/lib/bonree"))));

  private static final List<LaunchPlan> PLANS = new ArrayList<>();

  private static void minimal(Situation situation) {
    List<Place> places = new ArrayList<>();
    for (String path :
        List.of("/bin", "/dev", "/etc", "/opt", "/proc", "/var", "/var/lib/bonree")) {
      places.add(new Place(path, true, path));
    }
    MinimalFacts facts = new MinimalFacts(places, List.of(), Optional.empty(), List.of());
    situation.option(Option.MODE, "minimal").layout(new LayoutFacts(true, FormerData.NONE, facts));
  }

  private static void account(Situation situation) {
    situation
        .without(Option.USER)
        .writableEtc(
            new AccountTool(AccountTool.Kind.SHADOW, "/usr/sbin/groupadd", "/usr/sbin/useradd"));
  }

  /** Returns every combination, by a name that says what it is. */
  static Map<String, Situation> situations() {
    Map<String, List<Consumer<Situation>>> combinations = new LinkedHashMap<>();
    combinations.put("", List.of());
    for (Map<String, Consumer<Situation>> difference : DIFFERENCES) {
      Map<String, List<Consumer<Situation>>> more = new LinkedHashMap<>();
      combinations.forEach((name, changes) ->
          difference.keySet().stream()
              .sorted()
              .forEach(other -> {
                List<Consumer<Situation>> all = new ArrayList<>(changes);
                all.add(difference.get(other));
                more.put(name + other + ", ", all);
              }));
      combinations = more;
    }
    Map<String, Situation> situations = new LinkedHashMap<>();
    combinations.forEach((name, changes) -> {
      Situation situation = new Situation();
      changes.forEach(change -> change.accept(situation));
      situations.put(name, situation);
    });
    return situations;
  }

  @BeforeAll
  static void planMany() {
    for (Situation situation : situations().values()) {
      LaunchPlan plan = situation.plan();
      if (!plan.isRefused()) {
        PLANS.add(plan);
      }
    }
  }

  @AfterAll
  static void forget() {
    PLANS.clear();
  }

  private static List<String> actions(LaunchPlan plan) {
    return plan.steps().stream().map(Step::action).toList();
  }

  /** Returns the records that {@code type} permits, at whatever depth. */
  private static Stream<Class<?>> kinds(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(LaunchSequenceTest::kinds)
        : Stream.of(type);
  }

  @Test
  void plansEveryKindOfStep() {
    Set<Class<?>> planned = new HashSet<>();
    PLANS.forEach(plan -> plan.steps().forEach(step -> planned.add(step.getClass())));

    assertThat(planned).containsExactlyInAnyOrderElementsOf(kinds(Step.class).toList());
  }

  @Test
  void callsTheMethodOfTheVisitorThatIsNamedAfterTheStep() {
    for (LaunchPlan plan : PLANS) {
      for (Step step : plan.steps()) {
        String name = step.getClass().getSimpleName();
        assertThat(visited(step))
            .isEqualTo(name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1));
      }
    }
  }

  private static String visited(Step step) {
    List<String> visits = new ArrayList<>();
    @SuppressWarnings("unchecked")
    StepVisitor<RuntimeException, RuntimeException> recorder =
        (StepVisitor<RuntimeException, RuntimeException>)
            Proxy.newProxyInstance(
                StepVisitor.class.getClassLoader(),
                new Class<?>[] {StepVisitor.class},
                (proxy, method, arguments) -> {
                  assertThat(arguments).containsExactly(step);
                  visits.add(method.getName());
                  return null;
                });
    step.accept(recorder);
    return String.join(" ", visits);
  }

  @Test
  void hasAReasonAndARemedyForEachStep() {
    for (LaunchPlan plan : PLANS) {
      for (Step step : plan.steps()) {
        assertThat(step.reason()).as(step.action()).isNotBlank().endsWith(".");
        assertThat(step.remedy("call()")).as(step.action()).isNotBlank().endsWith(".");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // Nothing of the host is changed before the script is here.
    "recover-installation, fetch-installer",
    "fetch-installer, create-directory",
    "fetch-installer, change-owner",
    "create-directory, change-owner",
    // The seal would forbid it.
    "create-directory, seal-tree",
    "change-owner, seal-tree",
    // No mount appears in the container's namespace, nor on the host.
    "unshare-mounts, make-private",
    "make-private, bind-tree",
    "make-private, build-minimal-root",
    "make-private, bind-proc",
    "make-private, seal-tree",
    "make-private, bind-runtime",
    // The tree is sealed with all that it is made of.
    "build-minimal-root, bind-proc",
    "build-minimal-root, seal-tree",
    "bind-proc, seal-tree",
    // /tmp stays writable, and the runtime and the token are mounted in it.
    "seal-tree, hide",
    "seal-tree, mount-tmpfs",
    "mount-tmpfs, share-directory",
    "mount-tmpfs, bind-runtime",
    "mount-tmpfs, bind-service-account",
    // The verified seal is the one that holds.
    "hide, verify-seal",
    "mount-tmpfs, verify-seal",
    "bind-runtime, verify-seal",
    "bind-service-account, verify-seal",
    "seal-directory, verify-seal",
    // The image's program is copied, over the runtime that is bound.
    "bind-runtime, set-file-capabilities",
    "set-file-capabilities, enter-root",
    // The host's own programs run in the host's root.
    "enter-root, create-user",
    "create-user, seal-directory",
    "enter-root, close-descriptors",
    "enter-root, run-installer",
    "close-descriptors, run-installer",
    "verify-seal, run-installer",
    "run-installer, drop-bounding",
    "run-installer, become-user",
    // A change of user clears the effective and the ambient set.
    "drop-bounding, become-user",
    "become-user, write-launch-record",
    "become-user, inherit-capabilities",
    "become-user, raise-ambient",
    "inherit-capabilities, raise-ambient",
    // The securebits close the ambient set, and need CAP_SETPCAP.
    "raise-ambient, lock-securebits",
    "lock-securebits, limit-capabilities",
    // landlock_restrict_self(2) needs no_new_privs or CAP_SYS_ADMIN.
    "set-no-new-privileges, restrict-writes",
    "write-launch-record, restrict-writes",
    "verify-seal, become-user",
    "limit-capabilities, verify-identity",
    "restrict-writes, verify-identity"
  })
  void runsOneBeforeTheOther(String first, String then) {
    List<LaunchPlan> both =
        PLANS.stream().filter(plan -> actions(plan).containsAll(List.of(first, then))).toList();

    assertThat(both)
        .isNotEmpty()
        .allSatisfy(plan -> {
          List<String> actions = actions(plan);
          assertThat(actions.lastIndexOf(first)).isLessThan(actions.indexOf(then));
        });
  }

  @Test
  void verifiesAnySealOnceAndBeforeItsRootIsEnteredUnlessAnAccountIsMissing() {
    assertThat(PLANS)
        .anyMatch(LaunchPlan::sealed)
        .allSatisfy(plan -> {
          List<String> actions = actions(plan);
          int times = plan.sealed() ? 1 : 0;
          assertThat(actions.stream().filter("verify-seal"::equals)).hasSize(times);
          assertThat(actions.stream().filter("seal-tree"::equals)).hasSize(times);
          if (plan.sealed() && plan.user().account().isEmpty()) {
            assertThat(actions).containsSubsequence("seal-tree", "verify-seal", "enter-root");
          }
        });
  }

  @Test
  void mountsInANamespaceOfItsOwnOnly() {
    for (LaunchPlan plan : PLANS) {
      List<Step> mounts = plan.steps().stream().filter(MountStep.class::isInstance).toList();
      if (mounts.size() == 1) {
        assertThat(mounts.getFirst()).isInstanceOf(MountStep.EnterRoot.class);
      } else {
        assertThat(mounts.getFirst()).isInstanceOf(MountStep.UnshareMounts.class);
      }
    }
  }

  @Test
  void executesTheProgramLastAndRightAfterTheIdentityIsVerified() {
    assertThat(PLANS)
        .allSatisfy(plan -> {
          assertThat(actions(plan))
              .endsWith("verify-identity", "execute")
              .containsOnlyOnce("execute");
          assertThat(plan.agent().arguments())
              .isNotEmpty()
              .isEqualTo(((ProcessStep.Execute) plan.steps().getLast()).arguments());
        });
  }

  @Test
  void repeatsOnlyStepsThatHaveDifferentSubjects() {
    assertThat(PLANS)
        .allSatisfy(plan ->
            assertThat(plan.steps())
                .extracting(step -> step.action() + " " + step.subject())
                .doesNotHaveDuplicates());
  }

  @Test
  void verifiesWhatThePlanHasDecided() {
    for (LaunchPlan plan : PLANS) {
      List<String> actions = actions(plan);
      IdentityDecision identity = plan.identity();
      assertThat(actions.contains("raise-ambient"))
          .isEqualTo(identity.carrier() == CapabilityCarrier.AMBIENT);
      assertThat(actions.contains("set-file-capabilities"))
          .isEqualTo(identity.carrier() == CapabilityCarrier.FILE);
      assertThat(actions.contains("lock-securebits")).isEqualTo(identity.locks().securebits());
      assertThat(actions.contains("set-no-new-privileges"))
          .isEqualTo(identity.locks().noNewPrivileges());
    }
  }
}
