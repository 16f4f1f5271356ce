package io.smartagent.kubernetes.deploy;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that has been decided about a deployment.
 *
 * @param wishes that it was made from
 * @param user whom the agent becomes
 * @param remounts whether the launch mounts
 * @param modules what becomes of each that was asked for
 * @param capabilities that the container adds, each with who needs it; empty where it is privileged
 * @param seccompReason why no seccomp profile may filter it; empty where the runtime's default fits
 * @param appArmorReason why no AppArmor profile may confine it; empty where the runtime's default
 *     fits
 * @param mounts of the host, by path
 * @param notes what the user should know, as sentences
 */
public record DaemonSetPlan(
    Wishes wishes,
    AgentUser user,
    boolean remounts,
    List<PlannedModule> modules,
    Map<Capability, List<String>> capabilities,
    Optional<String> seccompReason,
    Optional<String> appArmorReason,
    List<HostMount> mounts,
    List<String> notes) {

  /** Copies the lists. */
  public DaemonSetPlan {
    modules = List.copyOf(modules);
    mounts = List.copyOf(mounts);
    notes = List.copyOf(notes);
  }

  /** Returns the same plan of a container that adds {@code more} capabilities. */
  public DaemonSetPlan adding(CapabilitySet more, String reason) {
    CapabilityReasons all = new CapabilityReasons();
    capabilities.forEach((capability, reasons) ->
        reasons.forEach(each -> all.add(CapabilitySet.of(capability), each)));
    all.add(more, reason);
    return new DaemonSetPlan(
        wishes, user, remounts, modules, all.all(), seccompReason, appArmorReason, mounts, notes);
  }

  /** Returns the securityContext of the container, as lines of YAML with comments. */
  public String securityContext() {
    return YamlText.of(
        Yaml.map().put("securityContext", new ContainerObject(this).securityContext()));
  }

  /** Returns whether the agent reaches Kubernetes' API, and so needs its account's token. */
  boolean usesApi() {
    return !wishes.features().isEmpty();
  }
}
