package io.smartagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.Option;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.plan.Situation;
import io.smartagent.text.TextLines;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StartScreenTest {

  private final Situation situation = new Situation();

  private List<String> lines(boolean colours) {
    Terminal terminal =
        new Terminal(OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), colours);
    return StartScreen.lines(situation.plan(), situation.container(), terminal);
  }

  private List<String> lines() {
    return lines(false);
  }

  /** Returns the lines of a table, which ends at an empty line. */
  private List<String> table(String heading) {
    List<String> lines = lines();
    List<String> rows = lines.subList(lines.indexOf(heading) + 1, lines.size());
    return rows.subList(0, rows.indexOf(""));
  }

  @Test
  void saysThePlanInShort() {
    assertThat(lines().getFirst())
        .startsWith("SmartAgent launcher ")
        .endsWith(", Linux 6.12.0 (x86_64), seccomp filter, LSM none, no_new_privs off");
    assertThat(table("Plan"))
        .contains(
            "  mode                    read-only: /mnt/root is mounted read-only.",
            "  user                    nobody (65534:65534): --user names this user of the host.");
  }

  @Test
  void isNoWiderThanATerminal() {
    situation.without(Capability.CAP_SYS_PTRACE, Capability.CAP_SYSLOG);
    assertThat(lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));

    situation.without(Capability.CAP_SYS_ADMIN).variable(Option.NO_REMOUNT_ROOT, "true");
    assertThat(lines())
        .contains("Warnings")
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(TextLines.WIDTH));
  }

  @Test
  void listsFirstWhichGuaranteesDoNotHold() {
    List<String> guarantees = table("Guarantees");

    assertThat(guarantees.getFirst())
        .startsWith("  host-read-only          no        Every mount is read-only but ");
    assertThat(guarantees.getLast())
        .isEqualTo(
            "  no-new-privileges       yes       no_new_privs is set before the agent starts.");
    assertThat(String.join("\n", guarantees).indexOf(" yes  "))
        .isGreaterThan(String.join("\n", guarantees).lastIndexOf(" no  "));
  }

  @Test
  void listsFirstWhichModulesSeeLeast() {
    situation.without(Capability.CAP_SYS_PTRACE);
    String modules = String.join("\n", table("Modules"));

    assertThat(modules)
        .contains(
            "  application-discovery   degraded  from proc-public, lacks CAP_SYS_PTRACE,"
                + " ptrace-read: ",
            "  host-events             enabled   from syslog")
        .endsWith("The command \"plan\" prints the YAML that enables the rest.");
    assertThat(modules.indexOf(" disabled ")).isLessThan(modules.indexOf(" degraded "));
    assertThat(modules.lastIndexOf(" degraded ")).isLessThan(modules.indexOf(" enabled "));
  }

  @Test
  void saysOfARefusalOnlyWhereItRuns() {
    situation.noPasswd().option(Option.STRICT, "true");

    assertThat(lines())
        .doesNotContain("Plan", "Guarantees", "Modules")
        .first()
        .asString()
        .startsWith("SmartAgent launcher ");
  }

  @Test
  void paintsOnlyWhereThereAreColours() {
    assertThat(lines(true)).anyMatch(line -> line.contains("\u001b[32menabled   \u001b[0m"));
    assertThat(lines(false)).noneMatch(line -> line.contains("\u001b"));
  }
}
