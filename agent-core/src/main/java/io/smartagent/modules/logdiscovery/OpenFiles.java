package io.smartagent.modules.logdiscovery;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.modules.logdiscovery.LogRules.Verdict;
import io.smartagent.modules.process.ProcessFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files that processes hold open for writing, by their descriptors. A pass has a budget:
 * processes that have started since the last one come first, the others in turn, and of one with
 * very many descriptors each pass sees another part.
 */
final class OpenFiles {

  /** The most descriptors of one process that a pass looks at. */
  static final int OF_A_PROCESS = 1024;

  /** The most descriptors that a pass looks at. */
  static final int OF_A_PASS = 50_000;

  /** The most characters of paths that a pass keeps of one process. */
  private static final int CHARACTERS_OF_A_PROCESS = 1 << 18;

  /** The most characters of paths that a pass keeps, but for those of its last process. */
  private static final int CHARACTERS_OF_A_PASS = 4 << 20;

  private final Filesystem files;
  private final ProcessFiles processes;
  private final CarefulFiles careful;
  private final Mounts mounts;
  private final int budget;
  private final String hostNamespace;
  private Set<Integer> before = Set.of();
  private Map<Integer, Integer> windows = new HashMap<>();
  private int lastPid;

  /**
   * What a pass has seen.
   *
   * @param sightings of files that may be logs
   * @param looked how many descriptors it has looked at, also in vain
   * @param leftOut how many descriptors of the processes that it came to it has not looked at, or
   *     had no room for their paths
   * @param processesLeftOut how many processes it did not come to
   * @param unreadable how many processes do not show their descriptors
   */
  record Scan(
      List<Sighting> sightings, int looked, long leftOut, int processesLeftOut, int unreadable) {

    /** What is seen without looking at any process. */
    static final Scan NOTHING = new Scan(List.of(), 0, 0, 0, 0);
  }

  /** What a pass adds up. */
  private static final class Sum {
    private final List<Sighting> sightings = new ArrayList<>();
    private int looked;
    private int characters;
    private long leftOut;
    private int unreadable;
  }

  /**
   * @param budget the most descriptors that a pass looks at, but for those of its last process
   */
  OpenFiles(
      Filesystem files, ProcessFiles processes, CarefulFiles careful, Mounts mounts, int budget) {
    this.budget = budget;
    this.files = files;
    this.processes = processes;
    this.careful = careful;
    this.mounts = mounts;
    String init = link(1, "ns/mnt");
    this.hostNamespace = init == null ? "" : init;
  }

  /**
   * Looks at processes until the budget is used up, or the room for their paths.
   *
   * @param stopping whether to end early, with what has been seen
   * @throws ErrnoException where /proc cannot be listed
   */
  Scan scan(BooleanSupplier stopping) throws ErrnoException {
    List<Integer> order = order(processes.pids());
    Set<Integer> seen = new HashSet<>(order);
    Sum sum = new Sum();
    int done = 0;
    while (done < order.size() && hasRoom(sum) && !stopping.getAsBoolean()) {
      int pid = order.get(done);
      look(pid, sum);
      lastPid = pid;
      done++;
    }
    List<Integer> missed = order.subList(done, order.size());
    // New ones that were not reached are new again.
    missed.stream().filter(pid -> !before.contains(pid)).forEach(seen::remove);
    before = seen;
    windows.keySet().retainAll(seen);
    return new Scan(sum.sightings, sum.looked, sum.leftOut, missed.size(), sum.unreadable);
  }

  private boolean hasRoom(Sum sum) {
    return sum.looked < budget && sum.characters < CHARACTERS_OF_A_PASS;
  }

  private List<Integer> order(List<Integer> pids) {
    List<Integer> order = new ArrayList<>(pids.size());
    pids.stream().filter(pid -> !before.contains(pid)).forEach(order::add);
    List<Integer> old = pids.stream().filter(before::contains).sorted().toList();
    old.stream().filter(pid -> pid > lastPid).forEach(order::add);
    old.stream().filter(pid -> pid <= lastPid).forEach(order::add);
    return order;
  }

  private void look(int pid, Sum sum) {
    List<Integer> numbers = numbers(pid, sum);
    int most = sum.characters + CHARACTERS_OF_A_PROCESS;
    Owner owner = null;
    for (int number : numbers) {
      // Also one that is not there has cost a look.
      sum.looked++;
      String path = link(pid, "fd/" + number);
      if (path == null) {
        continue;
      }
      if (LogRules.isTooLong(path)) {
        sum.leftOut++;
      }
      Verdict verdict = LogRules.judge(path);
      if (verdict == Verdict.NONE) {
        continue;
      }
      DescriptorInfo info = info(pid, number);
      if (info == null
          || !info.writes()
          || (verdict == Verdict.LOG_IF_APPENDED && !info.appends())) {
        continue;
      }
      if (sum.characters + path.length() > most) {
        sum.leftOut++;
        continue;
      }
      if (owner == null) {
        owner = owner(pid);
      }
      Sighting sighting = sight(new Spot.Held(pid, number), owner.place(path), verdict, info);
      if (sighting != null) {
        sum.characters += path.length();
        sum.sightings.add(sighting);
      }
    }
  }

  /**
   * @param namespace of its mounts
   * @param root its root's path there; "/" where it has not changed it, and on the host, where no
   *     process has a say in what a path is called
   */
  private record Owner(String namespace, String root) {

    /** The link is relative to the namespace's root; a container's process may have another. */
    Place place(String link) {
      boolean below = !root.equals("/") && MountTable.isAtOrBelow(link, root);
      return new Place(namespace, below ? link.substring(root.length()) : link);
    }
  }

  private Owner owner(int pid) {
    String namespace = link(pid, "ns/mnt");
    String root = link(pid, "root");
    String name =
        namespace == null ? "pid:" + pid : namespace.equals(hostNamespace) ? Place.HOST : namespace;
    boolean host = name.equals(Place.HOST);
    return new Owner(name, host || root == null || !root.startsWith("/") ? "/" : root);
  }

  private @Nullable Sighting sight(
      Spot.Held held, Place place, Verdict verdict, DescriptorInfo info) {
    int mount = info.mount();
    FileStatus status = careful.status(held, mount, mounts.lane(held.pid(), mount));
    return status == null || status.type() != FileType.REGULAR
        ? null
        : new Sighting(FileId.of(status), status.size(), place, held, verdict, held, mount);
  }

  /**
   * Looks again at a descriptor through which a log was written.
   *
   * @return null where it is another file's by now, or its file has no name any more, or one that
   *     is too long
   */
  @Nullable Sighting again(LogFile log, Spot.Held held) {
    String path = link(held.pid(), "fd/" + held.descriptor());
    if (path == null
        || !path.startsWith("/")
        || LogRules.isTooLong(path)
        || LogRules.isDeleted(path)) {
      return null;
    }
    Place place = owner(held.pid()).place(path);
    DescriptorInfo info = new DescriptorInfo(0, log.mount());
    Sighting sighting = sight(held, place, Verdict.LOG, info);
    return sighting == null || !sighting.id().equals(log.id()) ? null : sighting;
  }

  /** Returns the descriptors of a process that it is the turn of, and counts the others. */
  private List<Integer> numbers(int pid, Sum sum) {
    List<String> names;
    long all = 0;
    try (Descriptor directory = files.openDirectory(processes.path(pid, "fd"))) {
      names = files.list(directory, OF_A_PROCESS + 1);
      if (names.size() > OF_A_PROCESS) {
        // How many there are: fs/proc/fd.c, proc_readfd_count(), Linux 6.2.
        all = files.status(directory).size();
      }
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EACCES || e.errno() == Errno.EPERM) {
        sum.unreadable++;
      }
      return List.of();
    }
    if (names.size() <= OF_A_PROCESS) {
      return names.stream().filter(ProcessFiles::isNumber).map(Integer::valueOf).toList();
    }
    int table = tableSize(pid);
    int from = windows.getOrDefault(pid, 0);
    int to = from + OF_A_PROCESS;
    windows.put(pid, to >= table ? 0 : to);
    sum.leftOut += Math.max(0, (all > 0 ? all : table) - OF_A_PROCESS);
    return IntStream.range(from, to).boxed().toList();
  }

  /** Returns how many descriptors a process has had at once, rounded up. */
  private int tableSize(int pid) {
    String status = processes.text(pid, "status");
    if (status != null) {
      for (String line : status.split("\n", -1)) {
        String value = line.startsWith("FDSize:") ? line.substring("FDSize:".length()).strip() : "";
        if (ProcessFiles.isNumber(value)) {
          return Integer.parseInt(value);
        }
      }
    }
    return 0;
  }

  private @Nullable DescriptorInfo info(int pid, int number) {
    String text = processes.text(pid, "fdinfo/" + number);
    return text == null ? null : DescriptorInfo.parse(text);
  }

  private @Nullable String link(int pid, String file) {
    try {
      return files.readLink(processes.path(pid, file));
    } catch (ErrnoException endedOrClosed) {
      return null;
    }
  }
}
