package io.smartagent.probe;

import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
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

  /** A path that does not exist: the kernel looks it up before it checks capabilities. */
  public static final String NOWHERE = "/nonexistent/smartagent";

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
    DenialClassifier denials =
        new DenialClassifier(
            capabilities,
            seccomp,
            lsmLabel,
            kernel.security().lockdown(),
            kernel.security()::sysctl,
            this::filterAnswersMount);
    onThrowAwayThread(() -> tryMounts(denials));
    onThrowAwayThread(() -> tryRootAndNamespaces(denials));
    tryReading(denials);
    attempt(Ability.BPF_TRACING, kernel.syscallProbes()::tracingProgram, denials);
    attempt(Ability.PERF_EVENTS, kernel.syscallProbes()::cpuClock, denials);
    attempt(Ability.PROCESS_EVENTS, kernel.syscallProbes()::processEvents, denials);
    ClusterFacts cluster = new ServiceAccountFinder(kernel.filesystem(), hostRoot).find(question);
    facts.put(Ability.SERVICE_ACCOUNT, cluster.ability());
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

  private void tryMounts(DenialClassifier denials) {
    attempt(Ability.UNSHARE_MOUNTS, kernel.namespaces()::unshareMounts, denials);
    attempt(
        Ability.MOUNT,
        fact(Ability.UNSHARE_MOUNTS).available()
            ? this::mountAndRemount
            : () -> mountNowhere(denials.capabilities().effective().contains(CAP_SYS_ADMIN)),
        denials);
    attempt(Ability.PIVOT_ROOT, kernel.syscallProbes()::pivotRoot, denials);
    attempt(Ability.OPEN_TREE, kernel.syscallProbes()::openTree, denials);
    attempt(Ability.MOUNT_SETATTR, kernel.syscallProbes()::mountSetattr, denials);
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
   * Without its own namespace it must not mount, so the place does not exist. The kernel looks the
   * place up before it looks at capabilities: any other answer is a seccomp filter's.
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

  private void tryRootAndNamespaces(DenialClassifier denials) {
    attempt(Ability.CHROOT, () -> kernel.namespaces().changeRoot("/"), denials);
    attempt(
        Ability.SETNS,
        () -> {
          Filesystem files = kernel.filesystem();
          try (Descriptor own = files.openFile("/proc/thread-self/ns/net")) {
            kernel.namespaces().enterNetworkNamespace(own);
          }
        },
        denials);
    // The last on its thread: it cannot be taken back.
    attempt(Ability.LANDLOCK, kernel.syscallProbes()::landlock, denials);
  }

  private void tryReading(DenialClassifier denials) {
    attempt(
        Ability.PTRACE_READ,
        () -> readAnExecutable(denials.capabilities().effective().contains(CAP_SYS_PTRACE)),
        denials);
    attempt(Ability.SYSLOG, () -> kernel.log().bufferSize(), denials);
    attempt(Ability.KMSG, () -> kernel.syscallProbes().readDevice(hostRoot + "/dev/kmsg"), denials);
  }

  /**
   * With the capability one process that can be read is enough: others may be closed to everybody.
   * Without it one that cannot be read is: those of the same user, with no more capabilities, are
   * open to all. Nearly always the first one decides, and a node's thousand others need not be
   * listed.
   */
  private void readAnExecutable(boolean capable) throws ErrnoException {
    String proc = procfs();
    String own = kernel.filesystem().readLink(proc + "/self");
    List<ErrnoException> refusals = new ArrayList<>();
    if (!own.equals(INIT) && decides(proc, INIT, capable, refusals)) {
      return;
    }
    for (String process : otherProcesses(proc, own)) {
      if (decides(proc, process, capable, refusals)) {
        return;
      }
    }
    if (!refusals.isEmpty()) {
      throw refusals.getLast();
    }
  }

  /** Returns whether no other process has to be asked. */
  private boolean decides(
      String proc, String process, boolean capable, List<ErrnoException> refusals)
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

  private void attempt(Ability ability, Attempt attempt, DenialClassifier denials) {
    try {
      attempt.make();
      facts.put(ability, AbilityFact.available(ability));
    } catch (ErrnoException e) {
      facts.put(ability, denials.classify(ability, e));
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
