package io.smartagent.plan;

import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.config.Settings;
import io.smartagent.host.HostFacts;
import io.smartagent.host.HostUser;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleState;
import io.smartagent.probe.ClusterQuestion;
import io.smartagent.probe.ContainerFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides everything about a launch. Pure: from settings and facts to a plan; it reads no file,
 * makes no system call and knows no clock. Used once.
 */
public final class LaunchPlanner {

  /** Where the image keeps its runtime. */
  public static final String IMAGE_HOME = "/smartagent";

  /** The directory in the data directory that the runtime is bound to. */
  public static final String RUNTIME_NAME = "runtime";

  /** The directory in the data directory that has the ServiceAccount's token. */
  public static final String ACCOUNT_NAME = ClusterQuestion.DIRECTORY_NAME;

  private final Settings settings;
  private final HostFacts host;
  private final List<ModuleDescriptor> catalog;
  private final ContainerFacts container;
  private final Findings findings;
  private final VirtualRootPlanner roots;
  private final HostSealPlanner seals;
  private final DirectoryPlanner directories;
  private final AccountPlanner accounts;
  private final FileCapabilityPlanner fileCapabilities;
  private final UserPlanner users;
  private final CapabilityPlanner capabilities;
  private final IdentityPlanner identities;
  private final ProgramPlanner programs;
  private final InstallerPlanner installer;
  private final ServiceAccountPlanner serviceAccounts;

  private LaunchPlanner(
      Settings settings,
      List<Problem> settingProblems,
      ContainerFacts found,
      HostFacts host,
      List<ModuleDescriptor> catalog,
      Target target) {
    this.settings = settings;
    this.host = host;
    this.catalog = List.copyOf(catalog);
    findings = new Findings(settingProblems, settings.warnings());
    serviceAccounts = new ServiceAccountPlanner(settings, found, target, findings);
    container = serviceAccounts.usable();
    roots = new VirtualRootPlanner(settings, container, host, target, findings);
    seals = new HostSealPlanner(settings, container, host, target, findings);
    directories = new DirectoryPlanner(settings, container, host, findings);
    accounts = new AccountPlanner(container, host, findings);
    fileCapabilities = new FileCapabilityPlanner(container, target, findings);
    users = new UserPlanner(settings, container, host, findings, accounts, fileCapabilities);
    capabilities = new CapabilityPlanner(settings, container, target, findings);
    identities = new IdentityPlanner(container);
    programs = new ProgramPlanner(settings, host, target, findings);
    installer = new InstallerPlanner(settings, container, host, target, findings);
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
    List<ModulePlan> modules = modules();
    if (host.root().state() != HostFacts.State.ROOT) {
      findings.problem(noHostRoot());
      return refused(new UserDecision(HostUser.ROOT, "Nothing starts."), modules);
    }
    users.checkAccounts();
    VirtualRoot root = roots.decide();
    directories.check(root.mode(), root.runtime().isInDataDirectory());
    checkRequired(modules);
    programs.check();
    CapabilitySet kept = capabilities.kept(modules);
    installer.check(root.remount());
    UserDecision user = users.decide(root.mode(), kept);
    users.requireWritableRuntime(user.user());
    CapabilityDecision decision =
        capabilities.decide(
            kept, root, user, users.mustChangeOwner(user.user()), users.makesAccounts(root.mode()));
    if (!findings.problems().isEmpty()) {
      return refused(user, modules);
    }
    boolean byFile = fileCapabilities.areNeeded(user.user(), kept);
    return launched(root, identities.decide(user, decision, byFile), modules);
  }

  private LaunchPlan launched(
      VirtualRoot root, IdentityDecision identity, List<ModulePlan> modules) {
    HostSeal seal = seals.decide(root, identity);
    warn(root, identity, seal, modules);
    Optional<TokenMount> token = serviceAccounts.mount(root);
    boolean homeIsData = root.runtime().isInDataDirectory();
    DataDirectoryDecision data =
        directories.decide(
            homeIsData,
            homeIsData && token.isPresent(),
            users.mustChangeOwner(identity.user().user()));
    ProcessStep.Execute program = programs.execute(root.runtime().path(), identity.carrier());
    LaunchSequence sequence =
        new LaunchSequence(installer.decide(), data, root, token, seal, identity, program);
    return new LaunchPlan(
        settings,
        roots.decideMode(),
        seal,
        identity,
        new AgentDecision(program.arguments(), modules, serviceAccounts.access(root)),
        new Verdict(List.of(), findings.warnings()),
        sequence.steps());
  }

  private void warn(
      VirtualRoot root, IdentityDecision identity, HostSeal seal, List<ModulePlan> modules) {
    roots.warnOfWhatStaysOpen(root);
    new FormerDataPlanner(settings, host, findings).warn(root);
    accounts.warnOfWhatStaysOpen(root, identity.user());
    seals.warn(seal, root, modules);
    serviceAccounts.warnOfAClosedToken(root, identity.user());
    serviceAccounts.warnOfAConfigMapThatIsNotWatched(root);
    fileCapabilities.warn(identity);
  }

  private LaunchPlan refused(UserDecision user, List<ModulePlan> modules) {
    return new LaunchPlan(
        settings,
        roots.decideMode(),
        HostSeal.OF_NOTHING,
        IdentityDecision.refused(user),
        new AgentDecision(List.of(), modules, null),
        new Verdict(findings.problems(), findings.warnings()),
        List.of());
  }

  private Problem noHostRoot() {
    String place = "\"" + host.root().mountPoint() + "\"";
    String fault =
        switch (host.root().state()) {
          case ABSENT -> "There is no " + place + ".";
          case NOT_A_DIRECTORY -> place + " is not a directory.";
          case NOT_A_ROOT -> place + " is not the root of a host: " + host.root().detail() + ".";
          case UNREADABLE, ROOT -> place + " cannot be read: " + host.root().detail() + ".";
        };
    return Problem.configuration(
        fault,
        "Mount the host's root there:\nvolumes:\n- name: host-root\n  hostPath: {path: /}\n"
            + "volumeMounts:\n- name: host-root\n  mountPath: /mnt/root\n  readOnly: true");
  }

  private List<ModulePlan> modules() {
    ModulePlanner planner =
        new ModulePlanner(
            container,
            settings.selections().modules(),
            settings.sourceOf(Option.MODULES),
            settings.runtimeDirectory() + "/" + ACCOUNT_NAME);
    List<ModulePlan> modules = new ArrayList<>();
    for (ModuleDescriptor module : catalog) {
      modules.add(planner.plan(module));
    }
    return modules;
  }

  private void checkRequired(List<ModulePlan> modules) {
    for (ModulePlan module : modules) {
      if (settings.selections().require().contains(module.id())
          && module.state() == ModuleState.DISABLED) {
        findings.problem(
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
}
