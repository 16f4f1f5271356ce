package io.smartagent.plan;

import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_CHROOT;

import io.smartagent.config.Mode;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.config.Settings;
import io.smartagent.host.HostFacts;
import io.smartagent.host.LayoutReader;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.probe.Ability;
import io.smartagent.probe.AbilityFact;
import io.smartagent.probe.ContainerFacts;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Decides what the agent sees of the host, and how it gets there. Pure. */
final class VirtualRootPlanner {

  /**
   * In the launcher's own /tmp: its sticky bit lets nobody rename what is root's, and no process of
   * the host sees it.
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
    boolean sealed = remount && mode != Mode.FULL;
    boolean homeIsData = remount && !(sealed && mountsTmp(mode));
    return new VirtualRoot(
        mode,
        modeReason(),
        remount,
        entry,
        sealed,
        sealed ? verifiedWritable(mode) : Set.of(),
        homeIsData ? dataHome() : remount ? OWN_HOME : installedHome(),
        homeIsData);
  }

  Mode mode() {
    return switch (settings.mode()) {
      case AUTO -> host.readOnly() ? Mode.READ_ONLY : Mode.FULL;
      case FULL -> Mode.FULL;
      case READ_ONLY -> Mode.READ_ONLY;
      case MINIMAL -> Mode.MINIMAL;
    };
  }

  String modeReason() {
    return switch (settings.mode()) {
      case AUTO ->
          host.readOnly()
              ? "/mnt/root is mounted read-only."
              : "/mnt/root is mounted writable; mount it readOnly for mode read-only.";
      case FULL, READ_ONLY -> settings.sourceOf(Option.MODE) + " says so.";
      case MINIMAL ->
          settings.sourceOf(Option.MODE).equals("default")
              ? "SMARTAGENT_ENABLE_MINIMAL_MOUNT is true."
              : settings.sourceOf(Option.MODE) + " says so.";
    };
  }

  private void checkMode(Mode mode) {
    if (mode == Mode.MINIMAL) {
      minimal.check();
    }
    if (mode == Mode.FULL && host.readOnly()) {
      findings.problem(
          Problem.configuration(
              "Mode full is asked for, but /mnt/root is mounted read-only.",
              "Use mode read-only, or mount the host's root with readOnly: false."));
    }
    if (mode == Mode.READ_ONLY && settings.noRemountRoot() && !host.readOnly()) {
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
    if (settings.noRemountRoot()) {
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
                    : "it needs a mount namespace of its own, so CAP_SYS_ADMIN."),
            Remedies.changeSpec(chroot, CAP_SYS_CHROOT)));
    return RootEntry.CHROOT;
  }

  private static String whyEntry(RootEntry entry) {
    return switch (entry) {
      case PIVOT_ROOT -> "pivot_root leaves no way back.";
      case MOVE_AND_CHROOT ->
          "pivot_root is blocked, so the host's root is moved over the container's.";
      case CHROOT -> "nothing may be mounted, so a chroot has to do.";
    };
  }

  private void checkNotHidden(Mode mode) {
    for (HostFacts.PrunedEntry entry : host.pruned()) {
      for (String directory : List.of(settings.installPath(), settings.runtimeDirectory())) {
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
          "Mode full leaves the host's root writable. Mount /mnt/root with readOnly: true to have it"
              + " sealed.");
    } else if (!root.sealed()) {
      if (root.mode() == Mode.MINIMAL) {
        minimal.warnOfWhatIsSeen();
      }
    }
    if (host.program().isEmpty() && !host.hasProc()) {
      findings.warning(
          "The host's root has no procfs at /proc"
              + (root.remount() && remountsProc()
                  ? ", so the container's own is shown there."
                  : "."));
    }
  }

  private boolean remountsProc() {
    return !host.hasProc() && host.hasProcDirectory();
  }

  private Set<String> writable() {
    return new TreeSet<>(List.of(settings.installPath(), settings.runtimeDirectory()));
  }

  void addSteps(List<Step> steps, VirtualRoot root, UserDecision user) {
    if (!root.remount()) {
      if (target instanceof Target.BuiltInAgent) {
        steps.add(
            new HostStep.InstallRuntime(
                LaunchPlanner.IMAGE_HOME,
                root.home(),
                "Nothing may be mounted, so the host's own copy of the runtime is used."));
      }
      return;
    }
    steps.add(new MountStep.UnshareMounts("What is mounted from here on is seen by nobody else."));
    steps.add(
        new MountStep.MakePrivate(
            "A mount that the host makes later would otherwise arrive here writable."));
    if (root.mode() == Mode.MINIMAL) {
      steps.add(minimal.build());
    } else if (!host.isMountPoint()) {
      steps.add(new MountStep.BindTree("Only a mount can become the root."));
    }
    if (remountsProc()) {
      steps.add(
          new MountStep.BindProc("The agent reads processes there, and the host's root has none."));
    }
    if (root.sealed()) {
      addSeal(steps, root.mode(), user);
    }
    steps.add(
        new MountStep.BindRuntime(
            LaunchPlanner.IMAGE_HOME,
            root.home(),
            !root.homeIsData(),
            "The agent brings its own JVM and libc: the host need not have any."));
  }

  /** Adds the check of the seal, where nothing has to be changed any more. */
  void addVerification(List<Step> steps, VirtualRoot root, UserDecision user) {
    if (root.sealed() && user.account().isEmpty()) {
      addVerification(steps, root);
    }
  }

  private static void addVerification(List<Step> steps, VirtualRoot root) {
    steps.add(
        new MountStep.VerifySeal(root.writable(), "A seal that was not verified does not count."));
  }

  private boolean sealsRecursively() {
    return container.can(Ability.MOUNT_SETATTR) && container.can(Ability.OPEN_TREE);
  }

  private void addSeal(List<Step> steps, Mode mode, UserDecision user) {
    boolean recursively = sealsRecursively();
    Set<String> writable = writable();
    if (user.account().isPresent()) {
      writable.add(AccountPlanner.ETC);
    }
    steps.add(
        new MountStep.SealTree(
            writable,
            recursively,
            recursively
                ? "Nothing of the host can be changed but the agent's own directories."
                : "The same, mount by mount: mount_setattr or open_tree is not to be had."));
    if (mode != Mode.MINIMAL) {
      for (HostFacts.PrunedEntry entry : host.pruned()) {
        steps.add(
            new MountStep.HideEntry(
                entry.path(), entry.directory(), "No agent has any business there."));
      }
    }
    if (mountsTmp(mode)) {
      steps.add(
          new MountStep.MountTmpfs(
              "/tmp", "Programs expect to write there; the host's is sealed."));
      if (host.layout().apmMounted()) {
        steps.add(
            new MountStep.ShareDirectory(
                LayoutReader.APM_DIRECTORY,
                "The container has it mounted for what is injected into applications."));
      }
    }
  }

  /** Adds the step after which the host's root is the root. */
  void addEntry(List<Step> steps, VirtualRoot root) {
    steps.add(
        new MountStep.EnterRoot(
            root.entry(),
            "The agent shall see the host, not the container: " + whyEntry(root.entry())));
  }

  /** Adds the seal of what had to stay writable until the agent's user was made. */
  void addLateSeal(List<Step> steps, VirtualRoot root, UserDecision user) {
    if (root.sealed() && user.account().isPresent()) {
      steps.add(
          new MountStep.SealDirectory(
              AccountPlanner.ETC, sealsRecursively(), "The agent's user is there now."));
      addVerification(steps, root);
    }
  }

  /** The agent's own directories must not be covered. */
  private boolean mountsTmp(Mode mode) {
    return (host.hasTmp() || mode == Mode.MINIMAL)
        && !MountTable.isAtOrBelow(settings.installPath(), "/tmp")
        && !MountTable.isAtOrBelow(settings.runtimeDirectory(), "/tmp");
  }

  private Set<String> verifiedWritable(Mode mode) {
    Set<String> writable = new TreeSet<>(writable());
    if (mountsTmp(mode)) {
      writable.add("/tmp");
    }
    return writable;
  }

  /**
   * The data directory belongs to the agent's user, who could put another program there between the
   * mount and the execve: only his own namespace keeps him from renaming a mount point. A launch
   * that mounts no tmpfs has no other place.
   */
  private String dataHome() {
    return settings.runtimeDirectory() + "/" + LaunchPlanner.RUNTIME_NAME;
  }

  /** Each image's has a directory of its own, so that none changes under an agent that runs. */
  private String installedHome() {
    String home = settings.installPath() + "/smartagent/" + LaunchPlanner.RUNTIME_NAME;
    return target instanceof Target.BuiltInAgent agent && !agent.runtimeId().isEmpty()
        ? home + "/" + agent.runtimeId()
        : home;
  }
}
