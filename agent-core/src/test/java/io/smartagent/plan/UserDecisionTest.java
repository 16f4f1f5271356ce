package io.smartagent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.ExitStatus;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.host.AccountTool;
import io.smartagent.host.HostUser;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.Securebits;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class UserDecisionTest {

  private static final AccountTool SHADOW =
      new AccountTool(AccountTool.Kind.SHADOW, "/usr/sbin/groupadd", "/usr/sbin/useradd");

  private final Situation situation = new Situation();

  private static String everyNumber() {
    return IntStream.range(0, 1000)
        .mapToObj(id -> "u" + id + ":x:" + id + ":" + id + ":::\n")
        .collect(Collectors.joining());
  }

  static Stream<Arguments> users() {
    return Stream.of(
        Arguments.of(
            "nobody", new HostUser("nobody", 65534, 65534, List.of(65534), "/nonexistent")),
        Arguments.of("65534", new HostUser("nobody", 65534, 65534, List.of(65534), "/nonexistent")),
        Arguments.of(
            "monitor", new HostUser("monitor", 1000, 1000, List.of(4, 998, 1000), "/home/monitor")),
        Arguments.of("monitor:adm", new HostUser("monitor", 1000, 4, List.of(4), "/home/monitor")),
        Arguments.of("monitor:4", new HostUser("monitor", 1000, 4, List.of(4), "/home/monitor")),
        Arguments.of("7001:7002", new HostUser("7001", 7001, 7002, List.of(7002), "/")),
        Arguments.of(
            "4294967294:4294967294", new HostUser("4294967294", -2, -2, List.of(-2), "/")));
  }

  @ParameterizedTest
  @MethodSource("users")
  void becomesTheHostsUserThatIsNamed(String spec, HostUser user) {
    LaunchPlan plan = situation.option(Option.USER, spec).plan();

    assertThat(plan.problems()).isEmpty();
    assertThat(plan.warnings()).isEmpty();
    assertThat(plan.user())
        .isEqualTo(new UserDecision(user, "--user names this user of the host."));
  }

  @Test
  void staysRootWhereThatIsAskedForWithoutAWarning() {
    LaunchPlan plan = situation.variable(Option.NON_ROOT_MODE, "false").plan();

    assertThat(plan.user().isRoot()).isTrue();
    assertThat(plan.user().reason())
        .isEqualTo("SMARTAGENT_NON_ROOT_MODE is false, so root was asked for.");
    assertThat(plan.warnings()).isEmpty();
  }

  /** Why the agent has to stay root: what a test does, and what is reported. */
  static Stream<Arguments> blockers() {
    return Stream.of(
        blocker(
            "no user",
            s -> s.without(Option.USER),
            "No user was named, and none can be made in the host's read-only /etc"),
        blocker(
            "no user and no tool",
            s -> s.without(Option.USER).writableEtc(),
            "No user was named, and the host has neither useradd nor busybox's adduser to make one"),
        blocker(
            "no user and no CHOWN",
            s -> s.without(Option.USER).writableEtc(SHADOW).without(Capability.CAP_CHOWN),
            "No user was named, and the container lacks CAP_CHOWN to make one"),
        blocker(
            "no user and no DAC_OVERRIDE",
            s -> s.without(Option.USER).writableEtc(SHADOW).without(Capability.CAP_DAC_OVERRIDE),
            "No user was named, and the container lacks CAP_DAC_OVERRIDE to make one"),
        blocker(
            "no user and neither",
            s ->
                s.without(Option.USER)
                    .writableEtc(SHADOW)
                    .without(Capability.CAP_CHOWN, Capability.CAP_DAC_OVERRIDE),
            "No user was named, and the container lacks CAP_CHOWN and CAP_DAC_OVERRIDE to make"
                + " one"),
        blocker(
            "no user and no number",
            s -> s.without(Option.USER).writableEtc(SHADOW).accounts(everyNumber(), ""),
            "No user was named, and the host has given away all numbers from 100 to 999"),
        blocker(
            "no user and the agent's is root",
            s ->
                s.without(Option.USER)
                    .writableEtc(SHADOW)
                    .accounts("smartagent:x:0:0::/:/bin/sh\n", ""),
            "No user was named, and \"smartagent\" of the host is root"),
        blocker(
            "no user and no SETUID",
            s -> s.without(Option.USER).writableEtc(SHADOW).without(Capability.CAP_SETUID),
            "The container lacks CAP_SETUID"),
        blocker(
            "unknown name",
            s -> s.option(Option.USER, "testuser"),
            "User \"testuser\" is not in the host's /etc/passwd"),
        blocker(
            "unknown number",
            s -> s.option(Option.USER, "7001"),
            "User \"7001\" is not in the host's /etc/passwd"),
        blocker(
            "broken line",
            s -> s.passwd("nobody:x:65534:65534\n"),
            "User \"nobody\" is not in the host's /etc/passwd (line 1 names it but is no account)"),
        blocker(
            "no SETUID", s -> s.without(Capability.CAP_SETUID), "The container lacks CAP_SETUID"),
        blocker(
            "no SETGID", s -> s.without(Capability.CAP_SETGID), "The container lacks CAP_SETGID"),
        blocker(
            "neither",
            s -> s.without(Capability.CAP_SETUID, Capability.CAP_SETGID),
            "The container lacks CAP_SETGID and CAP_SETUID"),
        blocker(
            "no ambient for a program of the host",
            s -> s.withoutAmbient().program("/bin/agent", ""),
            "This kernel has no ambient capabilities (Linux 4.3), and a program of the host is not"
                + " given file capabilities"),
        blocker(
            "no ambient under no_new_privs",
            s -> s.withoutAmbient().noNewPrivileges(),
            "This kernel has no ambient capabilities (Linux 4.3), and no_new_privs makes file"
                + " capabilities void"),
        blocker(
            "no ambient without SETFCAP",
            s -> s.withoutAmbient().without(Capability.CAP_SETFCAP),
            "This kernel has no ambient capabilities (Linux 4.3), and the container lacks"
                + " CAP_SETFCAP for file capabilities"),
        blocker(
            "ambient forbidden",
            s -> s.securebits(new Securebits(1 << 6)),
            "SECBIT_NO_CAP_AMBIENT_RAISE is set, so another user would have no capability"),
        blocker(
            "not its directory",
            s -> s.without(Capability.CAP_CHOWN),
            "\"/var/lib/bonree\" does not belong to user \"nobody\" and the container lacks"
                + " CAP_CHOWN"));
  }

  private static Arguments blocker(String name, UnaryOperator<Situation> change, String fault) {
    return Arguments.argumentSet(name, change, fault);
  }

  @ParameterizedTest
  @MethodSource("blockers")
  void fallsBackToRootWithAWarningThatSaysWhatToDo(UnaryOperator<Situation> change, String fault) {
    LaunchPlan plan = change.apply(situation).plan();

    assertThat(plan.problems()).isEmpty();
    assertThat(plan.user()).isEqualTo(new UserDecision(plan.user().user(), fault + "."));
    assertThat(plan.user().isRoot()).isTrue();
    assertThat(plan.warnings())
        .anySatisfy(warning ->
            assertThat(warning).matches("(?s)\\Q" + fault + "\\E, so the agent runs as root. .+"));
  }

  @ParameterizedTest
  @MethodSource("blockers")
  void refusesInsteadWhereItIsStrict(UnaryOperator<Situation> change, String fault) {
    LaunchPlan plan = change.apply(situation).option(Option.STRICT, "true").plan();

    assertThat(plan.problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.status()).isEqualTo(ExitStatus.CONFIGURATION);
          assertThat(problem.fault()).isEqualTo(fault + ", and --strict forbids to run as root.");
          assertThat(problem.remedy()).isNotBlank();
        });
    assertThat(plan.steps()).isEmpty();
  }

  @Test
  void needsNoChownWhereTheDirectoryIsAlreadyTheUsers() {
    LaunchPlan plan =
        situation
            .without(Capability.CAP_CHOWN, Capability.CAP_FSETID)
            .runtime(Situation.directory("/var/lib/bonree", 65534, "runtime"))
            .plan();

    assertThat(plan.problems()).isEmpty();
    assertThat(plan.user().user().name()).isEqualTo("nobody");
    assertThat(plan.steps()).noneMatch(HostStep.GiveRuntimeDirectory.class::isInstance);
  }

  @Test
  void refusesRootByNameOrNumberBecauseNonRootModeIsWhatSaysSo() {
    for (String root : List.of("root", "0", "0:0", "0:7")) {
      assertThat(situation.option(Option.USER, root).plan().problems())
          .as(root)
          .containsExactly(
              Problem.configuration(
                  "--user is \"" + root + "\", who is root.",
                  "Name another user, or pass --non-root-mode false if root is meant."));
    }
  }

  @Test
  void refusesAGroupThatIsNotThere() {
    assertThat(situation.option(Option.USER, "nobody:staff").plan().problems())
        .containsExactly(
            Problem.configuration(
                "Group \"staff\" of --user is not in the host's /etc/group.",
                "Name one that is there, or its number."));
  }

  @Test
  void givesADirectoryOfAnotherUserBackToRoot() {
    LaunchPlan plan =
        situation
            .option(Option.NON_ROOT_MODE, "false")
            .runtime(Situation.directory("/var/lib/bonree", 65534, "runtime"))
            .plan();

    assertThat(plan.steps())
        .filteredOn(HostStep.GiveRuntimeDirectory.class::isInstance)
        .extracting(Step::subject)
        .containsExactly("/var/lib/bonree to 0:0");
    assertThat(plan.capabilities().surplus().contains(Capability.CAP_CHOWN)).isFalse();
  }

  @Test
  void refusesWhereNotEvenRootCouldWriteItsData() {
    LaunchPlan plan =
        situation
            .option(Option.NON_ROOT_MODE, "false")
            .without(Capability.CAP_CHOWN, Capability.CAP_DAC_OVERRIDE)
            .runtime(Situation.directory("/var/lib/bonree", 65534, "runtime"))
            .plan();

    assertThat(plan.problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.status()).isEqualTo(ExitStatus.NOT_PERMITTED);
          assertThat(problem.fault())
              .startsWith("Root cannot write to \"/var/lib/bonree\": it belongs to uid 65534");
        });
  }

  @Test
  void createsNoUserInModeMinimalAndUsesOnlyWhoIsNamed() {
    for (String passwd : List.of("", "smartagent:x:990:990:::\n")) {
      LaunchPlan plan =
          situation
              .without(Option.USER)
              .variable(Option.ENABLE_MINIMAL_MOUNT, "true")
              .writableEtc(SHADOW)
              .accounts(passwd, "")
              .plan();

      assertThat(plan.user().isRoot()).isTrue();
      assertThat(plan.user().reason()).isEqualTo("No user was named, and mode minimal makes none.");
    }
  }

  @Test
  void refusesAUserInMoreGroupsThanLinuxAllows() {
    String groups =
        IntStream.rangeClosed(1, 65536)
            .mapToObj(gid -> "g" + gid + ":x:" + (100_000 + gid) + ":nobody\n")
            .collect(Collectors.joining());
    String passwd = "nobody:x:65534:65534:::\n";

    assertThat(situation.accounts(passwd, groups).plan().problems())
        .containsExactly(
            Problem.configuration(
                "User \"nobody\" is in 65537 groups of the host, and Linux allows 65536.",
                "Name one group with --user nobody:GROUP: then he is in no other."));
    assertThat(situation.option(Option.USER, "nobody:g7").plan().problems()).isEmpty();
    String fewer = groups.substring(groups.indexOf('\n') + 1);
    assertThat(new Situation().accounts(passwd, fewer).plan().user().user().groups())
        .hasSize(65536);
  }
}
