package io.smartagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.Option;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.plan.Situation;
import io.smartagent.probe.ClusterFacts;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlanTextTest {

  private final Terminal plain =
      new Terminal(OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), false);

  private final Situation situation = new Situation();

  private List<String> story() {
    return PlanText.story(situation.plan(), situation.container(), plain);
  }

  private List<String> full() {
    return PlanText.full(situation.plan(), situation.container(), plain);
  }

  @Test
  void summarizesAStartInAFewLines() {
    situation.cluster(
        new ClusterFacts(
            "https://10.0.0.1:443", "/var/lib/bonree/serviceaccount", true, "team", true));

    assertThat(story())
        .hasSizeLessThanOrEqualTo(18)
        .contains(
            "Mode read-only: /mnt/root is mounted read-only.",
            "User nobody (65534:65534): --user names this user of the host.",
            "Modules:",
            "  application-discovery  enabled   from proc-events",
            "  host-events            enabled   from syslog");
    assertThat(story().getFirst())
        .startsWith("Linux 6.12.0 (x86_64), seccomp filter, LSM none, no_new_privs off");
  }

  @Test
  void saysOfAModuleWhatItLacksAndWhatGivesItBack() {
    situation.without(Capability.CAP_SYS_PTRACE);

    assertThat(story())
        .containsSequence(
            "  application-discovery  degraded  from proc-public",
            "    lacks CAP_SYS_PTRACE, ptrace-read (bounding)",
            "    executables of other users' processes are unknown: language and product are"
                + " guessed from command lines, ports are known only of a container's single"
                + " application",
            "    to change that:",
            "      securityContext:",
            "        capabilities:",
            "          add: [SYS_PTRACE]");
  }

  @Test
  void numbersTheStepsAndGivesTheirReasons() {
    LaunchPlan plan = situation.plan();

    assertThat(full()).contains("Decision: launch, in " + plan.steps().size() + " steps:");
    assertThat(full())
        .containsSequence(
            "   2. unshare-mounts         CLONE_NEWNS|CLONE_FS",
            "                             No other process sees what is mounted from here on.");
    assertThat(full()).anyMatch(line -> line.matches(" {2}SMARTAGENT_USER +\"nobody\" +--user"));
  }

  @Test
  void printsWhyItRefusesAndNoStepAtAll() {
    situation.noPasswd().option(Option.STRICT, "true");

    assertThat(full())
        .contains("Decision: refuse")
        .anyMatch(line -> line.startsWith("The host's /etc/passwd cannot be read: "))
        .noneMatch(line -> line.contains("unshare-mounts"));
  }

  @Test
  void paintsOnlyForATerminal() {
    Terminal colourful =
        new Terminal(OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), true);

    assertThat(PlanText.story(situation.plan(), situation.container(), colourful))
        .anyMatch(line -> line.contains("\u001b[32menabled  \u001b[0m"));
    assertThat(story()).noneMatch(line -> line.contains("\u001b"));
  }
}
