package io.smartagent.cli;

import io.smartagent.Version;
import io.smartagent.cli.Terminal.Colour;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleState;
import io.smartagent.plan.CapabilityDecision;
import io.smartagent.plan.Guarantees;
import io.smartagent.plan.Guarantees.Guarantee;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.probe.ContainerFacts;
import io.smartagent.text.TextLines;
import java.util.ArrayList;
import java.util.List;

/**
 * The plan in short, for a person who reads events as text: what does not hold first, nothing wider
 * than a terminal. No streams and no lambdas: they would be loaded on the way to exec.
 */
final class StartScreen {

  private static final String MARGIN = "  ";
  private static final int NAME = 24;
  private static final int STATE = 10;

  /** From what is lost most to what is not. */
  private static final List<ModuleState> STATES =
      List.of(ModuleState.DISABLED, ModuleState.DEGRADED, ModuleState.ENABLED);

  private final LaunchPlan plan;
  private final Terminal terminal;
  private final List<String> lines = new ArrayList<>();

  private StartScreen(LaunchPlan plan, Terminal terminal) {
    this.plan = plan;
    this.terminal = terminal;
  }

  /** Returns its lines. */
  static List<String> lines(LaunchPlan plan, ContainerFacts container, Terminal terminal) {
    StartScreen screen = new StartScreen(plan, terminal);
    screen.lines.add(
        "SmartAgent launcher " + Version.current() + ", " + PlanText.kernel(container));
    if (!plan.isRefused()) {
      screen.plan();
      screen.guarantees();
      screen.modules();
    }
    screen.warnings();
    screen.lines.add("");
    return screen.lines;
  }

  private void plan() {
    CapabilityDecision capabilities = plan.capabilities();
    heading("Plan");
    row("mode", plan.mode().id() + ": " + plan.modeReason());
    row("user", PlanText.user(plan.user().user()) + ": " + plan.user().reason());
    row("capabilities kept", capabilities.kept().toString());
    row("capabilities dropped", capabilities.dropped().toString());
    if (!capabilities.surplus().isEmpty()) {
      row(
          "capabilities not needed",
          capabilities.surplus() + ": remove them from the container's YAML.");
    }
  }

  private void guarantees() {
    heading("Guarantees");
    List<Guarantee> guarantees = Guarantees.of(plan);
    guaranteesThat(false, guarantees);
    guaranteesThat(true, guarantees);
  }

  private void guaranteesThat(boolean hold, List<Guarantee> guarantees) {
    for (Guarantee guarantee : guarantees) {
      if (guarantee.holds() == hold) {
        String state = guarantee.holds() ? "yes" : "no";
        Colour colour = guarantee.holds() ? Colour.GREEN : Colour.YELLOW;
        row(guarantee.id(), colour, state, guarantee.because());
      }
    }
  }

  private void modules() {
    heading("Modules");
    boolean limited = false;
    for (ModuleState state : STATES) {
      for (ModulePlan module : plan.modules()) {
        if (module.state() == state) {
          row(module.id(), PlanText.colour(state), state.id(), summary(module));
          limited |= module.remedy() != null;
        }
      }
    }
    if (limited) {
      lines.add(MARGIN + "The command \"plan\" prints the YAML that enables the rest.");
    }
  }

  private static String summary(ModulePlan module) {
    StringBuilder summary = new StringBuilder();
    if (module.source() != null) {
      summary.append("from ").append(module.source());
    }
    if (module.missing() != null) {
      summary.append(summary.isEmpty() ? "" : ", ").append("lacks ").append(module.missing());
    }
    if (module.effect() != null) {
      summary.append(summary.isEmpty() ? "" : ": ").append(module.effect());
    }
    return summary.toString();
  }

  private void warnings() {
    if (!plan.warnings().isEmpty()) {
      heading("Warnings");
    }
    for (String warning : plan.warnings()) {
      TextLines.wrap(lines, MARGIN + terminal.paint(Colour.YELLOW, "- "), 4, warning);
    }
  }

  private void heading(String title) {
    lines.add("");
    lines.add(terminal.paint(Colour.BOLD, title));
  }

  private void row(String name, String text) {
    TextLines.wrap(lines, MARGIN + Columns.left(name, NAME), MARGIN.length() + NAME, text);
  }

  private void row(String name, Colour colour, String state, String text) {
    String start =
        MARGIN + Columns.left(name, NAME) + terminal.paint(colour, Columns.left(state, STATE));
    TextLines.wrap(lines, start, MARGIN.length() + NAME + STATE, text);
  }
}
