package io.smartagent.kubernetes.manifest;

import io.smartagent.config.Mode;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.needs.LaunchNeed;
import io.smartagent.probe.Ability;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides what a container needs so that the launch and the modules work in it, and nothing more.
 * Pure: evaluates {@link DeploymentRules}.
 */
public final class DaemonSetPlanner {

  /** Is on every host, and owns nothing there. */
  private static final String NOBODY = "nobody";

  private final ManifestOptions options;
  private final List<? extends ModuleDescriptor> included;
  private final DeploymentRules rules;
  private final Facts facts;
  private final List<String> notes = new ArrayList<>();

  private DaemonSetPlanner(ManifestOptions options, List<? extends ModuleDescriptor> catalog) {
    this.options = options;
    this.included =
        catalog.stream().filter(module -> options.modules().includes(module.id())).toList();
    this.rules = DeploymentRules.of(catalog);
    this.facts = Facts.of(options, catalog, rules);
  }

  /**
   * Returns the plan of a deployment.
   *
   * @param catalog the modules that are built
   */
  public static DaemonSetPlan plan(
      ManifestOptions options, List<? extends ModuleDescriptor> catalog) {
    return new DaemonSetPlanner(options, catalog).plan();
  }

  private DaemonSetPlan plan() {
    AgentUser user = user();
    List<PlannedModule> modules = modules();
    noteModules(modules);
    return new DaemonSetPlan(
        options,
        user,
        facts.hold(DeploymentRules.REMOUNTS),
        modules,
        options.privileged() ? Map.of() : capabilities(),
        seccompReason(),
        appArmorReason(modules),
        mounts(),
        notes);
  }

  private AgentUser user() {
    boolean root = facts.hold(DeploymentRules.ROOT);
    boolean made = facts.hold(DeploymentRules.MAKES_USER);
    Optional<String> user = options.user().map(Object::toString);
    String reason =
        root ? whyRoot() : user.isPresent() ? "Must be a user of every host." : whyMade(made);
    if (root && user.isPresent()) {
      notes.add(
          "User \""
              + user.get()
              + "\" was named, but"
              + (options.nonRootMode() ? ": " + reason : " root was asked for."));
    }
    Optional<String> named = root || made ? Optional.empty() : user.or(() -> Optional.of(NOBODY));
    return new AgentUser(named, root, made, reason);
  }

  private String whyRoot() {
    CapabilitySet missing = LaunchNeed.BECOME_USER.capabilities().intersect(options.without());
    return options.nonRootMode()
        ? "Without " + String.join(" and ", missing.shortNames()) + " the agent can only be root."
        : "Root was asked for.";
  }

  private String whyMade(boolean made) {
    if (made) {
      return "The agent becomes \"smartagent\", who is made on hosts that have no such user.";
    }
    if (options.mode() == Mode.MINIMAL) {
      return "Mode minimal makes no user, so one that every host has is named.";
    }
    return facts.hold(DeploymentRules.REMOUNTS)
        ? "Without DAC_OVERRIDE no user can be made, so one that every host has is named."
        : "A user could only be made in an /etc that stays writable, so one that every host has is"
            + " named.";
  }

  private List<PlannedModule> modules() {
    return included.stream()
        .map(module ->
            new PlannedModule(
                module.id(),
                module.needs().sources().stream()
                    .filter(
                        source -> facts.hold(DeploymentRules.runsFrom(module.id(), source.name())))
                    .findFirst()))
        .toList();
  }

  private void noteModules(List<PlannedModule> modules) {
    for (PlannedModule module : modules) {
      boolean complete = module.source().isPresent() && module.source().get().limitation() == null;
      if (!complete && options.modules().isNamed(module.id())) {
        notes.add("Module " + module.description() + ".");
      }
    }
  }

  private Map<Capability, List<String>> capabilities() {
    Map<Capability, List<String>> reasons = new EnumMap<>(Capability.class);
    for (DeploymentRules.Need need : rules.needs()) {
      if (facts.hold(need.when())) {
        DaemonSetPlan.add(reasons, need.capabilities().minus(options.without()), need.reason());
      }
    }
    return reasons;
  }

  private Optional<String> seccompReason() {
    return facts.hold(DeploymentRules.SECCOMP_UNCONFINED)
        ? Optional.of(
            "Without SYS_CHROOT only pivot_root enters the host's root, and RuntimeDefault denies"
                + " it.")
        : Optional.empty();
  }

  private Optional<String> appArmorReason(List<PlannedModule> modules) {
    if (!facts.hold(DeploymentRules.APPARMOR_UNCONFINED)) {
      return Optional.empty();
    }
    List<String> readers =
        modules.stream()
            .filter(module ->
                module.source().stream()
                    .anyMatch(source -> source.abilities().contains(Ability.PTRACE_READ)))
            .map(PlannedModule::id)
            .toList();
    List<String> reasons = new ArrayList<>();
    if (facts.hold(DeploymentRules.REMOUNTS)) {
      reasons.add("every mount, also those of the launch");
    }
    if (!readers.isEmpty()) {
      reasons.add("to read other processes' links, as " + String.join(", ", readers) + " must");
    }
    return Optional.of(
        "The runtime's default profile denies "
            + String.join("; and ", reasons)
            + ". Kubernetes before 1.30 takes the annotation"
            + " container.apparmor.security.beta.kubernetes.io/CONTAINER: unconfined of the pod"
            + " instead.");
  }

  /** Returns the mounts by path: those above others first. */
  private List<HostMount> mounts() {
    Map<String, HostMount> mounts = new TreeMap<>();
    for (DeploymentRules.MountRule rule : rules.mounts()) {
      if (facts.hold(rule.when())) {
        HostMount mount =
            rule.mount()
                .at(
                    rule.mount()
                        .path()
                        .replace(DeploymentRules.RUNTIME_DIRECTORY, options.runtimeDirectory())
                        .replace(DeploymentRules.INSTALL_PATH, options.installPath()),
                    rule.mount().reason().replace(DeploymentRules.READERS, readers()));
        mounts.putIfAbsent(mount.path(), mount);
      }
    }
    if (options.mode() == Mode.MINIMAL) {
      addContainerRoots(mounts);
    }
    return List.copyOf(mounts.values());
  }

  private void addContainerRoots(Map<String, HostMount> mounts) {
    int number = 0;
    for (Map.Entry<String, List<String>> runtime :
        new TreeMap<>(options.containerRoots()).entrySet()) {
      for (String path : runtime.getValue()) {
        number++;
        if (mounts.keySet().stream().noneMatch(above -> (path + "/").startsWith(above + "/"))) {
          String reason = readers() + ": state of " + runtime.getKey() + ".";
          mounts.put(path, new HostMount("container-root-" + number, path, true, false, reason));
        }
      }
    }
  }

  /** Returns who reads what modules read; without any it is an agent that was installed. */
  private String readers() {
    String modules =
        String.join(
            ", ",
            included.stream()
                .filter(module -> module.needs().reachHost())
                .map(ModuleDescriptor::id)
                .toList());
    return modules.isEmpty() ? "installed agent" : modules;
  }
}
