package io.smartagent.cli;

import io.smartagent.config.ExitStatus;
import io.smartagent.config.Problem;
import io.smartagent.kubernetes.manifest.DaemonSetPlan;
import io.smartagent.kubernetes.manifest.DaemonSetPlanner;
import io.smartagent.kubernetes.manifest.Manifest;
import io.smartagent.kubernetes.manifest.ManifestOptionsParser;
import io.smartagent.module.ModuleDescriptor;
import java.util.List;

/** {@code manifest}: what to apply to a cluster so that each node has the agent. */
final class ManifestCommand {

  private final List<? extends ModuleDescriptor> modules;
  private final Terminal terminal;

  ManifestCommand(List<? extends ModuleDescriptor> modules, Terminal terminal) {
    this.modules = modules;
    this.terminal = terminal;
  }

  /** Prints nothing if there is any problem: a pipe to kubectl would apply half a manifest. */
  ExitStatus run(List<String> words) {
    ManifestOptionsParser.Result parsed = ManifestOptionsParser.parse(words, modules);
    if (!parsed.problems().isEmpty()) {
      PlanText.problems(parsed.problems()).forEach(terminal::error);
      return Problem.statusOf(parsed.problems());
    }
    DaemonSetPlan plan = DaemonSetPlanner.plan(parsed.options(), modules);
    if (parsed.json()) {
      terminal.print(Manifest.json(plan));
    } else {
      terminal.print(Manifest.yaml(plan, words));
    }
    plan.notes().forEach(terminal::line);
    return ExitStatus.OK;
  }
}
