package io.smartagent.cli;

import io.smartagent.config.CommandLine;
import io.smartagent.config.ExitStatus;
import io.smartagent.config.Problem;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.launch.PlanJson;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.planning.Planning;
import java.util.List;

/** {@code plan}: what {@code config} would do. */
final class PlanCommand {

  private final Kernel kernel;
  private final List<? extends ModuleDescriptor> modules;
  private final Terminal terminal;

  PlanCommand(Kernel kernel, List<? extends ModuleDescriptor> modules, Terminal terminal) {
    this.kernel = kernel;
    this.modules = modules;
    this.terminal = terminal;
  }

  /**
   * A refusal is a result of {@code plan}, reported by its exit code too, so that scripts can use
   * it.
   */
  ExitStatus run(CommandLine line) {
    try {
      if (!line.assumptions().isEmpty()) {
        return new SimulatedPlan(kernel, modules, terminal).run(line, System.getenv());
      }
      Planning.Result result = new Planning(kernel, modules, line, System.getenv()).plan();
      if (line.format().equals("json")) {
        terminal.print(PlanJson.toJson(result.plan()));
      } else {
        PlanText.full(result.plan(), result.container(), terminal)
            .forEach(text -> terminal.print(text + "\n"));
      }
      return Problem.statusOf(result.plan().problems());
    } catch (ErrnoException e) {
      terminal.error(ProbeCommand.unreadable(e));
      return ExitStatus.NOT_PERMITTED;
    }
  }
}
