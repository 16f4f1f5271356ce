package io.smartagent.module;

/**
 * A module, in its own package: the one place that everything else reads. The launcher loads it
 * before its execve, so neither the module nor its telemetry is loaded before it is asked for.
 */
public interface ModuleDefinition extends ModuleDescriptor {

  /** Returns the events that it emits and the metrics that it registers. */
  ModuleTelemetry telemetry();

  /** Returns a new module. */
  Module create();
}
