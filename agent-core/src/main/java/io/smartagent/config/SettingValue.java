package io.smartagent.config;

import io.smartagent.module.Variable;
import java.util.List;

/**
 * A value with its origin, as {@code plan} shows it.
 *
 * @param name of the variable, which every setting has
 * @param value as it was found, {@code ***} for a secret
 * @param source {@code default}, the name of the variable, or the option; while the agent runs also
 *     a file or a ConfigMap
 */
public record SettingValue(String name, String value, String source) {

  /** Returns a variable's value in {@code settings}: its default where it is not there. */
  public static String valueIn(List<SettingValue> settings, Variable variable) {
    for (SettingValue setting : settings) {
      if (setting.name().equals(variable.variable())) {
        return setting.value();
      }
    }
    String defaultText = variable.defaultText();
    return defaultText == null ? "" : defaultText;
  }
}
