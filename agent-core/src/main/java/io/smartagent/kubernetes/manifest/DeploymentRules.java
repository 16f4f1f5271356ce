package io.smartagent.kubernetes.manifest;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kubernetes.ClusterFeature;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.needs.LaunchNeed;
import io.smartagent.needs.Source;
import io.smartagent.probe.Ability;
import java.util.ArrayList;
import java.util.List;

/**
 * What is part of a deployment under which conditions, as data: {@link DaemonSetPlanner} evaluates
 * it, and so does the Helm chart, which gets it as a generated file.
 *
 * <p>A condition lists facts that must all hold, and facts behind "!" that must not. The facts to
 * start from say what was asked for: {@link Facts#of}.
 */
final class DeploymentRules {

  static final String REMOUNTS = "remounts";
  static final String ROOT = "root";
  static final String MAKES_USER = "makes-user";
  static final String APPARMOR_UNCONFINED = "apparmor-unconfined";
  static final String SECCOMP_UNCONFINED = "seccomp-unconfined";
  static final String USER = "user";

  /** Stand for values of the deployment in paths and reasons. */
  static final String RUNTIME_DIRECTORY = "@runtimeDirectory@";

  static final String INSTALL_PATH = "@installPath@";
  static final String READERS = "@readers@";

  private static final String READS_HOST = "reads-host";
  private static final String READS_PROCESSES = "reads-processes";
  private static final String INSTALLER = "installer";
  private static final String MINIMAL = "mode:minimal";

  private final List<Rule> facts = new ArrayList<>();
  private final List<Need> needs = new ArrayList<>();
  private final List<MountRule> mounts = new ArrayList<>();

  /**
   * Facts that follow from others.
   *
   * @param then what follows
   * @param when the condition; facts of earlier rules may be part of it
   */
  record Rule(List<String> then, List<String> when) {}

  /**
   * Capabilities that the container adds, those that it must not have excepted.
   *
   * @param reason who needs them for what
   */
  record Need(CapabilitySet capabilities, String reason, List<String> when) {}

  /**
   * A directory of the host that is mounted, unless an earlier rule mounts the same path.
   *
   * @param mount with values of the deployment still to be filled in
   */
  record MountRule(HostMount mount, List<String> when) {}

  private DeploymentRules() {}

  /** Returns the rules of a deployment with the modules of {@code catalog}. */
  static DeploymentRules of(List<? extends ModuleDescriptor> catalog) {
    DeploymentRules rules = new DeploymentRules();
    rules.addLaunch();
    catalog.forEach(rules::addModule);
    rules.addConfinement();
    rules.addWritableMounts();
    rules.addHostRoot();
    rules.addDirectories();
    return rules;
  }

  /** Returns the fact that a module runs from a source. */
  static String runsFrom(String module, String source) {
    return module + "/" + source;
  }

  /** Returns the facts that follow from others, in the order in which they are derived. */
  List<Rule> facts() {
    return facts;
  }

  /** Returns what adds capabilities. */
  List<Need> needs() {
    return needs;
  }

  /** Returns the directories of the host. */
  List<MountRule> mounts() {
    return mounts;
  }

  private void fact(List<String> then, List<String> when) {
    facts.add(new Rule(List.copyOf(then), List.copyOf(when)));
  }

  private void fact(String then, String... when) {
    fact(List.of(then), List.of(when));
  }

  private static List<String> none(CapabilitySet capabilities) {
    return capabilities.shortNames().stream().map(name -> "!without:" + name).toList();
  }

  private void addLaunch() {
    fact(REMOUNTS, "remount", "!without:SYS_ADMIN");
    fact(ROOT, "!non-root-mode");
    for (String name : LaunchNeed.BECOME_USER.capabilities().shortNames()) {
      fact(ROOT, "without:" + name);
    }
    List<String> makesUser = new ArrayList<>(List.of("!root", "!user", "!" + MINIMAL, REMOUNTS));
    makesUser.addAll(none(LaunchNeed.MAKE_USER.capabilities()));
    fact(List.of(MAKES_USER), makesUser);
    need(LaunchNeed.SEAL, REMOUNTS);
    need(LaunchNeed.ENTER);
    need(LaunchNeed.BECOME_USER, "!root");
    need(LaunchNeed.MAKE_USER, MAKES_USER);
    need(LaunchNeed.INSTALL, INSTALLER);
  }

  private void need(LaunchNeed need, String... when) {
    needs.add(new Need(need.capabilities(), need.purpose(), List.of(when)));
  }

  private void addModule(ModuleDescriptor module) {
    String id = module.id();
    if (module.needs().reachHost()) {
      fact(READS_HOST, "module:" + id);
    }
    for (Source source : module.needs().sources()) {
      List<String> then = new ArrayList<>(List.of(runsFrom(id, source.name()), "runs:" + id));
      if (source.abilities().contains(Ability.PTRACE_READ)) {
        then.add(READS_PROCESSES);
      }
      List<String> when = new ArrayList<>(List.of("module:" + id, "!runs:" + id));
      when.addAll(none(source.capabilities()));
      // Only privileged containers may open any device: that of the kernel log is not the default.
      if (source.abilities().contains(Ability.KMSG)) {
        when.add("privileged");
      }
      if (source.abilities().contains(Ability.SERVICE_ACCOUNT)) {
        when.add("feature:" + ClusterFeature.ATTRIBUTES.id());
      }
      // As in the launch's planner: SYS_ADMIN is kept only for a module that is named.
      if (source.capabilities().contains(Capability.CAP_SYS_ADMIN)) {
        when.add("named:" + id);
      }
      fact(then, when);
      if (!source.capabilities().isEmpty()) {
        needs.add(new Need(source.capabilities(), id, List.of(runsFrom(id, source.name()))));
      }
    }
  }

  private void addConfinement() {
    // The default AppArmor profiles deny every mount and to read other processes' links.
    fact(APPARMOR_UNCONFINED, REMOUNTS);
    fact(APPARMOR_UNCONFINED, READS_PROCESSES);
    // Without SYS_CHROOT only pivot_root enters the host's root: Docker's and containerd's seccomp
    // profiles deny it, whatever the capabilities are.
    fact(SECCOMP_UNCONFINED, "without:SYS_CHROOT");
  }

  private void writable(String name, String path, String reason, String... when) {
    mounts.add(new MountRule(new HostMount(name, path, false, true, reason), List.of(when)));
  }

  private void addWritableMounts() {
    writable("host-runtime-path", RUNTIME_DIRECTORY, "launch and agent: the agent's data.");
    writable("host-install-path", INSTALL_PATH, "installer: the agent that it brings.", INSTALLER);
    writable("host-install-path", INSTALL_PATH, "launch: the installation directory.", "remount");
    writable(
        "host-install-path",
        INSTALL_PATH,
        "launch: nothing may be mounted, so the runtime is installed there.");
    writable(
        "host-default-runtime-path",
        "/var/lib/bonree",
        "Documented: stays where another runtime directory is used, with what is in it.");
  }

  private void mount(String name, String path, boolean readOnly, String reason, String... when) {
    mounts.add(new MountRule(new HostMount(name, path, readOnly, false, reason), List.of(when)));
  }

  private void addHostRoot() {
    mount(
        "host-root",
        "/",
        true,
        "launch: the host's root, read-only; every module reads it.",
        "mode:read-only");
    mount(
        "host-root",
        "/",
        false,
        "launch: the host's root, writable; mode full seals nothing.",
        "mode:full");
    mount(
        "host-etc",
        "/etc",
        false,
        "launch: makes the agent's user there, then seals it.",
        "mode:read-only",
        MAKES_USER);
  }

  /** What mode minimal shows. */
  private void addDirectories() {
    String all = "launch and agent";
    directory("/dev", all, "/dev/null and similar devices; the kernel log's device", MINIMAL);
    directory("/etc", all, "the host's accounts; configuration of container runtimes", MINIMAL);
    directory("/proc", all, "processes, counters, mounts", MINIMAL);
    for (String fact : List.of(READS_HOST, INSTALLER)) {
      directory("/run", READERS, "state of container runtimes", MINIMAL, fact);
      directory("/sys", READERS, "control groups, network interfaces, file systems", MINIMAL, fact);
      directory("/var", READERS, "state of container runtimes and kubelet, logs", MINIMAL, fact);
    }
    for (String path : List.of("/bin", "/sbin")) {
      directory(path, INSTALLER, "commands", MINIMAL, INSTALLER);
    }
    for (String path : List.of("/lib", "/lib64")) {
      directory(path, INSTALLER, "libraries of commands", MINIMAL, INSTALLER);
    }
    // Documented for CRI-O: where its storage.conf may be.
    for (String path : List.of("/etc/containers", "/usr/share/containers")) {
      mount(
          "host-crio" + path.replace('/', '-'),
          path,
          true,
          READERS + ": CRI-O's storage.conf.",
          MINIMAL,
          "crio");
    }
  }

  private void directory(String path, String who, String content, String... when) {
    mount("host" + path.replace('/', '-'), path, true, who + ": " + content + ".", when);
  }
}
