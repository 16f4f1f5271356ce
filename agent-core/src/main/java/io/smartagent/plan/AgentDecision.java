package io.smartagent.plan;

import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.module.ModulePlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What runs after the execve.
 *
 * @param arguments that it is executed with, its name first; empty where the launch is refused
 * @param modules sorted by id
 * @param cluster how the agent reaches Kubernetes; null where it cannot
 */
public record AgentDecision(
    List<String> arguments, List<ModulePlan> modules, @Nullable ClusterAccess cluster) {

  /** Copies the lists. */
  public AgentDecision {
    arguments = List.copyOf(arguments);
    modules = List.copyOf(modules);
  }
}
