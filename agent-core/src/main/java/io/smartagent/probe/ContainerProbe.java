package io.smartagent.probe;

import static io.smartagent.kernel.capability.Capability.CAP_BPF;
import static io.smartagent.kernel.capability.Capability.CAP_NET_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_PERFMON;
import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_CHROOT;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.mount.MountFlag;
import io.smartagent.kernel.mount.TmpfsOptions;
import io.smartagent.kernel.security.SeccompMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks the kernel what this container may do. What could leave a trace is done on a thread that
 * ends, in a mount namespace that ends with it.
 */
public final class ContainerProbe {

  private static final TmpfsOptions TINY = new TmpfsOptions(4096, 0700);

  private static final String NOWHERE = "/nonexistent/smartagent";

  /** The process that every pid namespace has. */
  private static final String INIT = "1";

  private final Kernel kernel;
  private final String hostRoot;
  private final ClusterQuestion question;

  private final Map<Ability, AbilityFact> facts = new EnumMap<>(Ability.class);

  /**
   * Returns a probe.
   *
   * @param hostRoot where the host's root is mounted, for its /proc and /dev
   * @param question where a ServiceAccount is looked for
   */
  public ContainerProbe(Kernel kernel, String hostRoot, ClusterQuestion question) {
    this.kernel = kernel;
    this.hostRoot = hostRoot;
    this.question = question;
  }

  /**
   * Returns what was found. To be asked once: the answer does not change.
   *
   * @throws ErrnoException where not even the capability sets can be read
   */
  public ContainerFacts probe() throws ErrnoException {
    ThreadCapabilities capabilities = kernel.capabilities().read();
    SeccompMode seccomp = kernel.security().seccomp();
    Optional<String> lsmLabel = kernel.security().lsmLabel();
    Blame blame =
        new Blame(
            capabilities,
            seccomp,
            lsmLabel,
            kernel.security().lockdown(),
            kernel.security()::sysctl,
            this::filterAnswersMount);
    onThrowAwayThread(() -> tryMounts(blame));
    onThrowAwayThread(() -> tryRootAndNamespaces(blame));
    tryReading(blame);
    attempt(
        Ability.BPF_TRACING,
        kernel.trials()::tracingProgram,
        blame,
        tracingCapabilities(capabilities));
    attempt(Ability.PERF_EVENTS, kernel.trials()::cpuClock, blame, perfCapabilities(capabilities));
    attempt(
        Ability.PROCESS_EVENTS,
        kernel.trials()::processEvents,
        blame,
        CapabilitySet.of(CAP_NET_ADMIN));
    ClusterFacts cluster = new ServiceAccountFinder(kernel.filesystem(), hostRoot).find(question);
    facts.put(Ability.SERVICE_ACCOUNT, factOf(cluster));
    return new ContainerFacts(
        kernel.security().release(),
        kernel.security().machine(),
        kernel.credentials().users().effective(),
        capabilities,
        kernel.capabilities().ambientIsSupported(),
        kernel.capabilities().securebits(),
        kernel.capabilities().noNewPrivileges(),
        seccomp,
        lsmLabel,
        kernel.namespaces().userNamespaceIsInitial(),
        facts(),
        cluster);
  }

  private static AbilityFact factOf(ClusterFacts cluster) {
    if (cluster.hasAccount()) {
      return AbilityFact.available(Ability.SERVICE_ACCOUNT);
    }
    return AbilityFact.blocked(
        Ability.SERVICE_ACCOUNT,
        Blocker.MOUNT,
        cluster.isPod()
            ? "No ServiceAccount's token is mounted into this container."
            : ClusterQuestion.HOST_VARIABLE + " is not set: this container is in no pod.");
  }

  private List<AbilityFact> facts() {
    List<AbilityFact> inOrder = new ArrayList<>();
    for (Ability ability : Ability.values()) {
      inOrder.add(fact(ability));
    }
    return inOrder;
  }

  private AbilityFact fact(Ability ability) {
    AbilityFact fact = facts.get(ability);
    if (fact == null) {
      throw new IllegalStateException("not tried: " + ability.id());
    }
    return fact;
  }

  /**
   * Whether mount(2) fails in this way even for a place that is not there, so before any LSM is
   * asked.
   */
  private boolean filterAnswersMount(Errno errno) {
    try {
      kernel.mounts().makePrivateRecursively(NOWHERE);
      return false;
    } catch (ErrnoException e) {
      return e.errno() == errno;
    }
  }

  /** BPF and PERFMON are enough since Linux 5.8; SYS_ADMIN has always been. */
  private static CapabilitySet tracingCapabilities(ThreadCapabilities had) {
    return had.effective().contains(CAP_SYS_ADMIN)
        ? CapabilitySet.of(CAP_SYS_ADMIN)
        : CapabilitySet.of(CAP_BPF, CAP_PERFMON);
  }

  private static CapabilitySet perfCapabilities(ThreadCapabilities had) {
    return had.effective().contains(CAP_SYS_ADMIN)
        ? CapabilitySet.of(CAP_SYS_ADMIN)
        : CapabilitySet.of(CAP_PERFMON);
  }

  private void tryMounts(Blame blame) {
    CapabilitySet admin = CapabilitySet.of(CAP_SYS_ADMIN);
    attempt(Ability.UNSHARE_MOUNTS, kernel.namespaces()::unshareMounts, blame, admin);
    attempt(
        Ability.MOUNT,
        fact(Ability.UNSHARE_MOUNTS).available()
            ? this::mountAndRemount
            : () -> mountNowhere(blame.capabilities().effective().contains(CAP_SYS_ADMIN)),
        blame,
        admin);
    attempt(Ability.PIVOT_ROOT, kernel.trials()::pivotRoot, blame, admin);
    attempt(Ability.OPEN_TREE, kernel.trials()::openTree, blame, admin);
    attempt(Ability.MOUNT_SETATTR, kernel.trials()::mountSetattr, blame, admin);
  }

  private void mountAndRemount() throws ErrnoException {
    kernel.mounts().makePrivateRecursively("/");
    kernel.mounts().mountTmpfs(hostRoot(), TINY, Set.of());
    kernel.mounts().remountReadOnly(hostRoot(), Set.of(MountFlag.MS_NOSUID, MountFlag.MS_NODEV));
  }

  /** Any directory will do in a namespace of one's own; /proc is in every container. */
  private String hostRoot() {
    try (Descriptor _ = kernel.filesystem().openDirectory(hostRoot)) {
      return hostRoot;
    } catch (ErrnoException absent) {
      return "/proc";
    }
  }

  /**
   * Without a namespace of its own nothing must be mounted, so the place does not exist. The kernel
   * looks the place up before it looks at capabilities: any other answer is a seccomp filter's.
   */
  private void mountNowhere(boolean capable) throws ErrnoException {
    try {
      kernel.mounts().makePrivateRecursively(NOWHERE);
    } catch (ErrnoException e) {
      boolean reached = e.errno() == Errno.ENOENT;
      if (!reached || !capable) {
        throw reached ? new ErrnoException(e.call(), Errno.EPERM) : e;
      }
    }
  }

  private void tryRootAndNamespaces(Blame blame) {
    attempt(
        Ability.CHROOT,
        () -> kernel.namespaces().changeRoot("/"),
        blame,
        CapabilitySet.of(CAP_SYS_CHROOT));
    attempt(
        Ability.SETNS,
        () -> {
          Filesystem files = kernel.filesystem();
          try (Descriptor own = files.openFile("/proc/thread-self/ns/net")) {
            kernel.namespaces().enterNetworkNamespace(own);
          }
        },
        blame,
        CapabilitySet.of(CAP_SYS_ADMIN));
    // The last on its thread: it cannot be taken back.
    attempt(Ability.LANDLOCK, kernel.trials()::landlock, blame, CapabilitySet.NONE);
  }

  private void tryReading(Blame blame) {
    attempt(
        Ability.PTRACE_READ,
        () -> readAnExecutable(blame.capabilities().effective().contains(CAP_SYS_PTRACE)),
        blame,
        CapabilitySet.of(CAP_SYS_PTRACE));
    attempt(Ability.SYSLOG, () -> kernel.log().bufferSize(), blame, CapabilitySet.of(CAP_SYSLOG));
    attempt(
        Ability.KMSG,
        () -> kernel.trials().readDevice(hostRoot + "/dev/kmsg"),
        blame,
        CapabilitySet.of(CAP_SYSLOG));
  }

  /**
   * With the capability one process that can be read is enough: others may be closed to everybody.
   * Without it one that cannot be read is: those of the same user, with no more capabilities, are
   * open to anybody. Nearly always the first one tells, and a node's thousand others need not be
   * listed.
   */
  private void readAnExecutable(boolean capable) throws ErrnoException {
    String proc = procfs();
    String own = kernel.filesystem().readLink(proc + "/self");
    List<ErrnoException> refusals = new ArrayList<>();
    if (!own.equals(INIT) && tells(proc, INIT, capable, refusals)) {
      return;
    }
    for (String process : otherProcesses(proc, own)) {
      if (tells(proc, process, capable, refusals)) {
        return;
      }
    }
    if (!refusals.isEmpty()) {
      throw refusals.getLast();
    }
  }

  /** Returns whether no other process has to be asked. */
  private boolean tells(String proc, String process, boolean capable, List<ErrnoException> refusals)
      throws ErrnoException {
    try {
      kernel.filesystem().readLink(proc + "/" + process + "/exe");
      return capable;
    } catch (ErrnoException e) {
      boolean kernelThreadOrGone = e.errno() == Errno.ENOENT || e.errno() == Errno.ESRCH;
      if (!kernelThreadOrGone && !capable) {
        throw e;
      }
      if (!kernelThreadOrGone) {
        refusals.add(e);
      }
      return false;
    }
  }

  /** Where the host's root has no procfs, the launch shows the container's own there. */
  private String procfs() {
    try {
      kernel.filesystem().readLink(hostRoot + "/proc/self");
      return hostRoot + "/proc";
    } catch (ErrnoException none) {
      return "/proc";
    }
  }

  /** The youngest first: the oldest are threads of the kernel, which have no executable. */
  private List<String> otherProcesses(String proc, String own) throws ErrnoException {
    List<String> processes = new ArrayList<>();
    try (Descriptor directory = kernel.filesystem().openDirectory(proc)) {
      for (String name : kernel.filesystem().list(directory)) {
        if (Character.isDigit(name.charAt(0)) && !name.equals(own)) {
          processes.add(name);
        }
      }
    }
    return processes.reversed();
  }

  /** A call that is made to see whether it fails. */
  @FunctionalInterface
  private interface Attempt {
    void make() throws ErrnoException;
  }

  private void attempt(Ability ability, Attempt attempt, Blame blame, CapabilitySet needed) {
    try {
      attempt.make();
      facts.put(ability, AbilityFact.available(ability));
    } catch (ErrnoException e) {
      facts.put(ability, blame.forFailure(ability, e, needed));
    }
  }

  private static void onThrowAwayThread(Runnable work) {
    List<Throwable> thrown = new ArrayList<>();
    Thread thread = Thread.ofPlatform().name("probe").unstarted(work);
    thread.setUncaughtExceptionHandler((where, what) -> thrown.add(what));
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!thrown.isEmpty()) {
      throw new IllegalStateException(thrown.getFirst());
    }
  }
}
