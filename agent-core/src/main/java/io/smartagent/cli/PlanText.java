package io.smartagent.cli;

import io.smartagent.cli.Terminal.Colour;
import io.smartagent.config.Problem;
import io.smartagent.config.SettingValue;
import io.smartagent.host.HostUser;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleState;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.plan.Step;
import io.smartagent.probe.ContainerFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plan for people: in short for a start, in full for {@code plan}. */
final class PlanText {

  private static final String INDENT = "    ";

  private PlanText() {}

  /** Returns the story of a start in a few lines. */
  static List<String> story(LaunchPlan plan, ContainerFacts container, Terminal terminal) {
    List<String> lines = new ArrayList<>();
    lines.add(container(container));
    if (!plan.isRefused()) {
      lines.add("Mode " + plan.mode().id() + ": " + plan.modeReason());
      lines.add("User " + user(plan.user().user()) + ": " + plan.user().reason());
      lines.add("Keeps " + plan.capabilities().kept() + "; drops " + plan.capabilities().dropped());
      if (!plan.capabilities().surplus().isEmpty()) {
        lines.add(
            "Surplus: "
                + plan.capabilities().surplus()
                + ". Neither the launch nor a module needs them: remove them from the YAML.");
      }
      lines.addAll(modules(plan, terminal));
    }
    plan.warnings()
        .forEach(warning -> lines.add(terminal.paint(Colour.YELLOW, "Warning: ") + warning));
    return lines;
  }

  /** Returns everything about a plan. */
  static List<String> full(LaunchPlan plan, ContainerFacts container, Terminal terminal) {
    List<String> lines = new ArrayList<>(story(plan, container, terminal));
    if (plan.isRefused()) {
      lines.addAll(modules(plan, terminal));
      lines.add("Decision: refuse");
      lines.addAll(problems(plan.problems()));
    } else {
      lines.add("Decision: launch, in " + plan.steps().size() + " steps:");
      int number = 0;
      for (Step step : plan.steps()) {
        lines.add(
            Columns.right(++number, 4)
                + ". "
                + Columns.left(step.action(), 22)
                + " "
                + step.subject());
        lines.add(" ".repeat(29) + step.reason());
      }
    }
    lines.add("Settings:");
    for (SettingValue setting : plan.settings().values()) {
      lines.add(
          "  "
              + Columns.left(setting.name(), 38)
              + " "
              + Columns.left('"' + setting.value() + '"', 24)
              + " "
              + setting.source());
    }
    return lines;
  }

  private static String container(ContainerFacts container) {
    return kernel(container) + ", capabilities " + container.capabilities().permitted();
  }

  /** Returns what of the kernel concerns a launch, in one line. */
  static String kernel(ContainerFacts container) {
    return "Linux "
        + container.kernelRelease()
        + " ("
        + container.machine()
        + "), seccomp "
        + container.seccomp().name().toLowerCase(Locale.ROOT)
        + ", LSM "
        + container.lsmLabel().orElse("none")
        + ", no_new_privs "
        + (container.noNewPrivileges() ? "on" : "off");
  }

  /** Returns the user's name with both numbers. */
  static String user(HostUser user) {
    return user.name()
        + " ("
        + Integer.toUnsignedString(user.uid())
        + ":"
        + Integer.toUnsignedString(user.gid())
        + ")";
  }

  private static List<String> modules(LaunchPlan plan, Terminal terminal) {
    List<String> lines = new ArrayList<>();
    lines.add("Modules:");
    for (ModulePlan module : plan.modules()) {
      String state = Columns.left(module.state().id(), 9);
      String source = module.source() == null ? "" : "from " + module.source();
      lines.add(
          ("  "
                  + Columns.left(module.id(), 22)
                  + " "
                  + terminal.paint(colour(module.state()), state)
                  + " "
                  + source)
              .stripTrailing());
      if (module.missing() != null) {
        String blocker = module.blockedBy() == null ? "" : " (" + module.blockedBy().id() + ")";
        lines.add(INDENT + "lacks " + module.missing() + blocker);
      }
      if (module.effect() != null) {
        lines.add(INDENT + module.effect());
      }
      if (module.remedy() != null) {
        lines.add(INDENT + "to change that:");
        for (String yaml : module.remedy().split("\n", -1)) {
          lines.add(INDENT + "  " + yaml);
        }
      }
    }
    return lines;
  }

  /** Returns the colour of a module's state. */
  static Colour colour(ModuleState state) {
    return switch (state) {
      case ENABLED -> Colour.GREEN;
      case DEGRADED -> Colour.YELLOW;
      case DISABLED -> Colour.RED;
    };
  }

  /** Returns what keeps a launch from starting, each problem with its remedy. */
  static List<String> problems(List<Problem> problems) {
    return problems.stream().map(Problem::text).toList();
  }
}
