package io.smartagent.simulation;

import static io.smartagent.kernel.capability.Capability.CAP_BPF;
import static io.smartagent.kernel.capability.Capability.CAP_NET_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_PERFMON;
import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_CHROOT;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;

import io.smartagent.confinement.GatedCall;
import io.smartagent.host.HostRoot;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.Securebits;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.kernel.mount.MountFlag;
import io.smartagent.kernel.security.SecurityState;
import io.smartagent.probe.Ability;
import io.smartagent.probe.AbilityFact;
import io.smartagent.probe.ClusterFacts;
import io.smartagent.probe.ClusterQuestion;
import io.smartagent.probe.ContainerFacts;
import io.smartagent.probe.ContainerProbe;
import io.smartagent.probe.DenialClassifier;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * Predicts what the probe would find in an assumed container. What blocks a system call is checked
 * in the order in which a kernel does: the seccomp filter, whether the call exists, the capability,
 * the LSM. Each failure names the call as the real one does.
 */
final class AssumedProbe {

  private static final String HOST_PROC = HostRoot.MOUNT_POINT + "/proc";
  private static final String HOST_LOG = HostRoot.MOUNT_POINT + "/dev/kmsg";

  private final AssumedContainer container;
  private final AssumedHost host;
  private final SecurityState node;

  /**
   * @param node whose sysctls and machine are taken for those of the assumed one
   */
  AssumedProbe(AssumedContainer container, AssumedHost host, SecurityState node) {
    this.container = container;
    this.host = host;
    this.node = node;
  }

  /** Returns what would be found. Nothing is inheritable, as runtimes do since CVE-2022-24769. */
  ContainerFacts facts(ClusterQuestion question) {
    ThreadCapabilities capabilities =
        new ThreadCapabilities(
            container.effective(),
            container.effective(),
            CapabilitySet.NONE,
            container.capabilities(),
            CapabilitySet.NONE);
    Optional<String> label = container.confinement().lsm().map(profile -> profile + " (enforce)");
    ClusterFacts cluster = cluster(question);
    return new ContainerFacts(
        container.kernel().text(),
        node.machine(),
        container.uid(),
        capabilities,
        container.has(KernelFeature.AMBIENT_CAPABILITIES),
        Securebits.NONE,
        container.confinement().noNewPrivileges(),
        container.confinement().seccompMode(),
        label,
        container.namespaces().initialUser(),
        abilities(capabilities, label, cluster),
        cluster);
  }

  private List<AbilityFact> abilities(
      ThreadCapabilities capabilities, Optional<String> label, ClusterFacts cluster) {
    DenialClassifier denials =
        new DenialClassifier(
            capabilities,
            container.confinement().seccompMode(),
            label,
            Optional.empty(),
            node::sysctl,
            errno -> errno == (passes(GatedCall.MOUNT) ? Errno.ENOENT : Errno.EPERM));
    List<AbilityFact> facts = new ArrayList<>();
    for (Ability ability : Ability.values()) {
      try {
        attempt(ability);
        facts.add(
            ability == Ability.SERVICE_ACCOUNT
                ? cluster.ability()
                : AbilityFact.available(ability));
      } catch (ErrnoException e) {
        facts.add(denials.classify(ability, e));
      }
    }
    return facts;
  }

  private ClusterFacts cluster(ClusterQuestion question) {
    if (question.server().isEmpty()) {
      return ClusterFacts.NONE;
    }
    String file = container.accountFile();
    String projected = HostRoot.MOUNT_POINT + question.directory() + ClusterQuestion.TOKEN;
    if (file.equals(projected) && host.type(HostRoot.MOUNT_POINT).isPresent()) {
      return new ClusterFacts(question.server(), question.directory(), true, "", true);
    }
    return file.equals(ClusterQuestion.AUTOMOUNTED + ClusterQuestion.TOKEN)
        ? new ClusterFacts(question.server(), ClusterQuestion.AUTOMOUNTED, false, "", true)
        : new ClusterFacts(question.server(), "", false, "", false);
  }

  private void attempt(Ability ability) throws ErrnoException {
    switch (ability) {
      case UNSHARE_MOUNTS ->
          call("unshare(CLONE_NEWNS|CLONE_FS)", GatedCall.UNSHARE, CAP_SYS_ADMIN);
      case MOUNT -> mount();
      case OPEN_TREE ->
          call("open_tree()", GatedCall.OPEN_TREE, KernelFeature.OPEN_TREE, CAP_SYS_ADMIN);
      case MOUNT_SETATTR ->
          call(
              "mount_setattr()",
              GatedCall.MOUNT_SETATTR,
              KernelFeature.MOUNT_SETATTR,
              CAP_SYS_ADMIN);
      // With paths that do not exist: no LSM is asked.
      case PIVOT_ROOT -> call("pivot_root()", GatedCall.PIVOT_ROOT, CAP_SYS_ADMIN);
      case CHROOT -> call("chroot(\"/\")", GatedCall.CHROOT, CAP_SYS_CHROOT);
      case SETNS -> enterNetworkNamespace();
      case PTRACE_READ -> readExecutable();
      case SYSLOG -> {
        String call = "syslog(SYSLOG_ACTION_SIZE_BUFFER)";
        filter(GatedCall.SYSLOG, call);
        readLog(call);
      }
      case KMSG -> openLogDevice();
      case BPF_TRACING -> loadTracingProgram();
      case PERF_EVENTS -> openCpuClock();
      case PROCESS_EVENTS -> listenToProcesses();
      // No default profile filters it.
      case LANDLOCK ->
          need(KernelFeature.LANDLOCK, "landlock_create_ruleset(LANDLOCK_ACCESS_FS_WRITE_FILE)");
      case SERVICE_ACCOUNT -> {}
    }
  }

  /** The probe mounts only in a separate mount namespace; else it uses a missing path. */
  private void mount() throws ErrnoException {
    boolean ownNamespace = passes(GatedCall.UNSHARE) && has(CAP_SYS_ADMIN);
    String call =
        "mount(\""
            + (ownNamespace ? "/" : ContainerProbe.NOWHERE)
            + "\", "
            + MountFlag.names(EnumSet.of(MountFlag.MS_REC, MountFlag.MS_PRIVATE))
            + ")";
    call(call, GatedCall.MOUNT, CAP_SYS_ADMIN);
    if (ownNamespace) {
      confine(call);
    }
  }

  /** The network namespace of the host belongs to the initial user namespace. */
  private void enterNetworkNamespace() throws ErrnoException {
    String call = "setns(/proc/thread-self/ns/net, CLONE_NEWNET)";
    call(call, GatedCall.SETNS, CAP_SYS_ADMIN);
    if (container.namespaces().hostNetwork() && !container.namespaces().initialUser()) {
      throw new ErrnoException(call, Errno.EPERM);
    }
  }

  /** ptrace(2), "Ptrace access mode checking": another user's process, so never one's own. */
  private void readExecutable() throws ErrnoException {
    boolean ofHost = host.type(HOST_PROC).isPresent();
    boolean othersVisible = ofHost || container.namespaces().hostPid();
    String call = "readlink(\"" + (ofHost ? HOST_PROC : "/proc") + "/2/exe\")";
    if (othersVisible && !hasOnHost(CAP_SYS_PTRACE)) {
      throw new ErrnoException(call, Errno.EACCES);
    }
    if (othersVisible) {
      confine(call);
    }
  }

  /** The device cgroup is asked before the driver. */
  private void openLogDevice() throws ErrnoException {
    String call = "open(\"" + HOST_LOG + "\", O_RDONLY|O_NONBLOCK)";
    if (host.type(HOST_LOG).isEmpty()) {
      throw new ErrnoException(call, Errno.ENOENT);
    }
    if (!container.confinement().anyDevice()) {
      throw new ErrnoException(call, Errno.EPERM);
    }
    readLog(call);
  }

  private void readLog(String call) throws ErrnoException {
    boolean restricted = node.sysctl("kernel/dmesg_restrict").orElse(1L) != 0;
    if (restricted && !hasOnHost(CAP_SYSLOG)) {
      throw new ErrnoException(call, Errno.EPERM);
    }
  }

  private void loadTracingProgram() throws ErrnoException {
    String call = "bpf(BPF_PROG_LOAD, BPF_PROG_TYPE_RAW_TRACEPOINT)";
    filter(GatedCall.BPF, call);
    need(KernelFeature.BPF, call);
    boolean parts =
        container.has(KernelFeature.BPF_CAPABILITIES)
            && hasOnHost(CAP_BPF)
            && hasOnHost(CAP_PERFMON);
    if (!parts && !hasOnHost(CAP_SYS_ADMIN)) {
      throw new ErrnoException(call, Errno.EPERM);
    }
    if (!container.has(KernelFeature.RAW_TRACEPOINTS)) {
      throw new ErrnoException(call, Errno.EINVAL);
    }
  }

  private void openCpuClock() throws ErrnoException {
    String call = "perf_event_open(PERF_COUNT_SW_CPU_CLOCK, all processes of CPU 0)";
    filter(GatedCall.PERF_EVENT_OPEN, call);
    boolean restricted = node.sysctl("kernel/perf_event_paranoid").orElse(2L) > 0;
    if (restricted && !hasOnHost(CAP_PERFMON) && !hasOnHost(CAP_SYS_ADMIN)) {
      throw new ErrnoException(call, Errno.EACCES);
    }
  }

  private void listenToProcesses() throws ErrnoException {
    String protocol = "(NETLINK_CONNECTOR, CN_IDX_PROC)";
    if (!container.has(KernelFeature.UNPRIVILEGED_PROCESS_EVENTS) && !has(CAP_NET_ADMIN)) {
      throw new ErrnoException("bind" + protocol, Errno.EPERM);
    }
    if (!container.namespaces().hostNetwork()) {
      throw new ErrnoException("sendto" + protocol, Errno.ECONNREFUSED);
    }
    if (!container.namespaces().hostPid() || !container.namespaces().initialUser()) {
      throw new ErrnoException("PROC_CN_MCAST_LISTEN", Errno.ENODATA);
    }
  }

  private void call(String call, GatedCall filtered, KernelFeature feature, Capability capability)
      throws ErrnoException {
    filter(filtered, call);
    need(feature, call);
    need(capability, call);
  }

  private void call(String call, GatedCall filtered, Capability capability) throws ErrnoException {
    filter(filtered, call);
    need(capability, call);
  }

  private boolean passes(GatedCall call) {
    return container.confinement().seccomp().allows(call, container.capabilities());
  }

  private void filter(GatedCall filtered, String call) throws ErrnoException {
    if (!passes(filtered)) {
      throw new ErrnoException(call, Errno.EPERM);
    }
  }

  private void need(KernelFeature feature, String call) throws ErrnoException {
    if (!container.has(feature)) {
      throw new ErrnoException(call, Errno.ENOSYS);
    }
  }

  /** In the container's own user namespace. */
  private void need(Capability capability, String call) throws ErrnoException {
    if (!has(capability)) {
      throw new ErrnoException(call, Errno.EPERM);
    }
  }

  private boolean has(Capability capability) {
    return container.effective().contains(capability);
  }

  /** What belongs to the whole machine requires the capability in the initial user namespace. */
  private boolean hasOnHost(Capability capability) {
    return container.namespaces().initialUser() && has(capability);
  }

  /** The profiles of container engines deny mounts, and to read processes that are not theirs. */
  private void confine(String call) throws ErrnoException {
    if (container.confinement().lsm().isPresent()) {
      throw new ErrnoException(call, Errno.EACCES);
    }
  }
}
