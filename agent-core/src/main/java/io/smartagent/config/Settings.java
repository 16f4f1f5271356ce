package io.smartagent.config;

import io.smartagent.module.Variable;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for, complete and well-formed. Whether the host and the container can fulfil
 * it is the planner's question.
 *
 * @param user whom the agent shall be; empty where nobody was named
 * @param nonRootMode false where the user wants root
 * @param mode of the virtual root
 * @param modules that shall run
 * @param require the modules without which nothing starts
 * @param capabilities that the command of {@code run} keeps
 * @param strict whether to refuse instead of falling back to root
 * @param installPath on the host
 * @param runtimePath on the host; the data directory is {@code bonree} in it
 * @param noRemountRoot whether the mounts stay as the YAML made them
 * @param statusAddress of the status server
 * @param nodeName of Kubernetes, empty where it is not known
 * @param values each with its origin, in the order of {@link Variables}
 * @param warnings about what was set and is not understood
 * @param installer of another agent; empty where the built-in one is meant
 */
public record Settings(
    Optional<UserSpec> user,
    boolean nonRootMode,
    Mode mode,
    Selection modules,
    List<String> require,
    Selection capabilities,
    boolean strict,
    String installPath,
    String runtimePath,
    boolean noRemountRoot,
    StatusAddress statusAddress,
    String nodeName,
    List<SettingValue> values,
    List<String> warnings,
    Optional<InstallerSettings> installer) {

  /** Copies the lists. */
  public Settings {
    require = List.copyOf(require);
    values = List.copyOf(values);
    warnings = List.copyOf(warnings);
  }

  /** Returns the directory of the host that the agent keeps its data in. */
  public String runtimeDirectory() {
    return runtimePath + "/bonree";
  }

  /** Returns a variable's value as text: empty where it has none, {@code ***} for a secret. */
  public String valueOf(Variable variable) {
    SettingValue setting = setting(variable);
    return setting == null ? "" : setting.value();
  }

  /** Returns where a variable's value came from. */
  public String sourceOf(Variable variable) {
    SettingValue setting = setting(variable);
    return setting == null ? "default" : setting.source();
  }

  private @Nullable SettingValue setting(Variable variable) {
    for (SettingValue setting : values) {
      if (setting.name().equals(variable.variable())) {
        return setting;
      }
    }
    return null;
  }
}
