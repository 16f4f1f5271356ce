package io.smartagent.plan;

import static io.smartagent.kernel.capability.Capability.CAP_BPF;
import static io.smartagent.kernel.capability.Capability.CAP_CHOWN;
import static io.smartagent.kernel.capability.Capability.CAP_DAC_OVERRIDE;
import static io.smartagent.kernel.capability.Capability.CAP_DAC_READ_SEARCH;
import static io.smartagent.kernel.capability.Capability.CAP_FOWNER;
import static io.smartagent.kernel.capability.Capability.CAP_FSETID;
import static io.smartagent.kernel.capability.Capability.CAP_KILL;
import static io.smartagent.kernel.capability.Capability.CAP_NET_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_NET_BROADCAST;
import static io.smartagent.kernel.capability.Capability.CAP_NET_RAW;
import static io.smartagent.kernel.capability.Capability.CAP_PERFMON;
import static io.smartagent.kernel.capability.Capability.CAP_SETFCAP;
import static io.smartagent.kernel.capability.Capability.CAP_SETGID;
import static io.smartagent.kernel.capability.Capability.CAP_SETUID;
import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_CHROOT;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_RESOURCE;

import io.smartagent.config.Option;
import io.smartagent.config.SettingsParser;
import io.smartagent.host.AccountFacts;
import io.smartagent.host.AccountTool;
import io.smartagent.host.DirectoryFacts;
import io.smartagent.host.HostFacts;
import io.smartagent.host.HostFacts.PrunedEntry;
import io.smartagent.host.HostMounts;
import io.smartagent.host.HostUsers;
import io.smartagent.host.LayoutFacts;
import io.smartagent.host.ProgramFacts;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.Securebits;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.kernel.security.SeccompMode;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.Variable;
import io.smartagent.modules.ModuleCatalog;
import io.smartagent.probe.Ability;
import io.smartagent.probe.AbilityFact;
import io.smartagent.probe.Blocker;
import io.smartagent.probe.ClusterFacts;
import io.smartagent.probe.ContainerFacts;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A launch to be planned. It starts as the documented case: a container with the documented
 * capabilities and Docker's device cgroup, a host's root that is mounted read-only with both
 * directories mounted writable over it, and {@code --user nobody}. A test changes what it is about.
 */
public final class Situation {

  /** What the documented manifest adds to {@code drop: [ALL]}. */
  public static final CapabilitySet DOCUMENTED =
      CapabilitySet.of(
          CAP_CHOWN,
          CAP_DAC_OVERRIDE,
          CAP_DAC_READ_SEARCH,
          CAP_FOWNER,
          CAP_FSETID,
          CAP_SYS_RESOURCE,
          CAP_SYS_CHROOT,
          CAP_SYS_ADMIN,
          CAP_SYSLOG,
          CAP_NET_ADMIN,
          CAP_NET_RAW,
          CAP_NET_BROADCAST,
          CAP_KILL,
          CAP_SETFCAP,
          CAP_SETGID,
          CAP_SETUID,
          CAP_SYS_PTRACE);

  private static final String PASSWD =
      """
      root:x:0:0:root:/root:/bin/bash
      daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
      monitor:x:1000:1000::/home/monitor:/bin/sh
      nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
      """;

  private static final String GROUP =
      """
      root:x:0:
      adm:x:4:syslog,monitor
      docker:x:998:monitor
      monitor:x:1000:
      nogroup:x:65534:
      """;

  private List<ModuleDescriptor> catalog = List.copyOf(ModuleCatalog.modules());
  private final Map<Option, String> options = new EnumMap<>(Map.of(Option.USER, "nobody"));
  private final Map<String, String> environment = new TreeMap<>();
  private final Map<Ability, AbilityFact> facts = new EnumMap<>(Ability.class);
  private CapabilitySet permitted = DOCUMENTED;
  private CapabilitySet bounding = DOCUMENTED;
  private boolean ambientSupported = true;
  private Securebits securebits = Securebits.NONE;
  private HostFacts.State state = HostFacts.State.ROOT;
  private String stateDetail = "";
  private boolean readOnly = true;
  private boolean mountPoint = true;
  private Optional<HostUsers> users = Optional.of(new HostUsers(PASSWD, GROUP));
  private DirectoryFacts install = directory("/opt", 0);
  private DirectoryFacts runtime = directory("/var/lib/bonree", 0);
  private DirectoryFacts runtimeParent = directory("/var/lib", 0);
  private List<PrunedEntry> pruned =
      List.of(new PrunedEntry("/boot", true), new PrunedEntry("/vmlinuz", false));
  private boolean proc = true;
  private boolean procDirectory = true;
  private boolean tmp = true;
  private Target target = new Target.BuiltInAgent(List.of("-Xshare:auto", "-jar", "@HOME@/a.jar"));
  private Optional<ProgramFacts> program = Optional.empty();
  private LayoutFacts layout = LayoutFacts.NOTHING;
  private AccountFacts accounts = AccountFacts.NONE;
  private boolean noNewPrivileges;
  private ClusterFacts cluster = ClusterFacts.NONE;
  private HostMounts mounts = HostMounts.NONE;

  /** Returns a directory of the host where all is as it should be. */
  public static DirectoryFacts directory(String path, int uid, String... entries) {
    return new DirectoryFacts(
        path, DirectoryFacts.State.DIRECTORY, "", false, uid, uid, List.of(), List.of(entries));
  }

  /** Returns what is found where there is no such directory. */
  public static DirectoryFacts missing(String path, DirectoryFacts.State state, String at) {
    return new DirectoryFacts(path, state, at, false, 0, 0, List.of(), List.of());
  }

  /** Sets an option of the command line. */
  public Situation option(Option option, String value) {
    options.put(option, value);
    return this;
  }

  /** Takes an option of the command line back. */
  public Situation without(Option option) {
    options.remove(option);
    return this;
  }

  /** Sets a variable of the container. */
  public Situation variable(Variable variable, String value) {
    environment.put(variable.variable(), value);
    return this;
  }

  /** Replaces the modules that are built. */
  public Situation modules(List<? extends ModuleDescriptor> modules) {
    catalog = List.copyOf(modules);
    return this;
  }

  /** Gives the container just these capabilities. */
  public Situation capabilities(CapabilitySet set) {
    permitted = set;
    bounding = set;
    return this;
  }

  /** Adds capabilities to those of the container. */
  public Situation with(Capability... more) {
    return capabilities(permitted.union(CapabilitySet.of(more)));
  }

  /** Takes capabilities from the container. */
  public Situation without(Capability... less) {
    return capabilities(permitted.minus(CapabilitySet.of(less)));
  }

  /** Makes the container's user another than root: the bounding set stays, nothing is permitted. */
  public Situation notRoot() {
    permitted = CapabilitySet.NONE;
    return this;
  }

  /** Takes an ability away although the capabilities would give it. */
  public Situation blocked(Ability ability, Blocker blocker) {
    facts.put(
        ability, AbilityFact.blocked(ability, blocker, ability.id() + " is blocked in this test."));
    return this;
  }

  /** Gives an ability, whatever the capabilities are. */
  public Situation available(Ability ability) {
    facts.put(ability, AbilityFact.available(ability));
    return this;
  }

  /** Makes the kernel one before 4.3. */
  public Situation withoutAmbient() {
    ambientSupported = false;
    return this;
  }

  /** Sets the container's securebits. */
  public Situation securebits(Securebits bits) {
    securebits = bits;
    return this;
  }

  /** Makes the host's root none. */
  public Situation hostState(HostFacts.State found, String detail) {
    state = found;
    stateDetail = detail;
    return this;
  }

  /** Sets whether the host's root is mounted read-only. */
  public Situation hostReadOnly(boolean is) {
    readOnly = is;
    return this;
  }

  /** Makes the host's root a directory of a mount, none of its own. */
  public Situation noMountPoint() {
    mountPoint = false;
    return this;
  }

  /** Replaces the host's accounts. */
  public Situation passwd(String passwd) {
    users = Optional.of(new HostUsers(passwd, GROUP));
    return this;
  }

  /** Replaces the host's accounts and groups. */
  public Situation accounts(String passwd, String group) {
    users = Optional.of(new HostUsers(passwd, group));
    return this;
  }

  /** Takes the host's /etc/passwd away. */
  public Situation noPasswd() {
    users = Optional.empty();
    return this;
  }

  /** Replaces the installation directory. */
  public Situation install(DirectoryFacts facts) {
    install = facts;
    return this;
  }

  /** Replaces the data directory. */
  public Situation runtime(DirectoryFacts facts) {
    runtime = facts;
    return this;
  }

  /** Replaces the directory that the data directory is in. */
  public Situation runtimeParent(DirectoryFacts facts) {
    runtimeParent = facts;
    return this;
  }

  /** Replaces what is hidden of the host's root. */
  public Situation pruned(PrunedEntry... entries) {
    pruned = List.of(entries);
    return this;
  }

  /** Takes the host's procfs away, and the directory for one too where {@code directory} is not. */
  public Situation noProc(boolean directory) {
    proc = false;
    procDirectory = directory;
    return this;
  }

  /** Takes the host's /tmp away. */
  public Situation noTmp() {
    tmp = false;
    return this;
  }

  /** Makes it a launch of a program of the host, which is {@code fault}, or fine where empty. */
  public Situation program(String path, String fault, String... arguments) {
    List<String> words = Stream.concat(Stream.of(path), Stream.of(arguments)).toList();
    target = new Target.HostProgram(words);
    program = Optional.of(new ProgramFacts(path, fault.isEmpty() ? path : "", fault));
    return this;
  }

  /** Replaces what lies where. */
  public Situation layout(LayoutFacts facts) {
    layout = facts;
    return this;
  }

  /** Mounts the host's /etc writable, with these programs to make an account with. */
  public Situation writableEtc(AccountTool tool) {
    accounts =
        new AccountFacts(true, Optional.of(tool), "/usr/sbin/nologin", new HostUsers("", ""));
    return this;
  }

  /** Adds accounts that are in /usr/lib/passwd, where /etc is writable. */
  public Situation packagedAccounts(String passwd) {
    accounts =
        new AccountFacts(
            accounts.etcIsWritable(),
            accounts.tool(),
            accounts.noLoginShell(),
            new HostUsers(passwd, ""));
    return this;
  }

  /** Mounts the host's /etc writable, where there is nothing to make an account with. */
  public Situation writableEtc() {
    accounts = new AccountFacts(true, Optional.empty(), "/bin/false", new HostUsers("", ""));
    return this;
  }

  /** Makes the container one with allowPrivilegeEscalation: false. */
  public Situation noNewPrivileges() {
    noNewPrivileges = true;
    return this;
  }

  /** Sets what distinguishes the image's runtime from others. */
  public Situation runtimeId(String id) {
    target = new Target.BuiltInAgent(List.of("-jar", "@HOME@/a.jar"), id);
    return this;
  }

  /** Sets which mounts of the host can be written through. */
  public Situation mounts(HostMounts found) {
    mounts = found;
    return this;
  }

  /** Sets what the container has to reach Kubernetes with. */
  public Situation cluster(ClusterFacts found) {
    cluster = found;
    return this;
  }

  /** Returns what the container may do. */
  public ContainerFacts container() {
    return new ContainerFacts(
        "6.12.0",
        "x86_64",
        0,
        new ThreadCapabilities(
            permitted, permitted, CapabilitySet.NONE, bounding, CapabilitySet.NONE),
        ambientSupported,
        securebits,
        noNewPrivileges,
        SeccompMode.FILTER,
        Optional.empty(),
        true,
        Stream.of(Ability.values()).map(this::fact).toList(),
        cluster);
  }

  private AbilityFact fact(Ability ability) {
    AbilityFact other = facts.get(ability);
    CapabilitySet missing = needed(ability).minus(permitted);
    if (other != null) {
      return other;
    }
    if (!missing.isEmpty()) {
      Blocker blocker = bounding.containsAll(missing) ? Blocker.CAPABILITY : Blocker.BOUNDING;
      String detail = "The container was not given " + String.join(", ", missing.names()) + ".";
      return AbilityFact.blocked(ability, blocker, detail);
    }
    if (ability == Ability.SERVICE_ACCOUNT && !cluster.hasAccount()) {
      return AbilityFact.blocked(ability, Blocker.MOUNT, "No token is mounted.");
    }
    return ability == Ability.KMSG
        ? AbilityFact.blocked(ability, Blocker.DEVICE_CGROUP, "The device cgroup denies it.")
        : AbilityFact.available(ability);
  }

  private CapabilitySet needed(Ability ability) {
    return switch (ability) {
      case UNSHARE_MOUNTS, MOUNT, OPEN_TREE, MOUNT_SETATTR, PIVOT_ROOT, SETNS ->
          CapabilitySet.of(CAP_SYS_ADMIN);
      case CHROOT -> CapabilitySet.of(CAP_SYS_CHROOT);
      case PTRACE_READ -> CapabilitySet.of(CAP_SYS_PTRACE);
      case SYSLOG, KMSG -> CapabilitySet.of(CAP_SYSLOG);
      case BPF_TRACING -> CapabilitySet.of(CAP_BPF, CAP_PERFMON);
      case PERF_EVENTS -> CapabilitySet.of(CAP_PERFMON);
      case PROCESS_EVENTS -> CapabilitySet.of(CAP_NET_ADMIN);
      case LANDLOCK, SERVICE_ACCOUNT -> CapabilitySet.NONE;
    };
  }

  private HostFacts host() {
    return new HostFacts(
        new HostFacts.Root("/mnt/root", state, stateDetail, readOnly, mountPoint),
        new HostFacts.Users(
            users,
            users.isPresent() ? "" : "open(\"/etc/passwd\"): ENOENT (No such file or directory)",
            accounts),
        new HostFacts.Directories(install, runtime, runtimeParent),
        new HostFacts.Entries(pruned, proc, procDirectory, tmp),
        program,
        layout,
        mounts);
  }

  /** Returns the plan for it. */
  public LaunchPlan plan() {
    SettingsParser.Result parsed = SettingsParser.parse(options, environment, catalog);
    Target chosen =
        parsed
            .settings()
            .installer()
            .filter(installer -> target instanceof Target.BuiltInAgent)
            .<Target>map(installer -> new Target.InstalledAgent(installer.command()))
            .orElse(target);
    return LaunchPlanner.plan(
        parsed.settings(), parsed.problems(), container(), host(), catalog, chosen);
  }
}
