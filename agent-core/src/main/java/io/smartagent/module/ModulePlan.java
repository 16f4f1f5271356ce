package io.smartagent.module;

import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.probe.Blocker;
import org.jspecify.annotations.Nullable;

/**
 * What has been decided about a module, and why.
 *
 * @param id of the module
 * @param state that follows from its need
 * @param source that it runs from; null where it is disabled
 * @param capabilities that its threads get, empty where it is disabled
 * @param missing what the best source needs and this container lacks: capabilities and abilities by
 *     name, separated by a comma and a space; null where nothing is missing
 * @param blockedBy what stands between; null where nothing does
 * @param effect what cannot be seen now; null where all can
 * @param remedy the YAML of the container spec that would enable it; null where none is needed or
 *     none helps
 */
public record ModulePlan(
    String id,
    ModuleState state,
    @Nullable String source,
    CapabilitySet capabilities,
    @Nullable String missing,
    @Nullable Blocker blockedBy,
    @Nullable String effect,
    @Nullable String remedy) {

  /** Returns what has become of it where it is not to run although it could. */
  public ModulePlan leftOut(String why) {
    return new ModulePlan(
        id, ModuleState.DISABLED, null, CapabilitySet.NONE, null, null, why, null);
  }
}
