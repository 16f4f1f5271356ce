package io.smartagent.module;

/**
 * A part of the agent that does one thing. It is made anew for every start and runs on a platform
 * thread of its own, which has only its source's capabilities, effective and permitted; threads
 * that it starts inherit them.
 */
public interface Module {

  /**
   * Does the module's work until {@link ModuleContext#isStopping()}.
   *
   * @throws Exception what ends it early; it is shown as unhealthy and started again after a pause
   */
  void run(ModuleContext context) throws Exception;
}
