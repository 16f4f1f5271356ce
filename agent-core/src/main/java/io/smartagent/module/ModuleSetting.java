package io.smartagent.module;

import java.util.ArrayList;
import java.util.List;

/**
 * What modules can be told, each a part of {@link ModuleSettings}: a module names those it uses.
 */
public enum ModuleSetting {
  /** {@link ModuleSettings#containerRoots}. */
  CONTAINER_ROOTS,
  /** {@link ModuleSettings#blockedAfter}. */
  BLOCKED_AFTER,
  /** {@link ModuleSettings#kubernetes}. */
  KUBERNETES,
  /** {@link ModuleSettings#logs}. */
  LOGS;

  private boolean differs(ModuleSettings one, ModuleSettings other) {
    return switch (this) {
      case CONTAINER_ROOTS -> !one.containerRoots().equals(other.containerRoots());
      case BLOCKED_AFTER -> !one.blockedAfter().equals(other.blockedAfter());
      case KUBERNETES -> !one.kubernetes().equals(other.kubernetes());
      case LOGS -> !one.logs().equals(other.logs());
    };
  }

  /** Returns those that are not the same in both. */
  public static List<ModuleSetting> changed(ModuleSettings before, ModuleSettings after) {
    List<ModuleSetting> changed = new ArrayList<>();
    for (ModuleSetting setting : values()) {
      if (setting.differs(before, after)) {
        changed.add(setting);
      }
    }
    return changed;
  }
}
