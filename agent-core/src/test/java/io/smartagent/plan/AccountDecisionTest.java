package io.smartagent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.Option;
import io.smartagent.host.AccountTool;
import io.smartagent.host.HostUser;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.probe.Ability;
import io.smartagent.probe.Blocker;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which account is made on the host, and what that changes in the plan. */
final class AccountDecisionTest {

  private static final AccountTool SHADOW =
      new AccountTool(AccountTool.Kind.SHADOW, "/usr/sbin/groupadd", "/usr/sbin/useradd");

  private final Situation situation = new Situation().without(Option.USER).writableEtc(SHADOW);

  private List<String> steps() {
    LaunchPlan plan = situation.plan();
    assertThat(plan.problems()).isEmpty();
    return plan.steps().stream().map(step -> step.action() + " " + step.subject()).toList();
  }

  @Test
  void createsTheAgentsOwnUserWhereNoneIsNamed() {
    LaunchPlan plan = situation.plan();

    HostUser user = new HostUser("smartagent", 999, 999, List.of(999), "/nonexistent");
    assertThat(plan.problems()).isEmpty();
    assertThat(plan.warnings()).isEmpty();
    assertThat(plan.user().user()).isEqualTo(user);
    assertThat(plan.user().reason())
        .isEqualTo("No user was named, so \"smartagent\" is made on the host.");
    assertThat(plan.user().account())
        .contains(new NewAccount(user, true, SHADOW, "/usr/sbin/nologin"));
  }

  @ParameterizedTest
  @CsvSource({
    "a:x:999:100:::, b:x:998:, 997",
    "a:x:5:999:::, '', 998",
    "'', a:x:999:, 998",
    "a:x:1000:1000:::, b:x:1000:, 999"
  })
  void takesTheHighestNumberThatIsFreeForUsersAndGroups(String passwd, String group, int id) {
    HostUser user = situation.accounts(passwd, group).plan().user().user();

    assertThat(user.uid()).isEqualTo(id);
    assertThat(user.gid()).isEqualTo(id);
  }

  @Test
  void takesNoNumberOfAnAccountThatTheSystemsImageBrings() {
    situation.packagedAccounts("polkitd:x:999:998:::");

    assertThat(situation.plan().user().user().uid()).isEqualTo(997);
  }

  @Test
  void joinsTheGroupOfItsNameWhereThatIsThere() {
    String groups = "smartagent:x:700:\nadm:x:4:syslog,smartagent\nlast:x:999:\n";

    NewAccount account = situation.accounts("", groups).plan().user().account().orElseThrow();

    assertThat(account.makesGroup()).isFalse();
    assertThat(account.user())
        .isEqualTo(new HostUser("smartagent", 700, 700, List.of(4, 700), "/nonexistent"));
  }

  /** Else the one of two that start at once, and that sees only the group, would want another. */
  @ParameterizedTest
  @CsvSource({
    "'', 999, 999",
    "a:x:999:5:::, 999, 998",
    "a:x:5:999:::, 999, 999",
    "'', 1200, 999",
    "'', 27, 999"
  })
  void takesTheNumberOfItsGroupWhereNoUserHasIt(String passwd, int gid, int uid) {
    HostUser user = situation.accounts(passwd, "smartagent:x:" + gid + ":\n").plan().user().user();

    assertThat(user.uid()).isEqualTo(uid);
    assertThat(user.gid()).isEqualTo(gid);
  }

  @Test
  void usesTheUserThatAnEarlierStartMade() {
    LaunchPlan plan =
        situation.accounts("smartagent:x:990:991::/nonexistent:/bin/false\n", "").plan();

    assertThat(plan.user())
        .isEqualTo(
            new UserDecision(
                new HostUser("smartagent", 990, 991, List.of(991), "/nonexistent"),
                "No user was named, and the host has \"smartagent\"."));
    assertThat(plan.steps()).noneMatch(HostStep.CreateUser.class::isInstance);
  }

  @Test
  void usesTheUserThatIsThereAlthoughEtcIsReadOnly() {
    LaunchPlan plan =
        new Situation()
            .without(Option.USER)
            .accounts("smartagent:x:990:991::/nonexistent:/bin/false\n", "")
            .plan();

    assertThat(plan.user().user().uid()).isEqualTo(990);
  }

  /** Red Hat's shadow files have mode 0. */
  @Test
  void saysWhatToAddWhereItLacksWhatTheToolsNeed() {
    LaunchPlan plan = situation.without(Capability.CAP_DAC_OVERRIDE).plan();

    assertThat(plan.user().isRoot()).isTrue();
    assertThat(plan.warnings())
        .contains(
            "No user was named, and the container lacks CAP_DAC_OVERRIDE to make one, so the agent"
                + " runs as root. Add to the container spec:\n"
                + "securityContext:\n  capabilities:\n    add: [DAC_OVERRIDE]");
  }

  /** An operator reads it on any node, before the first start or after it. */
  @Test
  void callsTheSameSurplusWhetherTheUserIsThereOrNot() {
    CapabilitySet first = situation.plan().capabilities().surplus();
    situation.accounts("smartagent:x:990:991::/nonexistent:/bin/false\n", "");

    assertThat(situation.plan().capabilities().surplus()).isEqualTo(first);
    assertThat(first.shortNames())
        .contains("FOWNER", "FSETID")
        .doesNotContain("CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID");
    assertThat(situation.writableEtc().accounts("", "").plan().capabilities().surplus())
        .as("where no user can be made")
        .isEqualTo(first);
  }

  @Test
  void needsNothingToMakeAUserWhereNoneIsMade() {
    Situation readOnlyEtc =
        new Situation()
            .without(Option.USER)
            .accounts("smartagent:x:990:991::/nonexistent:/bin/false\n", "");

    assertThat(readOnlyEtc.plan().capabilities().surplus().shortNames()).contains("DAC_OVERRIDE");
    assertThat(
            situation
                .option(Option.NON_ROOT_MODE, "false")
                .plan()
                .capabilities()
                .surplus()
                .shortNames())
        .contains("CHOWN", "DAC_OVERRIDE", "SETUID");
    assertThat(
            situation
                .without(Option.NON_ROOT_MODE)
                .option(Option.USER, "nobody")
                .plan()
                .capabilities()
                .surplus()
                .shortNames())
        .contains("DAC_OVERRIDE");
  }

  @Test
  void createsNoUserWhereOneIsNamedOrRootIsWanted() {
    assertThat(situation.option(Option.USER, "nobody").plan().user().account()).isEmpty();
    assertThat(
            situation
                .without(Option.USER)
                .option(Option.NON_ROOT_MODE, "false")
                .plan()
                .user()
                .account())
        .isEmpty();
  }

  @Test
  void sealsEtcWhenTheUserIsThereAndVerifiesTheSealAfterThat() {
    assertThat(steps())
        .containsSubsequence(
            "change-owner /var/lib/bonree to 999:999",
            "seal-tree / except /etc, /opt, /var/lib/bonree",
            "bind-runtime /tmp/.smartagent",
            "enter-root pivot_root",
            "create-user smartagent (999:999) with /usr/sbin/useradd",
            "seal-directory /etc",
            "verify-seal /",
            "set-limit RLIMIT_CORE 0",
            "become-user smartagent (999:999, groups 999)")
        .filteredOn(step -> step.startsWith("verify-seal"))
        .hasSize(1);
    assertThat(situation.plan().writable()).isEqualTo(Set.of("/opt", "/var/lib/bonree", "/tmp"));
  }

  @Test
  void sealsEtcWithTheRestWhereTheUserIsThere() {
    situation.accounts("smartagent:x:990:991::/nonexistent:/bin/false\n", "");

    assertThat(steps())
        .contains("seal-tree / except /opt, /var/lib/bonree")
        .noneMatch(step -> step.startsWith("seal-directory"));
  }

  @Test
  void sealsEtcMountByMountWhereTheRestIs() {
    situation.blocked(Ability.MOUNT_SETATTR, Blocker.KERNEL);

    assertThat(situation.plan().steps())
        .filteredOn(MountStep.SealDirectory.class::isInstance)
        .singleElement()
        .satisfies(step -> assertThat(((MountStep.SealDirectory) step).recursively()).isFalse());
  }

  @Test
  void saysThatEtcStaysWritableWhereNothingCanBeSealed() {
    LaunchPlan plan =
        situation.without(Capability.CAP_SYS_ADMIN).variable(Option.NO_REMOUNT_ROOT, "true").plan();

    assertThat(plan.warnings())
        .contains(
            "The host's /etc stays writable after \"smartagent\" is made there, as the YAML mounted"
                + " it: without CAP_SYS_ADMIN the launcher cannot seal it. Mount it with readOnly:"
                + " true from now on.");
    assertThat(steps())
        .containsSubsequence(
            "enter-root chroot", "create-user smartagent (999:999) with /usr/sbin/useradd")
        .noneMatch(step -> step.startsWith("seal-"));
  }

  @Test
  void sealsNothingInModeFull() {
    situation.hostReadOnly(false);

    assertThat(steps())
        .contains("create-user smartagent (999:999) with /usr/sbin/useradd")
        .noneMatch(step -> step.startsWith("seal-") || step.startsWith("verify-seal"));
  }
}
