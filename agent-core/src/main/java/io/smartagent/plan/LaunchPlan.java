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
 * @param settings that it was made from
 * @param modeDecision what the virtual root shows
 * @param seal what keeps the agent from writing to the host
 * @param identity what the launching thread becomes
 * @param agent what runs after the execve
 * @param verdict whether the launch takes place
 * @param steps in the order in which they run; empty where the launch is refused
 */
public record LaunchPlan(
    Settings settings,
    ModeDecision modeDecision,
    HostSeal seal,
    IdentityDecision identity,
    AgentDecision agent,
    Verdict verdict,
    List<Step> steps) {

  /** Copies the list. */
  public LaunchPlan {
    steps = List.copyOf(steps);
  }

  /** Returns whether nothing is launched. */
  public boolean isRefused() {
    return !problems().isEmpty();
  }

  /** Returns the mode of the virtual root, never {@link Mode#AUTO}. */
  public Mode mode() {
    return modeDecision.mode();
  }

  /** Returns why it is this mode. */
  public String modeReason() {
    return modeDecision.reason();
  }

  /** Returns whether every mount of the host becomes read-only: the strong seal. */
  public boolean sealed() {
    return seal.kind() == HostSeal.Kind.REMOUNT;
  }

  /** Returns the directories that stay writable. */
  public Set<String> writable() {
    return seal.writable();
  }

  /** Returns the user that the agent becomes. */
  public UserDecision user() {
    return identity.user();
  }

  /** Returns what becomes of the container's capabilities. */
  public CapabilityDecision capabilities() {
    return identity.capabilities();
  }

  /** Returns what was decided about each module, sorted by id. */
  public List<ModulePlan> modules() {
    return agent.modules();
  }

  /** Returns how the agent reaches Kubernetes; null where it cannot. */
  public @Nullable ClusterAccess cluster() {
    return agent.cluster();
  }

  /** Returns why the launch is refused; empty where it is not. */
  public List<Problem> problems() {
    return verdict.problems();
  }

  /** Returns what the user should know. */
  public List<String> warnings() {
    return verdict.warnings();
  }
}
