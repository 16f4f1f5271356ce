package io.smartagent.kubernetes.deploy;

import io.smartagent.config.Mode;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kubernetes.ClusterFeature;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.needs.LaunchNeed;
import io.smartagent.needs.Source;
import io.smartagent.probe.Ability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides what a container needs so that the launch and the modules work in it, and nothing more.
 * Pure.
 */
public final class DaemonSetPlanner {

  /** Is on every host, and owns nothing there. */
  private static final String NOBODY = "nobody";

  private final Wishes wishes;
  private final List<? extends ModuleDescriptor> catalog;
  private final CapabilitySet available;
  private final boolean remounts;
  private final List<String> notes = new ArrayList<>();

  private DaemonSetPlanner(Wishes wishes, List<? extends ModuleDescriptor> catalog) {
    this.wishes = wishes;
    this.catalog = catalog;
    this.available = CapabilitySet.of(List.of(Capability.values())).minus(wishes.without());
    this.remounts = wishes.sealsItself(available);
  }

  /**
   * Returns the plan of a deployment.
   *
   * @param catalog the modules that are built
   */
  public static DaemonSetPlan plan(Wishes wishes, List<? extends ModuleDescriptor> catalog) {
    return new DaemonSetPlanner(wishes, catalog).plan();
  }

  private DaemonSetPlan plan() {
    AgentUser user = user();
    List<PlannedModule> modules = modules();
    noteModules(modules);
    return new DaemonSetPlan(
        wishes,
        user,
        remounts,
        modules,
        wishes.privileged() ? Map.of() : capabilities(user, modules).all(),
        seccompReason(),
        appArmorReason(modules),
        new MountPlanner(wishes, user, hostModules()).plan(),
        notes);
  }

  private AgentUser user() {
    if (!wishes.nonRootMode()) {
      wishes
          .user()
          .ifPresent(user -> notes.add("User \"" + user + "\" was named, but root was asked for."));
      return new AgentUser(Optional.empty(), true, false, "Root was asked for.");
    }
    CapabilitySet missing = LaunchNeed.BECOME_USER.capabilities().intersect(wishes.without());
    if (!missing.isEmpty()) {
      String reason =
          "Without " + String.join(" and ", missing.shortNames()) + " the agent can only be root.";
      wishes.user().ifPresent(user -> notes.add("User \"" + user + "\" was named, but: " + reason));
      return new AgentUser(Optional.empty(), true, false, reason);
    }
    if (wishes.user().isPresent()) {
      return new AgentUser(
          wishes.user().map(Object::toString), false, false, "Must be a user of every host.");
    }
    Optional<String> obstacle = obstacleToMaking();
    return obstacle
        .map(reason -> new AgentUser(Optional.of(NOBODY), false, false, reason))
        .orElseGet(() ->
            new AgentUser(
                Optional.empty(),
                false,
                true,
                "The agent becomes \"smartagent\", who is made on hosts that have no such user."));
  }

  private Optional<String> obstacleToMaking() {
    if (wishes.mode() == Mode.MINIMAL) {
      return Optional.of("Mode minimal makes no user, so one that every host has is named.");
    }
    if (!remounts) {
      return Optional.of(
          "A user could only be made in an /etc that stays writable, so one that every host has is"
              + " named.");
    }
    if (!available.containsAll(LaunchNeed.MAKE_USER.capabilities())) {
      return Optional.of(
          "Without DAC_OVERRIDE no user can be made, so one that every host has is named.");
    }
    return Optional.empty();
  }

  private List<? extends ModuleDescriptor> included() {
    return catalog.stream().filter(module -> wishes.modules().includes(module.id())).toList();
  }

  /** Returns the modules that open anything of the host. */
  private List<String> hostModules() {
    return included().stream()
        .filter(module -> module.needs().reachHost())
        .<String>map(ModuleDescriptor::id)
        .toList();
  }

  private List<PlannedModule> modules() {
    return included().stream()
        .map(module ->
            new PlannedModule(
                module.id(),
                module.needs().sources().stream()
                    .filter(source -> isAllowed(module, source) && isMet(source))
                    .findFirst()))
        .toList();
  }

  /** The planner of the launch does the same: SYS_ADMIN is kept only for a module that is named. */
  private boolean isAllowed(ModuleDescriptor module, Source source) {
    return wishes.modules().isNamed(module.id())
        || !source.capabilities().contains(Capability.CAP_SYS_ADMIN);
  }

  /** Only privileged containers may open any device: that of the kernel log is not the default. */
  private boolean isMet(Source source) {
    boolean devices = wishes.privileged() || !source.abilities().contains(Ability.KMSG);
    boolean account =
        wishes.features().contains(ClusterFeature.ATTRIBUTES)
            || !source.abilities().contains(Ability.SERVICE_ACCOUNT);
    return devices && account && available.containsAll(source.capabilities());
  }

  private void noteModules(List<PlannedModule> modules) {
    for (PlannedModule module : modules) {
      boolean complete = module.source().isPresent() && module.source().get().limitation() == null;
      if (!complete && wishes.modules().isNamed(module.id())) {
        notes.add("Module " + module.description() + ".");
      }
    }
  }

  private CapabilityReasons capabilities(AgentUser user, List<PlannedModule> modules) {
    CapabilityReasons reasons = new CapabilityReasons();
    if (remounts) {
      add(reasons, LaunchNeed.SEAL);
    }
    add(reasons, LaunchNeed.ENTER);
    if (!user.root()) {
      add(reasons, LaunchNeed.BECOME_USER);
    }
    if (user.made()) {
      add(reasons, LaunchNeed.MAKE_USER);
    }
    if (wishes.installer().isPresent()) {
      add(reasons, LaunchNeed.INSTALL);
    }
    for (PlannedModule module : modules) {
      reasons.add(module.capabilities(), module.id());
    }
    return reasons;
  }

  private void add(CapabilityReasons reasons, LaunchNeed need) {
    reasons.add(need.capabilities().minus(wishes.without()), need.purpose());
  }

  /** The profiles of Docker and containerd deny pivot_root, whatever the capabilities are. */
  private Optional<String> seccompReason() {
    return wishes.without().containsAll(LaunchNeed.ENTER.capabilities())
        ? Optional.of(
            "Without SYS_CHROOT only pivot_root enters the host's root, and RuntimeDefault denies"
                + " it.")
        : Optional.empty();
  }

  /** The template of the container engines' profiles: containers/common pkg/apparmor. */
  private Optional<String> appArmorReason(List<PlannedModule> modules) {
    List<String> readers =
        modules.stream()
            .filter(module ->
                module.source().stream()
                    .anyMatch(source -> source.abilities().contains(Ability.PTRACE_READ)))
            .map(PlannedModule::id)
            .toList();
    List<String> reasons = new ArrayList<>();
    if (remounts) {
      reasons.add("every mount, also those of the launch");
    }
    if (!readers.isEmpty()) {
      reasons.add("to read other processes' links, as " + String.join(", ", readers) + " must");
    }
    return reasons.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "The runtime's default profile denies "
                + String.join("; and ", reasons)
                + ". Kubernetes before 1.30 takes the annotation"
                + " container.apparmor.security.beta.kubernetes.io/CONTAINER: unconfined of the pod"
                + " instead.");
  }
}
