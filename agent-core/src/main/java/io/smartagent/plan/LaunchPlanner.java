package io.smartagent.plan;

import static io.smartagent.kernel.capability.Capability.CAP_CHOWN;
import static io.smartagent.kernel.capability.Capability.CAP_DAC_OVERRIDE;
import static io.smartagent.kernel.capability.Capability.CAP_SETGID;
import static io.smartagent.kernel.capability.Capability.CAP_SETPCAP;
import static io.smartagent.kernel.capability.Capability.CAP_SETUID;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_CHROOT;

import io.smartagent.config.Mode;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.config.Settings;
import io.smartagent.host.DirectoryFacts;
import io.smartagent.host.HostFacts;
import io.smartagent.host.HostUser;
import io.smartagent.host.HostUsers.BrokenLine;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleState;
import io.smartagent.plan.Step.Entry;
import io.smartagent.probe.Ability;
import io.smartagent.probe.AbilityFact;
import io.smartagent.probe.ContainerFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides everything about a launch. Pure: from settings and facts to a plan; it reads no file,
 * makes no system call and knows no clock. Used once.
 */
public final class LaunchPlanner {

  /** Where the image keeps its runtime. */
  public static final String IMAGE_HOME = "/smartagent";

  /** The directory in the data directory that the runtime is bound to. */
  public static final String RUNTIME_NAME = "runtime";

  private static final String HOME = "@HOME@";
  private static final int UMASK = 022;
  private static final int BROKEN_LINES_TO_NAME = 3;

  private final Settings settings;
  private final ContainerFacts container;
  private final HostFacts host;
  private final List<ModuleDescriptor> catalog;
  private final Target target;
  private final List<Problem> problems;
  private final List<String> warnings;
  private final UserPlanner userPlanner;

  private LaunchPlanner(
      Settings settings,
      List<Problem> settingProblems,
      ContainerFacts container,
      HostFacts host,
      List<ModuleDescriptor> catalog,
      Target target) {
    this.settings = settings;
    this.container = container;
    this.host = host;
    this.catalog = List.copyOf(catalog);
    this.target = target;
    this.problems = new ArrayList<>(settingProblems);
    this.warnings = new ArrayList<>(settings.warnings());
    this.userPlanner = new UserPlanner(settings, container, host, problems, warnings);
  }

  /**
   * Returns the plan of a launch.
   *
   * @param settings that the user made
   * @param settingProblems what is wrong with them
   * @param container what it may do
   * @param host what its root is like
   * @param catalog the modules that are built
   * @param target what the launcher becomes
   */
  public static LaunchPlan plan(
      Settings settings,
      List<Problem> settingProblems,
      ContainerFacts container,
      HostFacts host,
      List<ModuleDescriptor> catalog,
      Target target) {
    return new LaunchPlanner(settings, settingProblems, container, host, catalog, target).plan();
  }

  private LaunchPlan plan() {
    Mode mode = mode();
    List<ModulePlan> modules = modules();
    if (host.state() != HostFacts.State.ROOT) {
      problems.add(noHostRoot());
      UserDecision nobody = new UserDecision(HostUser.ROOT, "Nothing starts.");
      return refused(mode, nobody, modules);
    }
    checkMode(mode);
    checkAccounts();
    boolean remount = remount();
    Entry entry = entry(remount);
    checkNotHidden(mode);
    checkInstallDirectory();
    checkRuntimeDirectory(mode, remount);
    checkRequired(modules);
    checkProgram();
    UserDecision user = userPlanner.decide();
    userPlanner.requireWritableRuntime(user.user());
    CapabilitySet kept = kept(modules);
    CapabilityDecision capabilities = capabilities(kept, remount, entry, user);
    if (!problems.isEmpty()) {
      return refused(mode, user, modules);
    }
    boolean sealed = remount && mode == Mode.READ_ONLY;
    warnOfWhatStaysOpen(mode, remount, sealed);
    List<Step> steps = new ArrayList<>();
    addDataDirectory(steps, remount, user);
    addMounts(steps, remount, sealed);
    steps.add(
        new Step.EnterRoot(
            entry, "The agent shall see the host, not the container: " + whyEntry(entry)));
    addHygiene(steps);
    addIdentity(steps, user, capabilities);
    steps.add(execute());
    return new LaunchPlan(
        mode,
        modeReason(),
        user,
        sealed,
        sealed ? verifiedWritable() : Set.of(),
        steps,
        modules,
        capabilities,
        List.of(),
        warnings,
        settings);
  }

  private LaunchPlan refused(Mode mode, UserDecision user, List<ModulePlan> modules) {
    return new LaunchPlan(
        mode,
        modeReason(),
        user,
        false,
        Set.of(),
        List.of(),
        modules,
        CapabilityDecision.NONE,
        problems,
        warnings,
        settings);
  }

  private Problem noHostRoot() {
    String place = "\"" + host.mountPoint() + "\"";
    String fault =
        switch (host.state()) {
          case ABSENT -> "There is no " + place + ".";
          case NOT_A_DIRECTORY -> place + " is not a directory.";
          case NOT_A_ROOT -> place + " is not the root of a host: " + host.detail() + ".";
          case UNREADABLE, ROOT -> place + " cannot be read: " + host.detail() + ".";
        };
    return Problem.configuration(
        fault,
        "Mount the host's root there:\nvolumes:\n- name: host-root\n  hostPath: {path: /}\n"
            + "volumeMounts:\n- name: host-root\n  mountPath: /mnt/root\n  readOnly: true");
  }

  private Mode mode() {
    return switch (settings.mode()) {
      case AUTO -> host.readOnly() ? Mode.READ_ONLY : Mode.FULL;
      case FULL -> Mode.FULL;
      case READ_ONLY -> Mode.READ_ONLY;
      case MINIMAL -> Mode.MINIMAL;
    };
  }

  private String modeReason() {
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
      problems.add(
          Problem.configuration(
              "Mode minimal is asked for, which this version does not have.",
              "Set SMARTAGENT_ENABLE_MINIMAL_MOUNT to \"false\" and use mode read-only."));
    }
    if (mode == Mode.FULL && host.readOnly()) {
      problems.add(
          Problem.configuration(
              "Mode full is asked for, but /mnt/root is mounted read-only.",
              "Use mode read-only, or mount the host's root with readOnly: false."));
    }
    if (mode == Mode.READ_ONLY && settings.noRemountRoot() && !host.readOnly()) {
      problems.add(
          Problem.configuration(
              "Mode read-only is asked for, but /mnt/root is mounted writable and"
                  + " SMARTAGENT_NO_REMOUNT_ROOT is true.",
              "Mount the host's root with readOnly: true, or let the launcher seal it without that"
                  + " variable."));
    }
  }

  private void checkAccounts() {
    if (host.passwd().isEmpty()) {
      problems.add(
          Problem.configuration(
              "The host's /etc/passwd cannot be read: " + host.passwdDetail() + ".",
              "Mount a host's root at /mnt/root that has a regular file etc/passwd."));
      return;
    }
    List<BrokenLine> broken = host.passwd().get().brokenLines();
    for (BrokenLine line : broken.subList(0, Math.min(BROKEN_LINES_TO_NAME, broken.size()))) {
      warnings.add(
          "Line "
              + line.number()
              + " of the host's /etc/passwd is not an account and is ignored. It needs seven fields"
              + " separated by colons, the third and fourth of them numbers.");
    }
    if (broken.size() > BROKEN_LINES_TO_NAME) {
      warnings.add(
          (broken.size() - BROKEN_LINES_TO_NAME)
              + " more lines of the host's /etc/passwd are not accounts.");
    }
  }

  /** Returns whether the launch mounts anything. */
  private boolean remount() {
    if (settings.noRemountRoot()) {
      warnings.add(
          "SMARTAGENT_NO_REMOUNT_ROOT is true, so the host's mounts stay as the YAML made them.");
      return false;
    }
    for (Ability ability : List.of(Ability.UNSHARE_MOUNTS, Ability.MOUNT)) {
      AbilityFact fact = container.fact(ability);
      if (!fact.available()) {
        problems.add(
            Problem.notPermitted(
                "The host's mounts cannot be sealed: " + fact.detail(), remountRemedy(fact)));
        return false;
      }
    }
    return true;
  }

  private static String remountRemedy(AbilityFact fact) {
    return changeSpec(fact, CAP_SYS_ADMIN)
        + "\nTo keep the mounts of the YAML instead:\n"
        + Remedies.setVariable(Option.NO_REMOUNT_ROOT.variable(), "true");
  }

  private static String changeSpec(AbilityFact fact, Capability needed) {
    String yaml =
        fact.blockedBy() == null
            ? null
            : Remedies.forBlocker(fact.blockedBy(), CapabilitySet.of(needed));
    return yaml == null
        ? "No YAML can change that on this node."
        : "Change the container spec:\n" + yaml;
  }

  private Entry entry(boolean remount) {
    if (remount && container.can(Ability.PIVOT_ROOT)) {
      return Entry.PIVOT_ROOT;
    }
    if (container.can(Ability.CHROOT)) {
      return remount ? Entry.MOVE_AND_CHROOT : Entry.CHROOT;
    }
    AbilityFact chroot = container.fact(Ability.CHROOT);
    problems.add(
        Problem.notPermitted(
            "The host's root cannot be entered: "
                + chroot.detail()
                + " Nor can pivot_root be used: "
                + (remount
                    ? container.fact(Ability.PIVOT_ROOT).detail()
                    : "it needs a mount namespace of its own, so CAP_SYS_ADMIN."),
            changeSpec(chroot, CAP_SYS_CHROOT)));
    return Entry.CHROOT;
  }

  private static String whyEntry(Entry entry) {
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
        if (mode == Mode.READ_ONLY && MountTable.isAtOrBelow(directory, entry.path())) {
          problems.add(
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

  private void checkInstallDirectory() {
    DirectoryFacts install = host.install();
    String name = "Installation directory \"" + install.path() + "\"";
    if (!install.isDirectory()) {
      problems.add(
          Problem.configuration(
              name + " " + found(install) + ".",
              "It must be a directory of the host before the agent starts. Create it, mount it at"
                  + " \"/mnt/root"
                  + install.path()
                  + "\" with readOnly: false, or name another with SMARTAGENT_INSTALL_PATH."));
      return;
    }
    checkLevels(name, install);
    if (install.readOnly()) {
      problems.add(readOnly(name, install));
    }
  }

  private void checkRuntimeDirectory(Mode mode, boolean remount) {
    DirectoryFacts runtime = host.runtime();
    String name = "Runtime directory \"" + runtime.path() + "\"";
    if (runtime.state() == DirectoryFacts.State.ABSENT && canCreateRuntime(mode)) {
      checkLevels("Directory \"" + host.runtimeParent().path() + "\"", host.runtimeParent());
      return;
    }
    if (!runtime.isDirectory()) {
      problems.add(
          Problem.configuration(
              name + " " + found(runtime) + ".",
              "Mount it with hostPath type DirectoryOrCreate at \"/mnt/root"
                  + runtime.path()
                  + "\" with readOnly: false, or name another with SMARTAGENT_RUNTIME_PATH."));
      return;
    }
    checkLevels(name, runtime);
    if (runtime.readOnly()) {
      problems.add(readOnly(name, runtime));
    }
    boolean creatable = runtime.uid() == 0 || has(CAP_DAC_OVERRIDE);
    if (remount && !creatable && !runtime.entries().contains(RUNTIME_NAME)) {
      problems.add(
          Problem.notPermitted(
              name
                  + " belongs to uid "
                  + Integer.toUnsignedString(runtime.uid())
                  + ", and the container lacks CAP_DAC_OVERRIDE to make \""
                  + RUNTIME_NAME
                  + "\" in it.",
              "Make that directory on the host, or add the capability DAC_OVERRIDE."));
    }
  }

  private boolean canCreateRuntime(Mode mode) {
    DirectoryFacts parent = host.runtimeParent();
    return mode == Mode.FULL
        && parent.isDirectory()
        && !parent.readOnly()
        && (parent.uid() == 0 || has(CAP_DAC_OVERRIDE));
  }

  private static String found(DirectoryFacts directory) {
    String at =
        directory.detail().equals(directory.path()) ? "" : ": \"" + directory.detail() + "\" is";
    return switch (directory.state()) {
      case ABSENT -> "does not exist" + (at.isEmpty() ? "" : at + " missing");
      case LINK ->
          (at.isEmpty() ? "is a symbolic link" : "leads through a symbolic link" + at + " one")
              + ", which could lead anywhere";
      case NOT_A_DIRECTORY -> "is not a directory" + (at.isEmpty() ? "" : at + " a file");
      case UNREADABLE, DIRECTORY -> "cannot be reached" + (at.isEmpty() ? "" : at + " closed");
    };
  }

  private void checkLevels(String name, DirectoryFacts directory) {
    if (!directory.tooClosed().isEmpty()) {
      problems.add(
          Problem.configuration(
              name
                  + " is not open to the agent's user at every level: "
                  + String.join(", ", directory.tooClosed())
                  + ".",
              "Give every level at least mode 0755 on the host."));
    }
  }

  private static Problem readOnly(String name, DirectoryFacts directory) {
    return Problem.configuration(
        name + " is mounted read-only.",
        "Mount it of its own:\nvolumeMounts:\n- name: host-"
            + lastName(directory.path())
            + "\n  mountPath: /mnt/root"
            + directory.path()
            + "\n  readOnly: false");
  }

  private static String lastName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private List<ModulePlan> modules() {
    ModulePlanner planner =
        new ModulePlanner(container, settings.modules(), settings.sourceOf(Option.MODULES));
    return catalog.stream().map(planner::plan).toList();
  }

  private void checkRequired(List<ModulePlan> modules) {
    for (ModulePlan module : modules) {
      if (settings.require().contains(module.id()) && module.state() == ModuleState.DISABLED) {
        problems.add(
            Problem.notPermitted(
                settings.sourceOf(Option.REQUIRE)
                    + " names module "
                    + module.id()
                    + ", which cannot run"
                    + (module.missing() == null ? "." : ": it lacks " + module.missing() + "."),
                module.remedy() == null
                    ? "Take it out of --require, or into --modules."
                    : "Change the container spec:\n" + module.remedy()));
      }
    }
  }

  private void checkProgram() {
    host.program()
        .filter(program -> !program.fault().isEmpty())
        .ifPresent(program ->
            problems.add(
                Problem.configuration(
                    "Program \"" + program.name() + "\" " + program.fault() + ".",
                    "run starts a program of the host: name one by its absolute path.")));
  }

  /**
   * The command of run may be given others than the modules need; the agent has no use for more.
   */
  private CapabilitySet kept(List<ModulePlan> modules) {
    boolean asked = target instanceof Target.HostProgram && !settings.capabilities().auto();
    if (target instanceof Target.BuiltInAgent && !settings.capabilities().auto()) {
      warnings.add(
          settings.sourceOf(Option.CAPABILITIES)
              + " is for the command of run: the built-in agent keeps what its modules need.");
    }
    if (!asked) {
      return modules.stream()
          .map(ModulePlan::capabilities)
          .reduce(CapabilitySet.NONE, CapabilitySet::union);
    }
    CapabilitySet wanted =
        CapabilitySet.of(
            settings.capabilities().names().stream()
                .map(Capability::parse)
                .flatMap(Optional::stream)
                .toList());
    CapabilitySet missing = wanted.minus(container.keepable());
    if (!missing.isEmpty()) {
      problems.add(
          Problem.notPermitted(
              settings.sourceOf(Option.CAPABILITIES)
                  + " names "
                  + String.join(", ", missing.names())
                  + ", which the container does not have.",
              "Take them out, or change the container spec:\n"
                  + Remedies.addCapabilities(missing)));
    }
    return wanted;
  }

  private CapabilityDecision capabilities(
      CapabilitySet kept, boolean remount, Entry entry, UserDecision user) {
    CapabilitySet had = container.capabilities().permitted();
    CapabilitySet used = kept.with(CAP_SETPCAP);
    if (remount) {
      used = used.with(CAP_SYS_ADMIN);
    }
    if (entry != Entry.PIVOT_ROOT) {
      used = used.with(CAP_SYS_CHROOT);
    }
    if (!user.isRoot()) {
      // On the next node the data directory may be new, and root's.
      used = used.with(CAP_SETUID).with(CAP_SETGID).with(CAP_CHOWN);
    }
    if (userPlanner.mustChangeOwner(user.user())) {
      used = used.with(CAP_CHOWN);
    }
    CapabilitySet bounding = container.capabilities().bounding();
    return new CapabilityDecision(
        kept,
        had.minus(kept),
        had.minus(used),
        has(CAP_SETPCAP) ? bounding.intersect(kept) : bounding);
  }

  private boolean has(Capability capability) {
    return container.capabilities().effective().contains(capability);
  }

  private void warnOfWhatStaysOpen(Mode mode, boolean remount, boolean sealed) {
    if (mode == Mode.FULL) {
      warnings.add(
          "Mode full leaves the host's root writable. Mount /mnt/root with readOnly: true to have it"
              + " sealed.");
    } else if (!sealed) {
      warnings.add(
          "The host's root is only as read-only as its mounts are: without CAP_SYS_ADMIN the launcher"
              + " cannot seal submounts.");
    }
    if (host.program().isEmpty() && !host.hasProc()) {
      warnings.add(
          "The host's root has no procfs at /proc"
              + (remount && remountsProc() ? ", so the container's own is shown there." : "."));
    }
  }

  private boolean remountsProc() {
    return !host.hasProc() && host.hasProcDirectory();
  }

  private Set<String> writable() {
    return new TreeSet<>(List.of(settings.installPath(), settings.runtimeDirectory()));
  }

  /** All that a launch does to the host itself: before the seal, and the owner changes last. */
  private void addDataDirectory(List<Step> steps, boolean remount, UserDecision user) {
    if (!host.runtime().isDirectory()) {
      steps.add(
          new Step.CreateRuntimeDirectory(
              settings.runtimeDirectory(), "The agent keeps its data there, and it is absent."));
    }
    if (remount && !host.runtime().entries().contains(RUNTIME_NAME)) {
      steps.add(
          new Step.CreateRuntimeMountPoint(
              settings.runtimeDirectory(), RUNTIME_NAME, "The runtime is shown there."));
    }
    if (userPlanner.mustChangeOwner(user.user())) {
      steps.add(
          new Step.GiveRuntimeDirectory(
              settings.runtimeDirectory(),
              user.user().uid(),
              user.user().gid(),
              "The agent's user has to write there."));
    }
  }

  private void addMounts(List<Step> steps, boolean remount, boolean sealed) {
    if (!remount) {
      if (target instanceof Target.BuiltInAgent) {
        steps.add(
            new Step.InstallRuntime(
                IMAGE_HOME,
                installedHome(),
                "Nothing may be mounted, so the host's own copy of the runtime is used."));
      }
      return;
    }
    steps.add(new Step.UnshareMounts("What is mounted from here on is seen by nobody else."));
    steps.add(
        new Step.MakePrivate(
            "A mount that the host makes later would otherwise arrive here writable."));
    if (!host.isMountPoint()) {
      steps.add(new Step.BindTree("Only a mount can become the root."));
    }
    if (remountsProc()) {
      steps.add(
          new Step.BindProc("The agent reads processes there, and the host's root has none."));
    }
    if (sealed) {
      addSeal(steps);
    }
    steps.add(
        new Step.BindRuntime(
            IMAGE_HOME,
            boundHome(),
            "The agent brings its own JVM and libc: the host need not have any."));
    if (sealed) {
      steps.add(
          new Step.VerifySeal(verifiedWritable(), "A seal that was not verified does not count."));
    }
  }

  private void addSeal(List<Step> steps) {
    boolean recursively = container.can(Ability.MOUNT_SETATTR) && container.can(Ability.OPEN_TREE);
    steps.add(
        new Step.SealTree(
            writable(),
            recursively,
            recursively
                ? "Nothing of the host can be changed but the agent's own directories."
                : "The same, mount by mount: mount_setattr or open_tree is not to be had."));
    for (HostFacts.PrunedEntry entry : host.pruned()) {
      steps.add(
          new Step.HideEntry(entry.path(), entry.directory(), "No agent has any business there."));
    }
    if (mountsTmp()) {
      steps.add(
          new Step.MountTmpfs("/tmp", "Programs expect to write there; the host's is sealed."));
    }
  }

  /** The agent's own directories must not be covered. */
  private boolean mountsTmp() {
    return host.hasTmp()
        && !MountTable.isAtOrBelow(settings.installPath(), "/tmp")
        && !MountTable.isAtOrBelow(settings.runtimeDirectory(), "/tmp");
  }

  private Set<String> verifiedWritable() {
    Set<String> writable = new TreeSet<>(writable());
    if (mountsTmp()) {
      writable.add("/tmp");
    }
    return writable;
  }

  private String boundHome() {
    return settings.runtimeDirectory() + "/" + RUNTIME_NAME;
  }

  private String installedHome() {
    return settings.installPath() + "/smartagent/" + RUNTIME_NAME;
  }

  private void addHygiene(List<Step> steps) {
    steps.add(new Step.ForbidCoreDumps("A core would hold what the agent's memory holds."));
    steps.add(
        new Step.CloseDescriptors(
            "A descriptor of a directory would lead out of the new root (CVE-2024-21626)."));
    steps.add(
        new Step.ResetSignals("A JVM blocks SIGQUIT, and the mask would be the new program's."));
    steps.add(new Step.SetUmask(UMASK, "New files are writable for their owner only."));
  }

  private void addIdentity(List<Step> steps, UserDecision user, CapabilityDecision decision) {
    boolean setpcap = has(CAP_SETPCAP);
    if (setpcap) {
      steps.add(
          new Step.DropBounding(
              container.capabilities().bounding().minus(decision.kept()),
              "What is not in it can never be had again."));
    }
    boolean changeGroups = has(CAP_SETGID);
    boolean changeUser = has(CAP_SETUID);
    steps.add(new Step.BecomeUser(user.user(), changeGroups, changeUser, user.reason()));
    steps.add(
        new Step.WriteLaunchRecord(
            settings.runtimeDirectory(),
            "The agent reads there what was decided; so does whoever asks why."));
    steps.add(
        new Step.InheritCapabilities(
            decision.kept(), "Only what is inheritable can become ambient: capabilities(7)."));
    if (container.ambientSupported() && !container.securebits().forbidsAmbientRaise()) {
      steps.add(
          new Step.RaiseAmbient(
              decision.kept(), "Ambient capabilities survive the execve, even no_new_privs."));
    }
    if (setpcap) {
      steps.add(new Step.LockSecurebits("Uid 0 shall mean nothing any more, and that for good."));
    }
    steps.add(new Step.LimitCapabilities(decision.kept(), "No module needs any other capability."));
    steps.add(
        new Step.ForbidNewPrivileges(
            "No setuid program of the host shall give back what was dropped."));
    steps.add(
        new Step.VerifyIdentity(
            user.user(),
            changeGroups,
            decision.kept(),
            decision.bounding(),
            "The kernel is asked once more before anything else runs."));
  }

  private Step execute() {
    return target instanceof Target.HostProgram program
        ? new Step.Execute(
            host.program().orElseThrow().path(),
            program.words(),
            false,
            "It is what run was told to become.")
        : executeAgent(((Target.BuiltInAgent) target).options());
  }

  private Step executeAgent(List<String> options) {
    String home = settings.noRemountRoot() ? installedHome() : boundHome();
    List<String> arguments = new ArrayList<>();
    arguments.add(home + "/bin/smartagent");
    arguments.addAll(
        List.of("--inhibit-cache", "--library-path", home + "/lib", home + "/jre/bin/java"));
    options.forEach(option -> arguments.add(option.replace(HOME, home)));
    arguments.add(settings.runtimeDirectory() + "/launch.json");
    return new Step.Execute(
        arguments.getFirst(), arguments, true, "The launcher leaves nothing of itself behind.");
  }
}
