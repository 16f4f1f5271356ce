package io.smartagent.kubernetes.audit;

import io.smartagent.confinement.PodSecurityStandards;
import io.smartagent.kernel.capability.CapabilitySet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks through a container with every rule. Pure. */
final class Examination {

  private static final Set<String> UNCONFINED_TYPES = Set.of("spc_t", "unconfined_t", "init_t");

  private final Pod pod;
  private final Container container;
  private final List<Finding> findings = new ArrayList<>();

  private Examination(Pod pod, Container container) {
    this.pod = pod;
    this.container = container;
  }

  /** Returns what is found in a container, the worst first. */
  static List<Finding> of(Pod pod, Container container) {
    return new Examination(pod, container).examine();
  }

  private List<Finding> examine() {
    hostProcess();
    if (pod.windows()) {
      // What else there is of this is refused or ignored there.
      return List.copyOf(findings);
    }
    if (container.privileged()) {
      add(
          Rule.PRIVILEGED,
          Level.PRIVILEGED,
          container.security().get("privileged"),
          "privileged: true");
    } else {
      // A privileged container has all of this anyway.
      capabilities();
      confinement();
    }
    container.mounts().forEach(this::mount);
    namespaces();
    hostPorts();
    sysctls();
    user();
    findings.sort(Comparator.comparing(Finding::level));
    return List.copyOf(findings);
  }

  private void add(Rule rule, Level level, Field field, String words) {
    findings.add(Finding.of(rule, level, field, words));
  }

  private void hostProcess() {
    Field own = container.security().get("windowsOptions").get("hostProcess");
    Field ofPod = pod.field().get("securityContext").get("windowsOptions").get("hostProcess");
    Field field = own.isPresent() ? own : ofPod;
    if (field.isTrue()) {
      add(Rule.HOST_PROCESS, Level.EQUIVALENT, field, "hostProcess");
    }
  }

  private void capabilities() {
    Field field = container.security().get("capabilities").get("add");
    CapabilitySet added = container.addsAll() ? new CapabilitySet(-1) : container.added();
    boolean harmless = !pod.hostUsers() || container.isConfinedByUser();
    if (container.addsAll()) {
      findings.add(
          new Finding(
              Rule.CAPABILITY_AS_ROOT,
              harmless ? Level.WEAKENED : Level.EQUIVALENT,
              field.path(),
              field.line(),
              "every capability",
              "It mounts, loads modules and traces, as a privileged container does."
                  + whyHarmless(harmless)));
      return;
    }
    CapabilitySet known = PodSecurityStandards.BASELINE;
    for (CapabilityRisk risk : CapabilityRisk.values()) {
      if (risk.appliesTo(added, pod)) {
        known = known.with(risk.capability());
        boolean asRoot = risk.level() == Level.EQUIVALENT;
        findings.add(
            new Finding(
                asRoot ? Rule.CAPABILITY_AS_ROOT : Rule.CAPABILITY_REACHES_HOST,
                harmless ? Level.WEAKENED : risk.level(),
                field.path(),
                field.line(),
                risk.capability().shortName(),
                risk.reason() + whyHarmless(harmless)));
      }
    }
    CapabilitySet others = added.minus(known);
    if (!others.isEmpty()) {
      add(
          Rule.CAPABILITY_BEYOND_BASELINE,
          Level.WEAKENED,
          field,
          String.join(", ", others.shortNames()));
    }
  }

  private String whyHarmless(boolean harmless) {
    if (!harmless) {
      return "";
    }
    return pod.hostUsers()
        ? " As another user than 0 it cannot use it here."
        : " With hostUsers: false that is so in its user namespace only.";
  }

  private void confinement() {
    if (container.seccomp().is("Unconfined")) {
      add(Rule.SECCOMP, Level.WEAKENED, container.seccomp().field(), "seccomp Unconfined");
    }
    if (container.appArmor().is("Unconfined")) {
      add(Rule.APPARMOR, Level.WEAKENED, container.appArmor().field(), "AppArmor Unconfined");
    }
    String type = container.seLinuxType().value();
    if (UNCONFINED_TYPES.contains(type)) {
      add(Rule.SELINUX, Level.WEAKENED, container.seLinuxType().field(), "SELinux " + type);
    }
    Field procMount = container.security().get("procMount");
    if (procMount.text().filter("Unmasked"::equals).isPresent()) {
      add(Rule.PROC_MOUNT, Level.WEAKENED, procMount, "procMount Unmasked");
    }
    if (container.allowPrivilegeEscalation().orElse(false)) {
      add(
          Rule.PRIVILEGE_ESCALATION,
          Level.WEAKENED,
          container.security().get("allowPrivilegeEscalation"),
          "allowPrivilegeEscalation: true");
    }
  }

  private void mount(Mount mount) {
    String path = mount.hostPath();
    if (path == null) {
      return;
    }
    boolean socket = sockets(mount, path);
    boolean run = mount.isWritable() && run(mount, path);
    if (!socket && !run) {
      add(Rule.HOST_PATH, Level.WEAKENED, mount.field(), words(mount, path));
    }
    secrets(mount, path);
  }

  private static String words(Mount mount, String path) {
    return "hostPath " + path + (mount.readOnly() ? " (read-only)" : " (writable)");
  }

  private boolean sockets(Mount mount, String path) {
    List<HostPathRisk> found =
        Arrays.stream(HostPathRisk.values())
            .filter(risk -> risk.isSocket() && risk.isIn(path))
            .toList();
    if (found.isEmpty()) {
      return false;
    }
    String sockets =
        found.size() > 1
            ? "the sockets of container runtimes"
            : "the socket of " + found.getFirst().holds();
    findings.add(
        new Finding(
            Rule.RUNTIME_SOCKET,
            // A socket is a group's too, and the groups are the image's where the pod names none: a
            // user that its /etc/passwd does not know is in group 0, which has containerd's.
            Level.EQUIVALENT,
            mount.field().path(),
            mount.field().line(),
            words(mount, path),
            "It holds " + sockets + ". " + Rule.RUNTIME_SOCKET.reason()));
    return true;
  }

  private boolean run(Mount mount, String path) {
    List<HostPathRisk> found =
        Arrays.stream(HostPathRisk.values())
            .filter(risk -> risk.isRun() && risk.isIn(path))
            .toList();
    if (found.isEmpty()) {
      return false;
    }
    String held =
        found.size() > 3
            ? "much that root of the host runs or believes"
            : found.stream().map(HostPathRisk::holds).distinct().collect(Collectors.joining("; "));
    String how =
        mount.readOnly()
            ? " readOnly does not reach the mounts below it, such as /proc and /run: only"
                + " recursiveReadOnly: Enabled does."
            : "";
    findings.add(
        new Finding(
            Rule.HOST_PATH_AS_ROOT,
            fileLevel(),
            mount.field().path(),
            mount.field().line(),
            words(mount, path),
            "It holds " + held + "." + how + whyConfined()));
    return true;
  }

  private void secrets(Mount mount, String path) {
    String held =
        Arrays.stream(HostPathRisk.values())
            .filter(risk -> risk.isSecret() && risk.isIn(path))
            .map(HostPathRisk::holds)
            .distinct()
            .limit(3)
            .collect(Collectors.joining("; "));
    if (!held.isEmpty()) {
      findings.add(
          new Finding(
              Rule.HOST_PATH_SECRETS,
              Level.WEAKENED,
              mount.field().path(),
              mount.field().line(),
              words(mount, path),
              "What can be read there: " + held + "."));
    }
  }

  /**
   * A process that is permanently another user than 0 is stopped by the permissions of the files.
   */
  private Level fileLevel() {
    return container.isConfinedByUser() ? Level.WEAKENED : Level.EQUIVALENT;
  }

  private String whyConfined() {
    return container.isConfinedByUser()
        ? " It runs as a user other than 0, so file permissions apply."
        : "";
  }

  private void namespaces() {
    if (pod.hostPid()) {
      add(Rule.HOST_PID, Level.WEAKENED, pod.field().get("hostPID"), "hostPID");
    }
    if (pod.hostNetwork()) {
      add(Rule.HOST_NETWORK, Level.WEAKENED, pod.field().get("hostNetwork"), "hostNetwork");
    }
    if (pod.hostIpc()) {
      add(Rule.HOST_IPC, Level.WEAKENED, pod.field().get("hostIPC"), "hostIPC");
    }
  }

  /** In the host's network every port is one of the host, and the API server sets hostPort. */
  private void hostPorts() {
    if (pod.hostNetwork()) {
      return;
    }
    for (Field port : container.field().get("ports").maps()) {
      Field hostPort = port.get("hostPort");
      long number = hostPort.number().orElse(0);
      if (number > 0) {
        add(Rule.HOST_PORT, Level.WEAKENED, hostPort, "hostPort " + number);
      }
    }
  }

  private void sysctls() {
    for (Field sysctl : pod.field().get("securityContext").get("sysctls").maps()) {
      Field field = sysctl.get("name");
      Optional<String> name = field.text().map(text -> text.replace('/', '.'));
      if (name.isPresent() && !PodSecurityStandards.SAFE_SYSCTLS.contains(name.get())) {
        add(Rule.UNSAFE_SYSCTL, Level.WEAKENED, field, "sysctl " + name.get());
      }
    }
  }

  private void user() {
    if (container.runAsUser().isPresent()
        && container.runAsUser().getAsLong() == 0
        && pod.hostUsers()) {
      add(Rule.ROOT_USER, Level.WEAKENED, container.userField(), "runAsUser: 0");
    }
  }
}
