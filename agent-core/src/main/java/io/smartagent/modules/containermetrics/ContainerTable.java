package io.smartagent.modules.containermetrics;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.ModuleContext;
import io.smartagent.modules.cgroup.CgroupLevel;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.container.Containers;
import io.smartagent.modules.container.DockerContainer;
import io.smartagent.modules.process.ProcessFiles;
import io.smartagent.modules.process.ProcessStat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures the containers of the host. What changes seldom is kept from pass to pass and read again
 * once in a minute, of some containers in each pass.
 */
final class ContainerTable {

  /** More than any node is made for; each has some dozen metrics. */
  static final int SHOWN_AT_MOST = 1000;

  private static final int PASSES_UNTIL_READ_AGAIN = 6;

  /** A container's first process is among the first ones that the kernel lists. */
  private static final int ASKED_FOR_THEIR_START = 4;

  private static final int NETWORK_FILE = 1 << 20;

  private final Filesystem files;
  private final boolean readsRuntimeFiles;
  private final Containers containers;
  private final ProcessFiles processes;
  private final ProcessCounts counts;
  private final GroupTree tree;
  private final GroupFiles groups;
  private final Instant boot;
  private final boolean seesOwnProcessesOnly;
  private final Hierarchies hierarchies;
  private Map<String, Known> known = new HashMap<>();
  private int pass;

  /** What is kept of a container. */
  private record Known(
      @Nullable ContainerIdentity identity, Limits limits, int firstPid, long startTicks) {}

  /**
   * What one pass has found.
   *
   * @param running what was measured, by their ids
   * @param stopped those of Docker that have no processes
   * @param notShown how many more containers there are
   */
  record Pass(List<Measurement> running, List<Container> stopped, int notShown) {}

  /**
   * @throws ErrnoException where the host has no control groups or no procfs
   */
  ContainerTable(ModuleContext context) throws ErrnoException {
    this.files = context.kernel().filesystem();
    this.readsRuntimeFiles = context.source().equals(ContainerMetricsDefinition.RUNTIME_FILES);
    this.containers = new Containers(context);
    this.processes = new ProcessFiles(files, context.root());
    this.counts = new ProcessCounts(files, processes, context.root());
    this.hierarchies = Hierarchies.find(files, context.root());
    this.tree = new GroupTree(files, hierarchies.main(), containers);
    this.groups = new GroupFiles(files, hierarchies);
    this.boot =
        Instant.now()
            .minus(
                Duration.ofMillis(processes.uptimeTicks() * (1000 / ProcessStat.TICKS_PER_SECOND)));
    this.seesOwnProcessesOnly = isInAnotherPidNamespace(context.root());
  }

  /**
   * cgroup.procs has the numbers of the reader's pid namespace, /proc those of the namespace that
   * it was mounted for: cgroups(7), pid_namespaces(7). /proc/self tells whether they are the same.
   */
  private boolean isInAnotherPidNamespace(String root) {
    try {
      String self = files.readLink(root + "/proc/self");
      return !self.equals(Long.toString(ProcessHandle.current().pid()));
    } catch (ErrnoException fixture) {
      return false;
    }
  }

  /** Returns the versions of control groups that the host has. */
  String versions() {
    return hierarchies.versions();
  }

  /**
   * Measures every container once.
   *
   * @param stopping whether to end early, with what has been found
   * @throws ErrnoException where the control groups cannot be listed any more
   */
  Pass measure(BooleanSupplier stopping) throws ErrnoException {
    pass++;
    Map<String, Known> now = new HashMap<>();
    List<Measurement> measured = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    Networks networks = new Networks();
    @Nullable Map<String, List<Integer>> scanned = seesOwnProcessesOnly ? scan(stopping) : null;
    int notShown = 0;
    for (ContainerGroup group : tree.containers()) {
      if (stopping.getAsBoolean()) {
        break;
      }
      String id = String.valueOf(group.owner().containerId());
      List<Integer> pids =
          scanned == null ? processesOf(group) : scanned.getOrDefault(id, List.of());
      if (pids.isEmpty()) {
        // Nobody has removed it yet, or nobody has entered it yet.
        continue;
      }
      ids.add(id);
      if (measured.size() >= SHOWN_AT_MOST) {
        notShown++;
        continue;
      }
      Known container = look(group.owner(), id, group.path(), pids, measured.size());
      now.put(id, container);
      Measurement measurement = measure(group, container, pids);
      networks.add(measured.size(), measurement.container(), pids);
      measured.add(measurement);
    }
    networks.readInto(measured);
    known = now;
    List<Container> stopped = stopped(ids);
    int room = SHOWN_AT_MOST - measured.size();
    return new Pass(
        measured,
        stopped.subList(0, Math.min(room, stopped.size())),
        notShown + Math.max(0, stopped.size() - room));
  }

  private List<Integer> processesOf(ContainerGroup group) {
    List<Integer> pids = new ArrayList<>();
    groups.addProcesses(group.path(), pids);
    for (String path : group.below()) {
      groups.addProcesses(path, pids);
    }
    return pids;
  }

  /** For want of anything better: every process of the host is asked where it is. */
  private Map<String, List<Integer>> scan(BooleanSupplier stopping) throws ErrnoException {
    Map<String, List<Integer>> found = new HashMap<>();
    for (int pid : processes.pids()) {
      if (stopping.getAsBoolean()) {
        break;
      }
      String id = containers.owner(processes, pid).containerId();
      if (id != null) {
        found.computeIfAbsent(id, key -> new ArrayList<>()).add(pid);
      }
    }
    return found;
  }

  private Known look(CgroupOwner owner, String id, String path, List<Integer> pids, int number) {
    Known before = known.get(id);
    boolean again = (pass + number) % PASSES_UNTIL_READ_AGAIN == 0;
    ContainerIdentity identity = before == null ? null : before.identity();
    if (identity == null || again) {
      ContainerIdentity read = readsRuntimeFiles ? containers.read(owner) : null;
      identity = read == null ? containers.identify(owner) : read;
    }
    Limits limits = before == null || again ? groups.limits(path) : before.limits();
    if (before != null && pids.contains(before.firstPid())) {
      return new Known(identity, limits, before.firstPid(), before.startTicks());
    }
    ProcessStat first = first(pids);
    if (first != null) {
      return new Known(identity, limits, first.pid(), first.startTicks());
    }
    return before == null
        ? new Known(identity, limits, 0, KeyedText.ABSENT)
        : new Known(identity, limits, before.firstPid(), before.startTicks());
  }

  /** Returns the process that started first, null where all have ended meanwhile. */
  private @Nullable ProcessStat first(List<Integer> pids) {
    ProcessStat first = null;
    int asked = 0;
    for (int pid : pids) {
      ProcessStat stat = pid == 0 ? null : processes.stat(pid);
      if (stat != null && (first == null || stat.startTicks() < first.startTicks())) {
        first = stat;
      }
      if (stat != null && ++asked >= ASKED_FOR_THEIR_START) {
        break;
      }
    }
    return first;
  }

  private Measurement measure(ContainerGroup group, Known container, List<Integer> pids) {
    Usage usage = groups.usage(group.path());
    Instant startedAt =
        container.startTicks() < 0
            ? null
            : boot.plusMillis(container.startTicks() * (1000 / ProcessStat.TICKS_PER_SECOND));
    return new Measurement(
        new Container(
            group.owner(),
            container.identity(),
            group.path(),
            startedAt,
            usage.paused() ? Container.PAUSED : Container.RUNNING),
        usage,
        container.limits(),
        pids.size(),
        counts.descriptors(pids),
        List.of());
  }

  private List<Container> stopped(Set<String> running) {
    List<Container> stopped = new ArrayList<>();
    Set<String> ids = new HashSet<>(running);
    if (readsRuntimeFiles) {
      for (DockerContainer container : containers.dockerContainers(running)) {
        String id = container.identity().id();
        CgroupOwner owner =
            new CgroupOwner(
                CgroupLevel.CONTAINER,
                id,
                container.identity().runtime(),
                container.identity().podUid());
        boolean hasEndedMeanwhile =
            container.state().equals(Container.RUNNING)
                || container.state().equals(Container.PAUSED);
        // Two of one id would be the same metric twice, which nobody may register.
        if (!hasEndedMeanwhile && ids.add(id)) {
          stopped.add(new Container(owner, container.identity(), null, null, container.state()));
        }
      }
    }
    return stopped;
  }

  /**
   * Network namespaces, each shown once: by the pod's sandbox, as cAdvisor does, else by the
   * container whose id comes first. Nobody shows the host's.
   */
  private final class Networks {

    private static final int ASKED_AT_MOST = 3;

    private final Map<Long, Integer> shownBy = new HashMap<>();
    private final Map<Long, Integer> pidIn = new HashMap<>();
    private final Map<Long, Container> shown = new HashMap<>();
    private final long host = counts.networkNamespace(1);

    /**
     * @param number of the container among those that were measured
     */
    void add(int number, Container container, List<Integer> pids) {
      long namespace = KeyedText.ABSENT;
      int pid = 0;
      for (int i = 0; i < pids.size() && i < ASKED_AT_MOST && namespace < 0; i++) {
        pid = pids.get(i);
        namespace = counts.networkNamespace(pid);
      }
      if (namespace < 0 || namespace == host) {
        return;
      }
      Container other = shown.get(namespace);
      if (other == null || comesBefore(container, other)) {
        shown.put(namespace, container);
        shownBy.put(namespace, number);
        pidIn.put(namespace, pid);
      }
    }

    private boolean comesBefore(Container one, Container other) {
      return one.isSandbox() == other.isSandbox()
          ? one.id().compareTo(other.id()) < 0
          : one.isSandbox();
    }

    void readInto(List<Measurement> measured) {
      shownBy.forEach((namespace, number) -> {
        String path = processes.path(pidIn.getOrDefault(namespace, 0), "net/dev");
        try {
          byte[] text = files.readAll(path, NETWORK_FILE);
          measured.set(number, measured.get(number).withInterfaces(InterfaceTraffic.parse(text)));
        } catch (ErrnoException ended) {
          // Its successor is read next time.
        }
      });
    }
  }
}
