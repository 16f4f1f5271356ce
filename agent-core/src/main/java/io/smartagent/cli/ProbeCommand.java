package io.smartagent.cli;

import io.smartagent.cli.Terminal.Colour;
import io.smartagent.config.CommandLine;
import io.smartagent.config.ExitStatus;
import io.smartagent.config.SettingsParser;
import io.smartagent.host.HostRoot;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.planning.Planning;
import io.smartagent.probe.AbilityFact;
import io.smartagent.probe.ClusterQuestion;
import io.smartagent.probe.ContainerFacts;
import io.smartagent.probe.ContainerProbe;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code probe}: what this container may do. */
final class ProbeCommand {

  private final Kernel kernel;
  private final Terminal terminal;

  ProbeCommand(Kernel kernel, Terminal terminal) {
    this.kernel = kernel;
    this.terminal = terminal;
  }

  ExitStatus run(CommandLine line, Map<String, String> environment) {
    try {
      ContainerFacts facts =
          new ContainerProbe(kernel, HostRoot.MOUNT_POINT, question(environment)).probe();
      if (line.format().equals("json")) {
        terminal.print(ProbeJson.toJson(facts));
      } else {
        printText(facts);
      }
      return ExitStatus.OK;
    } catch (ErrnoException e) {
      terminal.error(unreadable(e));
      return ExitStatus.NOT_PERMITTED;
    }
  }

  private static ClusterQuestion question(Map<String, String> environment) {
    return Planning.clusterQuestion(
        SettingsParser.parse(Map.of(), environment, List.of()).settings(), environment);
  }

  static String unreadable(ErrnoException e) {
    return "What this container may do cannot be read: "
        + e.getMessage()
        + ". Its seccomp profile forbids even that; use RuntimeDefault or Unconfined.";
  }

  private void printText(ContainerFacts facts) {
    row("kernel", facts.kernelRelease() + " " + facts.machine());
    row("user", "uid " + Integer.toUnsignedString(facts.uid()));
    row("user namespace", facts.initialUserNamespace() ? "initial" : "mapped");
    row("effective", facts.capabilities().effective().toString());
    row("permitted", facts.capabilities().permitted().toString());
    row("inheritable", facts.capabilities().inheritable().toString());
    row("bounding", facts.capabilities().bounding().toString());
    row("ambient", facts.capabilities().ambient().toString());
    row(
        "securebits",
        facts.securebits().names().isEmpty()
            ? "none"
            : String.join(" ", facts.securebits().names()));
    row("no_new_privs", facts.noNewPrivileges() ? "on" : "off");
    row("seccomp", facts.seccomp().name().toLowerCase(Locale.ROOT));
    row("LSM label", facts.lsmLabel().orElse("none"));
    terminal.print("\n");
    for (AbilityFact fact : facts.abilities()) {
      String state =
          fact.blockedBy() == null
              ? terminal.paint(Colour.GREEN, "yes")
              : terminal.paint(Colour.RED, "no, " + fact.blockedBy().id());
      row(fact.ability().id(), state + "  (" + fact.ability().meaning() + ")");
      if (fact.detail() != null) {
        row("", fact.detail());
      }
    }
  }

  private void row(String name, String value) {
    terminal.print(Columns.left(name, 16) + " " + value + "\n");
  }
}
