package io.smartagent.module;

/**
 * What was decided about a module, and what has become of it.
 *
 * @param plan what was decided
 * @param health how it is doing
 */
public record ModuleStatus(ModulePlan plan, ModuleHealth health) {}
