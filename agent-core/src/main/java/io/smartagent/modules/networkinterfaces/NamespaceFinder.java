package io.smartagent.modules.networkinterfaces;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.modules.cgroup.CgroupLevel;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.container.Containers;
import io.smartagent.modules.process.ProcessFiles;
import io.smartagent.modules.process.ProcessStat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the network namespaces of the host and of its containers, without any capability: the links
 * in /proc/PID/ns are closed without CAP_SYS_PTRACE, but each namespace has a procfs directory of
 * its own below /proc/PID/net, and the number of that is open to all.
 */
final class NamespaceFinder {

  private static final int INIT = 1;

  /** No directory has it. */
  private static final long NO_NUMBER = 0;

  /** More containers in one namespace than this add nothing to what is known of it. */
  private static final int OWNERS = 64;

  /**
   * Who a process belongs to is read again after so many passes: its pid may be another's by then.
   */
  private static final int PASSES_KNOWN = 8;

  private final Filesystem files;
  private final String proc;
  private final ProcessFiles processes;
  private final Containers containers;
  private Map<Integer, Known> known = new HashMap<>();
  private int pass;

  /** What was found of a process that is not in the host's namespace. */
  private record Known(long namespace, long startTicks, CgroupOwner owner) {}

  /** A process in a namespace. */
  private record Member(int pid, long startTicks, CgroupOwner owner) {}

  /**
   * The namespaces.
   *
   * @param host the host's own; null where its first process is not to be seen
   * @param containers those that a container or pod has
   * @param ownIsHost whether the agent is in the host's
   * @param leftOut how many of containers there are beyond the bound
   * @param others how many belong to neither
   */
  record Found(
      @Nullable NetworkNamespace host,
      List<NetworkNamespace> containers,
      boolean ownIsHost,
      int leftOut,
      int others) {}

  /**
   * @param root the host's root, without a slash at its end
   */
  NamespaceFinder(Filesystem files, String root, Containers containers) {
    this.containers = containers;
    this.files = files;
    this.proc = root + "/proc";
    this.processes = new ProcessFiles(files, root);
  }

  /**
   * Looks at every process.
   *
   * @param hostsProcesses whether the first process is the host's
   * @param stopping whether to end early, with what has been found
   * @throws ErrnoException where /proc cannot be listed
   */
  Found find(boolean hostsProcesses, BooleanSupplier stopping) throws ErrnoException {
    pass++;
    long host = hostsProcesses ? number("/" + INIT) : NO_NUMBER;
    Map<Integer, Known> now = new HashMap<>();
    Map<Long, List<Member>> members = new HashMap<>();
    for (int pid : processes.pids()) {
      if (stopping.getAsBoolean()) {
        break;
      }
      long number = number("/" + pid);
      if (number == NO_NUMBER || number == host) {
        continue;
      }
      Known process = look(pid, number);
      if (process != null) {
        now.put(pid, process);
        members
            .computeIfAbsent(number, none -> new ArrayList<>())
            .add(new Member(pid, process.startTicks(), process.owner()));
      }
    }
    known = now;
    return found(host, members);
  }

  /** Returns whether a process is in this namespace still. */
  boolean isIn(NetworkNamespace namespace) {
    return number("/" + namespace.pid()) == namespace.number();
  }

  /** Returns whether the calling thread is in this namespace. */
  boolean isEnteredBy(NetworkNamespace namespace) {
    return number("/thread-self") == namespace.number();
  }

  /** Says that a namespace could not be read, unless that is because its process has ended. */
  void blame(NetworkNamespace namespace, ErrnoException e, Reading reading) {
    if (isIn(namespace)) {
      reading.fail(namespace, e);
    } else {
      reading.end(namespace);
    }
  }

  /** Returns the number of a process's namespace, {@link #NO_NUMBER} where it has ended. */
  private long number(String process) {
    try (Descriptor directory = files.openDirectory(proc + process + "/net/stat")) {
      return files.status(directory).inode();
    } catch (ErrnoException ended) {
      return NO_NUMBER;
    }
  }

  private @Nullable Known look(int pid, long number) {
    Known before = known.get(pid);
    boolean due = (pass + pid) % PASSES_KNOWN == 0;
    if (before != null && before.namespace() == number && !due) {
      return before;
    }
    ProcessStat stat = processes.stat(pid);
    return stat == null
        ? null
        : new Known(number, stat.startTicks(), containers.owner(processes, pid));
  }

  private Found found(long host, Map<Long, List<Member>> members) {
    List<NetworkNamespace> containers = new ArrayList<>();
    int others = 0;
    for (Map.Entry<Long, List<Member>> namespace : members.entrySet()) {
      List<Member> oldestFirst = namespace.getValue();
      oldestFirst.sort(Comparator.comparingLong(Member::startTicks).thenComparingInt(Member::pid));
      Set<CgroupOwner> owners = new LinkedHashSet<>();
      for (Member member : oldestFirst) {
        if (belongsToSomebody(member.owner()) && owners.size() < OWNERS) {
          owners.add(member.owner());
        }
      }
      if (owners.isEmpty()) {
        others++;
      } else {
        containers.add(
            new NetworkNamespace(
                namespace.getKey(), oldestFirst.getFirst().pid(), false, List.copyOf(owners)));
      }
    }
    // By their oldest processes, so that what is shown stays shown.
    containers.sort(Comparator.comparingInt(NetworkNamespace::pid));
    int shown = Math.min(containers.size(), Bounds.NAMESPACES);
    long own = number("/self");
    return new Found(
        host == NO_NUMBER ? null : new NetworkNamespace(host, INIT, true, List.of()),
        containers.subList(0, shown),
        own != NO_NUMBER && own == host,
        containers.size() - shown,
        others);
  }

  private static boolean belongsToSomebody(CgroupOwner owner) {
    return owner.level() == CgroupLevel.CONTAINER || owner.level() == CgroupLevel.POD;
  }
}
