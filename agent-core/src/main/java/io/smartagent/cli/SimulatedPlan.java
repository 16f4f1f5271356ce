package io.smartagent.cli;

import io.smartagent.config.CommandLine;
import io.smartagent.config.ExitStatus;
import io.smartagent.config.Problem;
import io.smartagent.config.SettingValue;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.launch.PlanJson;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.planning.Planning;
import io.smartagent.simulation.Simulation;
import java.util.List;
import java.util.Map;

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
    Planning planning = new Planning(kernel, modules, line, environment);
    Simulation simulation =
        Simulation.of(
            line.assumptions(), planning.containerWithHost(), planning.settings(), kernel);
    Planning.Result result =
        planning.plan(
            simulation.container(
                Planning.clusterQuestion(planning.settings(), simulation.environment(environment))),
            simulation.host(),
            simulation.problems());
    if (line.format().equals("json")) {
      terminal.print(PlanJson.toJson(result.plan(), simulation.assumptions()));
    } else {
      PlanText.full(result.plan(), result.container(), terminal)
          .forEach(text -> terminal.print(text + "\n"));
      print(simulation.assumptions());
    }
    return Problem.statusOf(result.plan().problems());
  }

  private void print(List<SettingValue> assumptions) {
    terminal.print("Nothing of this was tried. It was assumed:\n");
    for (SettingValue assumption : assumptions) {
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
