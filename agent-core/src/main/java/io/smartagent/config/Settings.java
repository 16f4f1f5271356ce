package io.smartagent.config;

import io.smartagent.module.Variable;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for, complete and well-formed. Whether the host and the container can fulfil
 * it is the planner's question.
 *
 * @param identity the user that the agent is to run as
 * @param root what it sees of the host, and where its directories are
 * @param selections of modules and capabilities
 * @param node of the agent
 * @param values each with its origin, in the order of {@link Variables}
 * @param warnings about what was set and is not understood
 * @param installer of another agent; empty where the built-in one is meant
 */
public record Settings(
    Identity identity,
    Root root,
    Selections selections,
    Node node,
    List<SettingValue> values,
    List<String> warnings,
    Optional<InstallerSettings> installer) {

  /** Copies the lists. */
  public Settings {
    values = List.copyOf(values);
    warnings = List.copyOf(warnings);
  }

  /**
   * The user that the agent is to run as.
   *
   * @param user empty where none was named
   * @param nonRootMode false where the user wants root
   * @param strict whether to refuse instead of falling back to root
   */
  public record Identity(Optional<UserSpec> user, boolean nonRootMode, boolean strict) {}

  /**
   * The root that the agent gets.
   *
   * @param mode of the virtual root
   * @param installPath on the host
   * @param runtimePath on the host; the data directory is {@code bonree} in it
   * @param noRemountRoot whether the mounts stay as the YAML made them
   */
  public record Root(Mode mode, String installPath, String runtimePath, boolean noRemountRoot) {}

  /**
   * What is chosen by name.
   *
   * @param modules to run
   * @param require the modules without which nothing starts
   * @param capabilities that the command of {@code run} keeps
   */
  public record Selections(Selection modules, List<String> require, Selection capabilities) {

    /** Copies the list. */
    public Selections {
      require = List.copyOf(require);
    }
  }

  /**
   * Where the agent is.
   *
   * @param name of Kubernetes' node, empty where it is not known
   * @param statusAddress of the status server
   */
  public record Node(String name, StatusAddress statusAddress) {}

  /** Returns the directory of the host that the agent keeps its data in. */
  public String runtimeDirectory() {
    return root.runtimePath() + "/bonree";
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
