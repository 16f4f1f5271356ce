package io.smartagent.config;

import io.smartagent.kernel.file.PathText;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleSettings;
import io.smartagent.module.ModuleState;
import io.smartagent.module.Setting;
import io.smartagent.module.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Makes {@link AgentSettings} of what the launch has left and of a configuration that is read while
 * the agent runs: the names, values and messages are those of the environment.
 */
public final class ConfigurationParser {

  /** Far more than any setting needs; what is reported of one is truncated sooner. */
  private static final int MAX_VALUE_LENGTH = 65_536;

  private static final int SHOWN = 200;

  private final List<SettingValue> atStart;
  private final List<ModulePlan> plans;
  private final Variables variables;

  /**
   * @param atStart all settings of the launch
   * @param plans of all modules
   * @param modules that are built
   */
  public ConfigurationParser(
      List<SettingValue> atStart,
      List<ModulePlan> plans,
      List<? extends ModuleDescriptor> modules) {
    this.atStart = List.copyOf(atStart);
    this.plans = List.copyOf(plans);
    this.variables = Variables.of(modules);
  }

  /**
   * Settings, and what is wrong with them.
   *
   * @param settings to be used only where nothing is wrong
   * @param problems all of them
   */
  public record Result(AgentSettings settings, List<Problem> problems) {}

  /** Returns the settings of the launch. */
  public AgentSettings parse() {
    return parse(Map.of(), UnaryOperator.identity()).settings();
  }

  /**
   * Returns the settings of the launch with those of a configuration instead; one that is blank is
   * not set.
   *
   * @param entries of the configuration, by the names of their variables
   * @param origin says where an entry of a name comes from
   */
  public Result parse(Map<String, String> entries, UnaryOperator<String> origin) {
    List<Problem> problems = new ArrayList<>();
    Map<Variable, String> given = new HashMap<>();
    new TreeMap<>(entries).forEach((name, value) -> take(name, value, given, problems));
    Map<String, String> excluded = excluded(given, origin, problems);
    ModuleSettings modules = modules(given, problems);
    return new Result(
        new AgentSettings(
            modules, excluded, valueOf(Option.LOG_LEVEL, given), values(given, origin)),
        List.copyOf(problems));
  }

  private ModuleSettings modules(Map<Variable, String> given, List<Problem> problems) {
    if (!LogLevel.isValid(valueOf(Option.LOG_LEVEL, given))) {
      problems.add(wrong(Option.LOG_LEVEL, given, LogLevel.ACCEPTED));
    }
    ModuleSettings modules = ModuleSettings.DEFAULTS;
    for (Setting<?> setting : variables.ofModules()) {
      Optional<ModuleSettings> more = modules.withText(setting, valueOf(setting, given));
      if (more.isEmpty()) {
        problems.add(wrong(setting, given, setting.accepted()));
      }
      modules = more.orElse(modules);
    }
    return modules;
  }

  /** A file often ends with a newline, which is not part of the value. */
  private void take(
      String name, String value, Map<Variable, String> given, List<Problem> problems) {
    Optional<Variable> option = variables.find(name);
    String fault = faultOf(value);
    if (option.isEmpty()) {
      problems.add(unknown(name));
    } else if (!option.get().isLive()) {
      problems.add(
          Problem.configuration(
              name + " is read at start only.", "Set it in the env of the agent's pod."));
    } else if (!fault.isEmpty()) {
      problems.add(
          Problem.configuration(
              name + " " + fault + ".", "It must be text of at most 65536 characters."));
    } else if (!value.isBlank()) {
      given.put(option.get(), value.strip());
    }
  }

  private Problem unknown(String name) {
    List<String> known =
        variables.all().stream().filter(Variable::isLive).map(Variable::variable).toList();
    String suggestion = name.length() <= SHOWN ? Spelling.suggestion(name, known) : "";
    return Problem.configuration(
        PathText.quote(name, SHOWN) + " is not the name of a setting.",
        suggestion.isEmpty()
            ? "Those that can change while the agent runs are " + String.join(", ", known) + "."
            : suggestion.strip());
  }

  private static String faultOf(String value) {
    if (value.length() > MAX_VALUE_LENGTH) {
      return "has " + value.length() + " characters";
    }
    return value.indexOf('\0') >= 0 ? "has a NUL in it" : "";
  }

  private Map<String, String> excluded(
      Map<Variable, String> given, UnaryOperator<String> origin, List<Problem> problems) {
    String variable = Option.MODULES.variable();
    String value = given.get(Option.MODULES);
    Map<String, String> excluded = new LinkedHashMap<>();
    if (value == null) {
      return excluded;
    }
    Selection selection =
        new ModuleNames(plans.stream().map(ModulePlan::id).toList(), variable, true)
            .parse(value, (fault, remedy) -> problems.add(Problem.configuration(fault, remedy)));
    List<String> required =
        ModuleNames.split(SettingValue.valueIn(atStart, Option.REQUIRE)).names();
    for (ModulePlan plan : plans) {
      String id = plan.id();
      boolean runs = plan.state() != ModuleState.DISABLED;
      if (!runs && selection.isNamed(id)) {
        problems.add(notLaunched(plan));
      } else if (runs && !selection.includes(id) && required.contains(id)) {
        problems.add(
            Problem.configuration(
                variable + " excludes the module \"" + id + "\", which SMARTAGENT_REQUIRE names.",
                "Name it here too, or remove it from SMARTAGENT_REQUIRE in the env of the agent's"
                    + " pod."));
      } else if (runs && !selection.includes(id)) {
        excluded.put(id, "excluded by " + variable + " of " + origin.apply(variable));
      }
    }
    return excluded;
  }

  private static Problem notLaunched(ModulePlan plan) {
    String why = plan.missing() == null ? plan.effect() : "it lacks " + plan.missing();
    return Problem.configuration(
        Option.MODULES.variable()
            + " names the module \""
            + plan.id()
            + "\", which was disabled when the agent was launched"
            + (why == null ? "" : ": " + why)
            + ".",
        "What a module may do is decided at the start: set SMARTAGENT_MODULES in the env of the"
            + " agent's pod, with what status names as its remedy.");
  }

  private String valueOf(Variable option, Map<Variable, String> given) {
    String value = given.get(option);
    return value == null ? SettingValue.valueIn(atStart, option) : value;
  }

  private Problem wrong(Variable option, Map<Variable, String> given, String accepted) {
    return Problem.configuration(
        option.variable() + " is " + PathText.quote(valueOf(option, given), SHOWN) + ".",
        "It must be " + accepted + ".");
  }

  private List<SettingValue> values(Map<Variable, String> given, UnaryOperator<String> origin) {
    List<SettingValue> values = new ArrayList<>();
    for (SettingValue setting : atStart) {
      String value = variables.find(setting.name()).map(given::get).orElse(null);
      values.add(
          value == null
              ? setting
              : new SettingValue(setting.name(), value, origin.apply(setting.name())));
    }
    return values;
  }
}
