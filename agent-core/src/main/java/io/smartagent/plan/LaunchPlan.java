package io.smartagent.plan;

import io.smartagent.config.Mode;
import io.smartagent.config.Problem;
import io.smartagent.config.Settings;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.module.ModulePlan;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that has been decided about a launch. {@code plan} prints it, the launch executes the
 * very same object.
 *
 * @param mode of the virtual root, never {@link Mode#AUTO}
 * @param modeReason why this one
 * @param user whom the agent becomes
 * @param sealed whether every mount of the host becomes read-only: the strong seal
 * @param writable the directories that stay writable
 * @param steps in the order in which they run; empty where the launch is refused
 * @param modules sorted by id
 * @param capabilities what becomes of them
 * @param problems why it is refused; empty where it is not
 * @param warnings what the user should know
 * @param settings that it was made from
 * @param seal what keeps the agent from writing to the host
 * @param cluster how the agent reaches Kubernetes; null where it cannot
 */
public record LaunchPlan(
    Mode mode,
    String modeReason,
    UserDecision user,
    boolean sealed,
    Set<String> writable,
    List<Step> steps,
    List<ModulePlan> modules,
    CapabilityDecision capabilities,
    List<Problem> problems,
    List<String> warnings,
    Settings settings,
    HostSeal seal,
    @Nullable ClusterAccess cluster) {

  /** Copies the collections. */
  public LaunchPlan {
    writable = Set.copyOf(writable);
    steps = List.copyOf(steps);
    modules = List.copyOf(modules);
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }

  /** Returns whether nothing is launched. */
  public boolean isRefused() {
    return !problems.isEmpty();
  }
}
