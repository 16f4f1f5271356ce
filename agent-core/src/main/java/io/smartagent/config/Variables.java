package io.smartagent.config;

import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.Setting;
import io.smartagent.module.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that can be set, in the order in which it is shown: parser, help, documentation and
 * the list of known variables are made from it.
 *
 * @param all options, with the settings of modules among them
 * @param ofModules the settings of modules, each once
 */
public record Variables(List<Variable> all, List<Setting<?>> ofModules) {

  /** The settings of modules are shown after it. */
  private static final Option BEFORE_SETTINGS = Option.ENABLE_MINIMAL_MOUNT;

  /** Copies the lists. */
  public Variables {
    all = List.copyOf(all);
    ofModules = List.copyOf(ofModules);
  }

  /** Returns all options, and the settings of these modules. */
  public static Variables of(List<? extends ModuleDescriptor> modules) {
    List<Setting<?>> settings = settingsOf(modules);
    List<Variable> all = new ArrayList<>();
    for (Option option : Option.values()) {
      all.add(option);
      if (option == BEFORE_SETTINGS) {
        all.addAll(settings);
      }
    }
    return new Variables(all, settings);
  }

  private static List<Setting<?>> settingsOf(List<? extends ModuleDescriptor> modules) {
    List<Setting<?>> settings = new ArrayList<>();
    for (ModuleDescriptor module : modules) {
      for (Setting<?> setting : module.settings()) {
        if (!settings.contains(setting)) {
          settings.add(setting);
        }
      }
    }
    return settings;
  }

  /** Returns what is set by the variable {@code name}. */
  public Optional<Variable> find(String name) {
    for (Variable variable : all) {
      if (variable.variable().equals(name)) {
        return Optional.of(variable);
      }
    }
    return Optional.empty();
  }

  /** Returns the names of all variables. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (Variable variable : all) {
      names.add(variable.variable());
    }
    return names;
  }
}
