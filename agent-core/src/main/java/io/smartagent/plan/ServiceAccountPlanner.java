package io.smartagent.plan;

import io.smartagent.config.Option;
import io.smartagent.config.Settings;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.probe.Ability;
import io.smartagent.probe.AbilityFact;
import io.smartagent.probe.Blocker;
import io.smartagent.probe.ClusterFacts;
import io.smartagent.probe.ContainerFacts;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides how the agent gets at its ServiceAccount's token inside the virtual root. Pure. What the
 * container has is outside of it: it is bound into it where anything may be mounted; else only a
 * projected volume at its final place helps.
 */
final class ServiceAccountPlanner {

  private final Settings settings;
  private final ContainerFacts container;
  private final Target target;
  private final Findings findings;

  ServiceAccountPlanner(
      Settings settings, ContainerFacts container, Target target, Findings findings) {
    this.settings = settings;
    this.container = container;
    this.target = target;
    this.findings = findings;
  }

  /** Returns what the container may do, without a token that cannot be shown to the agent. */
  ContainerFacts usable() {
    ClusterFacts cluster = container.cluster();
    boolean shown =
        cluster.onHost()
            || (!settings.root().noRemountRoot()
                && container.can(Ability.UNSHARE_MOUNTS)
                && container.can(Ability.MOUNT));
    if (!cluster.hasAccount() || shown) {
      return container;
    }
    return container.with(
        AbilityFact.blocked(
            Ability.SERVICE_ACCOUNT,
            Blocker.MOUNT,
            "The token at "
                + cluster.directory()
                + " cannot be shown inside the host's root, because nothing may be mounted."));
  }

  /** Returns how the token is shown inside the virtual root; empty where it is there already. */
  Optional<TokenMount> mount(VirtualRoot root) {
    return isBound(root)
        ? Optional.of(
            new TokenMount(
                container.cluster().directory(), place(root), !root.runtime().isInDataDirectory()))
        : Optional.empty();
  }

  private boolean isBound(VirtualRoot root) {
    ClusterFacts cluster = container.cluster();
    return target instanceof Target.BuiltInAgent
        && root.remount()
        && cluster.hasAccount()
        && !cluster.onHost();
  }

  private String place(VirtualRoot root) {
    return root.runtime().isInDataDirectory()
        ? settings.runtimeDirectory() + "/" + LaunchPlanner.ACCOUNT_NAME
        : VirtualRootPlanner.OWN_ACCOUNT;
  }

  /** Adds what keeps the agent's user from reading the token that it is shown. */
  void warnOfAClosedToken(VirtualRoot root, UserDecision user) {
    if (access(root) != null && !container.cluster().open() && user.user().uid() != 0) {
      findings.warning(
          "The ServiceAccount's token is closed to "
              + user.user().name()
              + ": kubelet lets only runAsUser read it where all containers of a pod have one."
              + " Remove runAsUser from the pod; the launch makes the agent "
              + user.user().name()
              + " all the same.");
    }
  }

  /** Adds that a setting has no effect, for what it needs is not there. */
  void warnOfAConfigMapThatIsNotWatched(VirtualRoot root) {
    String name = settings.valueOf(Option.CONFIG_MAP);
    if (!name.isEmpty() && target instanceof Target.BuiltInAgent && access(root) == null) {
      findings.warning(
          "SMARTAGENT_CONFIG_MAP is \""
              + name
              + "\", and the agent has no ServiceAccount's token to watch that ConfigMap with."
              + " Mount one, as the command manifest does, or mount the ConfigMap and leave the"
              + " variable out.");
    }
  }

  /** Returns how the agent will reach the API; null where it cannot. */
  @Nullable ClusterAccess access(VirtualRoot root) {
    ClusterFacts cluster = container.cluster();
    if (!(target instanceof Target.BuiltInAgent)
        || !cluster.hasAccount()
        || !(cluster.onHost() || root.remount())) {
      return null;
    }
    String namespace = settings.valueOf(Option.NAMESPACE);
    return new ClusterAccess(
        cluster.server(),
        cluster.onHost() ? cluster.directory() : place(root),
        namespace.isEmpty() ? cluster.namespace() : namespace,
        settings.node().name());
  }
}
