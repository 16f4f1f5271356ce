package io.smartagent.cli;

import io.smartagent.config.CommandLine;
import io.smartagent.config.ExitStatus;
import io.smartagent.config.Problem;
import io.smartagent.config.Setting;
import io.smartagent.config.Settings;
import io.smartagent.config.SettingsParser;
import io.smartagent.host.HostFacts;
import io.smartagent.host.HostRoot;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.launch.PlanJson;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.probe.ContainerFacts;
import io.smartagent.probe.ContainerProbe;
import io.smartagent.simulation.Simulation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code plan --assume}: what {@code config} would do in a container that is not here. */
final class SimulatedPlan {

  private final Kernel kernel;
  private final List<? extends ModuleDescriptor> modules;
  private final Terminal terminal;

  SimulatedPlan(Kernel kernel, List<? extends ModuleDescriptor> modules, Terminal terminal) {
    this.kernel = kernel;
    this.modules = modules;
    this.terminal = terminal;
  }

  ExitStatus run(CommandLine line, Map<String, String> environment) throws ErrnoException {
    Settings settings = SettingsParser.parse(line.options(), environment, modules).settings();
    Simulation simulation =
        Simulation.of(line.assumptions(), here(settings, line, environment), settings, kernel);
    Planning.Result result =
        new Planning(simulation.container(), simulation.host(), modules)
            .plan(line.withProblems(simulation.problems()), simulation.environment(environment));
    if (line.format().equals("json")) {
      terminal.print(PlanJson.toJson(result.plan(), simulation.assumptions()));
    } else {
      PlanText.full(result.plan(), result.container(), terminal)
          .forEach(text -> terminal.print(text + "\n"));
      print(simulation.assumptions());
    }
    return Problem.statusOf(result.plan().problems());
  }

  /** What is here counts only where there is a host too: else this is just any machine. */
  private Optional<ContainerFacts> here(
      Settings settings, CommandLine line, Map<String, String> environment) throws ErrnoException {
    HostFacts host =
        new HostRoot(kernel, HostRoot.MOUNT_POINT).read(Planning.question(settings, line));
    return host.state() == HostFacts.State.ROOT
        ? Optional.of(
            new ContainerProbe(
                    kernel, HostRoot.MOUNT_POINT, Planning.clusterQuestion(settings, environment))
                .probe())
        : Optional.empty();
  }

  private void print(List<Setting> assumptions) {
    terminal.print("Nothing of this was tried. It was assumed:\n");
    for (Setting assumption : assumptions) {
      terminal.print(
          "  "
              + Columns.left(assumption.name(), 28)
              + " "
              + assumption.value()
              + " ("
              + assumption.source()
              + ")\n");
    }
  }
}
