package io.smartagent.plan;

import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_CHROOT;

import io.smartagent.config.Mode;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.config.Settings;
import io.smartagent.host.HostFacts;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.probe.Ability;
import io.smartagent.probe.AbilityFact;
import io.smartagent.probe.ContainerFacts;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Decides what the agent sees of the host, and how it gets there. Pure. */
final class VirtualRootPlanner {

  /**
   * In the launcher's own /tmp: its sticky bit lets no other user rename what is root's, and no
   * process of the host sees it.
   */
  private static final String OWN_HOME = "/tmp/.smartagent";

  /** Beside it, for the same reasons. */
  static final String OWN_ACCOUNT = "/tmp/.serviceaccount";

  private final Settings settings;
  private final ContainerFacts container;
  private final HostFacts host;
  private final Target target;
  private final Findings findings;
  private final MinimalRootPlanner minimal;

  VirtualRootPlanner(
      Settings settings,
      ContainerFacts container,
      HostFacts host,
      Target target,
      Findings findings) {
    this.settings = settings;
    this.container = container;
    this.host = host;
    this.target = target;
    this.findings = findings;
    this.minimal = new MinimalRootPlanner(settings, host, target, findings);
  }

  VirtualRoot decide() {
    Mode mode = mode();
    checkMode(mode);
    boolean remount = remount();
    RootEntry entry = entry(remount);
    checkNotHidden(mode);
    Optional<TreeSeal> seal =
        remount && mode != Mode.FULL ? Optional.of(seal(mode)) : Optional.empty();
    return new VirtualRoot(mode, remount, entry, tree(mode, remount), seal, runtime(remount, seal));
  }

  ModeDecision decideMode() {
    return new ModeDecision(mode(), modeReason());
  }

  private Mode mode() {
    return switch (settings.root().mode()) {
      case AUTO -> host.root().readOnly() ? Mode.READ_ONLY : Mode.FULL;
      case FULL -> Mode.FULL;
      case READ_ONLY -> Mode.READ_ONLY;
      case MINIMAL -> Mode.MINIMAL;
    };
  }

  private String modeReason() {
    return switch (settings.root().mode()) {
      case AUTO ->
          host.root().readOnly()
              ? "/mnt/root is mounted read-only."
              : "/mnt/root is mounted writable; mount it readOnly for mode read-only.";
      case FULL, READ_ONLY -> "Set by " + settings.sourceOf(Option.MODE) + ".";
      case MINIMAL ->
          settings.sourceOf(Option.MODE).equals("default")
              ? "SMARTAGENT_ENABLE_MINIMAL_MOUNT is true."
              : "Set by " + settings.sourceOf(Option.MODE) + ".";
    };
  }

  private void checkMode(Mode mode) {
    if (mode == Mode.MINIMAL) {
      minimal.check();
    }
    if (mode == Mode.FULL && host.root().readOnly()) {
      findings.problem(
          Problem.configuration(
              "Mode full is asked for, but /mnt/root is mounted read-only.",
              "Use mode read-only, or mount the host's root with readOnly: false."));
    }
    if (mode == Mode.READ_ONLY && settings.root().noRemountRoot() && !host.root().readOnly()) {
      findings.problem(
          Problem.configuration(
              "Mode read-only is asked for, but /mnt/root is mounted writable and"
                  + " SMARTAGENT_NO_REMOUNT_ROOT is true.",
              "Mount the host's root with readOnly: true, or let the launcher seal it without that"
                  + " variable."));
    }
  }

  /** Returns whether the launch mounts anything. */
  private boolean remount() {
    if (settings.root().noRemountRoot()) {
      findings.warning(
          "SMARTAGENT_NO_REMOUNT_ROOT is true, so the host's mounts stay as the YAML made them.");
      return false;
    }
    for (Ability ability : List.of(Ability.UNSHARE_MOUNTS, Ability.MOUNT)) {
      AbilityFact fact = container.fact(ability);
      if (!fact.available()) {
        findings.problem(
            Problem.notPermitted(
                "The host's mounts cannot be sealed: " + fact.detail(), remountRemedy(fact)));
        return false;
      }
    }
    return true;
  }

  private static String remountRemedy(AbilityFact fact) {
    return Remedies.changeSpec(fact, CAP_SYS_ADMIN)
        + "\nTo keep the mounts of the YAML instead:\n"
        + Remedies.setVariable(Option.NO_REMOUNT_ROOT.variable(), "true");
  }

  private RootEntry entry(boolean remount) {
    if (remount && container.can(Ability.PIVOT_ROOT)) {
      return RootEntry.PIVOT_ROOT;
    }
    if (container.can(Ability.CHROOT)) {
      return remount ? RootEntry.MOVE_AND_CHROOT : RootEntry.CHROOT;
    }
    AbilityFact chroot = container.fact(Ability.CHROOT);
    findings.problem(
        Problem.notPermitted(
            "The host's root cannot be entered: "
                + chroot.detail()
                + " Nor can pivot_root be used: "
                + (remount
                    ? container.fact(Ability.PIVOT_ROOT).detail()
                    : "it needs a separate mount namespace, so CAP_SYS_ADMIN."),
            Remedies.changeSpec(chroot, CAP_SYS_CHROOT)));
    return RootEntry.CHROOT;
  }

  private void checkNotHidden(Mode mode) {
    for (HostFacts.PrunedEntry entry : host.entries().pruned()) {
      for (String directory : List.of(settings.root().installPath(), settings.runtimeDirectory())) {
        if (mode != Mode.FULL && MountTable.isAtOrBelow(directory, entry.path())) {
          findings.problem(
              Problem.configuration(
                  "Directory \""
                      + directory
                      + "\" is below \""
                      + entry.path()
                      + "\", which is hidden from the agent.",
                  "Name another with SMARTAGENT_INSTALL_PATH or SMARTAGENT_RUNTIME_PATH."));
        }
      }
    }
  }

  void warnOfWhatStaysOpen(VirtualRoot root) {
    if (root.mode() == Mode.FULL) {
      findings.warning(
          "Mode full leaves the host's root writable. Mount /mnt/root with readOnly: true to have"
              + " it sealed.");
    } else if (root.mode() == Mode.MINIMAL && !root.sealed()) {
      minimal.warnOfWhatIsSeen();
    }
    if (host.program().isEmpty() && !host.entries().hasProc()) {
      findings.warning(
          "The host's root has no procfs at /proc"
              + (root.remount() && showsContainersProc()
                  ? ", so the container's own is shown there."
                  : "."));
    }
  }

  private boolean showsContainersProc() {
    return !host.entries().hasProc() && host.entries().hasProcDirectory();
  }

  private RootTree tree(Mode mode, boolean remount) {
    boolean isMinimal = mode == Mode.MINIMAL;
    return new RootTree(
        remount && isMinimal ? minimal.shown() : List.of(),
        remount && !isMinimal && !host.root().isMountPoint(),
        remount && showsContainersProc());
  }

  private TreeSeal seal(Mode mode) {
    boolean tmpfs = mountsTmp(mode);
    return new TreeSeal(
        new TreeSet<>(List.of(settings.root().installPath(), settings.runtimeDirectory())),
        container.can(Ability.MOUNT_SETATTR) && container.can(Ability.OPEN_TREE),
        mode == Mode.MINIMAL ? List.of() : host.entries().pruned(),
        tmpfs,
        tmpfs && host.layout().apmMounted());
  }

  /** The agent's own directories must not be covered. */
  private boolean mountsTmp(Mode mode) {
    return (host.entries().hasTmp() || mode == Mode.MINIMAL)
        && !MountTable.isAtOrBelow(settings.root().installPath(), TreeSeal.TMP)
        && !MountTable.isAtOrBelow(settings.runtimeDirectory(), TreeSeal.TMP);
  }

  /**
   * The data directory belongs to the agent's user, who could put another program there between the
   * mount and the execve: only his own namespace keeps him from renaming a mount point. A launch
   * that mounts no tmpfs has no other place.
   */
  private RuntimeHome runtime(boolean remount, Optional<TreeSeal> seal) {
    if (!remount) {
      return installedRuntime();
    }
    return seal.isPresent() && seal.get().tmpfs()
        ? new RuntimeHome(OWN_HOME, RuntimeHome.Source.BOUND_IN_TMPFS)
        : new RuntimeHome(
            settings.runtimeDirectory() + "/" + LaunchPlanner.RUNTIME_NAME,
            RuntimeHome.Source.BOUND_IN_DATA_DIRECTORY);
  }

  /** Each image has its own directory, so that none changes under a running agent. */
  private RuntimeHome installedRuntime() {
    String home = settings.root().installPath() + "/smartagent/" + LaunchPlanner.RUNTIME_NAME;
    if (!(target instanceof Target.BuiltInAgent agent)) {
      return new RuntimeHome(home, RuntimeHome.Source.NOT_NEEDED);
    }
    return new RuntimeHome(
        agent.runtimeId().isEmpty() ? home : home + "/" + agent.runtimeId(),
        RuntimeHome.Source.INSTALLED);
  }
}
