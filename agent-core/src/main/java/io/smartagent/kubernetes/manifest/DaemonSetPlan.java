package io.smartagent.kubernetes.manifest;

import static io.smartagent.confinement.SecurityContext.NONE;

import io.smartagent.confinement.SecurityContext;
import io.smartagent.confinement.SecurityContext.CapabilityChange;
import io.smartagent.confinement.SecurityContext.Profile;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that has been decided about a deployment.
 *
 * @param options that it was made from
 * @param user that the agent becomes
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
    ManifestOptions options,
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
    Map<Capability, List<String>> all = new EnumMap<>(Capability.class);
    capabilities.forEach((capability, reasons) -> all.put(capability, new ArrayList<>(reasons)));
    add(all, more, reason);
    return new DaemonSetPlan(
        options, user, remounts, modules, all, seccompReason, appArmorReason, mounts, notes);
  }

  /**
   * Returns the securityContext of the container as YAML, with comments on who needs what, each in
   * one line.
   */
  public String securityContext() {
    if (options.privileged()) {
      return new SecurityContext(null, true, null, NONE.capabilities(), null, null, true).yaml();
    }
    Map<String, String> comments = new HashMap<>();
    comments.put(
        "allowPrivilegeEscalation",
        "Ambient capabilities need no escalation: nothing that is executed can gain any.");
    comments.put(
        "seccompProfile",
        seccompReason.orElse(
            "It lets mounts through with SYS_ADMIN, and the kernel log with SYSLOG."));
    appArmorReason.ifPresent(reason -> comments.put("appArmorProfile", reason));
    capabilities.forEach(
        (capability, reasons) -> comments.put(capability.shortName(), String.join("; ", reasons)));
    // Nothing of runAsUser: the image's user is root, and where all containers of a pod name
    // theirs, kubelet closes the token to all other users (pkg/volume/projected/projected.go).
    SecurityContext context =
        new SecurityContext(
            null,
            false,
            false,
            new CapabilityChange(true, CapabilitySet.of(capabilities.keySet())),
            appArmorReason.isPresent() ? Profile.UNCONFINED : null,
            seccompReason.isPresent() ? Profile.UNCONFINED : Profile.RUNTIME_DEFAULT,
            true);
    return context.yaml(comments);
  }

  /** Adds a reason to each of {@code capabilities}. */
  static void add(
      Map<Capability, List<String>> reasons, CapabilitySet capabilities, String reason) {
    for (Capability capability : Capability.values()) {
      if (capabilities.contains(capability)) {
        reasons.computeIfAbsent(capability, each -> new ArrayList<>()).add(reason);
      }
    }
  }

  /** Returns whether the agent reaches Kubernetes' API, and so needs its account's token. */
  boolean usesApi() {
    return !options.features().isEmpty();
  }
}
