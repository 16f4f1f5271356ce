package io.smartagent.config;

import io.smartagent.module.ModuleSettings;
import java.util.List;
import java.util.Map;

/**
 * The settings of a running agent.
 *
 * @param modules what is set for modules
 * @param excluded why, by their ids, modules are not to run that the launch has enabled
 * @param logLevel {@code info} or {@code debug}
 * @param values all settings with their origins, in the order in which the launch has left them
 */
public record AgentSettings(
    ModuleSettings modules,
    Map<String, String> excluded,
    String logLevel,
    List<SettingValue> values) {

  /** Copies the collections. */
  public AgentSettings {
    excluded = Map.copyOf(excluded);
    values = List.copyOf(values);
  }
}
