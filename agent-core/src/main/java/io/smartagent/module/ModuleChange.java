package io.smartagent.module;

import java.util.Map;
import java.util.Set;

/**
 * What modules are to do from now on.
 *
 * @param settings for each module that is started from now on
 * @param affected ids of the modules that use one that has changed
 * @param following ids of the modules that follow one that has changed
 * @param leftOut why, by their ids, modules are not to run although they could
 */
public record ModuleChange(
    ModuleSettings settings,
    Set<String> affected,
    Set<String> following,
    Map<String, String> leftOut) {

  /** Copies the collections. */
  public ModuleChange {
    affected = Set.copyOf(affected);
    following = Set.copyOf(following);
    leftOut = Map.copyOf(leftOut);
  }
}
