package io.smartagent.modules.applicationdiscovery;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.modules.process.ProcessFiles;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ports that applications listen on. Sockets are read once for each network namespace and
 * pass. Descriptors are looked at only where a socket has appeared that was not there at the last
 * look, and no more than a number of them in each pass.
 */
final class Listeners {

  /** Of one process; what listens is opened early, so its numbers are low. */
  private static final int DESCRIPTORS_OF_PROCESS = 10_000;

  /** In a pass: a tenth of a second. */
  private static final int DESCRIPTORS_OF_PASS = 30_000;

  private static final int WORKERS_AT_MOST = 16;
  private static final int INIT = 1;
  private static final int ROUTES = 65_536;
  private static final String SOCKET = "socket:[";

  private final Filesystem files;
  private final ProcessFiles processes;
  private final boolean readsDescriptors;
  private Map<Integer, Look> looks = new HashMap<>();
  private int pass;
  private int budget;

  /**
   * The last look at a process's descriptors.
   *
   * @param seen the sockets that there were at that time
   * @param own those that the process held
   * @param pass when that was
   */
  private record Look(long startTicks, Set<Long> seen, Set<Long> own, int pass) {}

  /**
   * What a pass has found.
   *
   * @param byPid ports of the applications; of those that are missing they are unknown
   * @param truncated whether a namespace had more sockets than are read
   */
  record Found(Map<Integer, Ports> byPid, boolean truncated) {

    /** Returns the ports of a process. */
    Ports of(HostProcess process) {
      return byPid.getOrDefault(process.pid(), Ports.UNKNOWN);
    }
  }

  /**
   * @param root the host's root, without a slash at its end
   * @param readsDescriptors whether /proc/PID/fd of all processes may be read
   */
  Listeners(Filesystem files, String root, boolean readsDescriptors) {
    this.files = files;
    this.processes = new ProcessFiles(files, root);
    this.readsDescriptors = readsDescriptors;
  }

  /**
   * Finds the ports of all applications.
   *
   * @param workers processes by the application that they are part of
   */
  Found find(List<HostProcess> applications, Map<Integer, List<Integer>> workers) {
    pass++;
    budget = DESCRIPTORS_OF_PASS;
    return readsDescriptors ? byDescriptors(applications, workers) : byNamespace(applications);
  }

  private Found byDescriptors(List<HostProcess> applications, Map<Integer, List<Integer>> workers) {
    Map<String, List<HostProcess>> namespaces = new HashMap<>();
    for (HostProcess application : applications) {
      String namespace = link(application.pid());
      if (namespace != null) {
        namespaces.computeIfAbsent(namespace, key -> new ArrayList<>()).add(application);
      }
    }
    Map<Integer, Ports> found = new HashMap<>();
    Map<Integer, Look> now = new HashMap<>();
    boolean truncated = false;
    for (List<HostProcess> members : namespaces.values()) {
      SocketTable table = table(members);
      truncated |= table.truncated();
      byDescriptors(members, workers, table, found, now);
    }
    looks = now;
    return new Found(found, truncated);
  }

  /**
   * A socket's number is its own all over the machine, so processes that see the same smallest one
   * are in one namespace. Where nobody listens, nobody has to be told apart.
   */
  private Found byNamespace(List<HostProcess> applications) {
    Map<Integer, Ports> found = new HashMap<>();
    Map<Long, List<Integer>> members = new HashMap<>();
    boolean truncated = false;
    String host = namespace(INIT);
    for (HostProcess application : applications) {
      int pid = application.pid();
      String namespace = application.owner().containerId() == null ? null : namespace(pid);
      if (namespace == null || namespace.equals(host)) {
        continue;
      }
      SocketTable table = SocketTable.read(processes.path(pid, "net"));
      if (table.readable()) {
        truncated |= table.truncated();
        long smallest = table.byInode().keySet().stream().min(Long::compare).orElse(-1L);
        found.put(pid, Ports.of(table.byInode().values(), Ports.By.NAMESPACE));
        if (smallest >= 0) {
          members.computeIfAbsent(smallest, inode -> new ArrayList<>()).add(pid);
        }
      }
    }
    for (List<Integer> pids : members.values()) {
      if (pids.size() > 1) {
        found.keySet().removeAll(pids);
      }
    }
    return new Found(found, truncated);
  }

  /** The first member may have ended. */
  private SocketTable table(List<HostProcess> members) {
    SocketTable table = new SocketTable(Map.of(), false, false);
    for (HostProcess member : members) {
      table = SocketTable.read(processes.path(member.pid(), "net"));
      if (table.readable()) {
        break;
      }
    }
    return table;
  }

  /** Those that were looked at longest ago come first: the budget may end before the last. */
  private void byDescriptors(
      List<HostProcess> members,
      Map<Integer, List<Integer>> workers,
      SocketTable table,
      Map<Integer, Ports> found,
      Map<Integer, Look> now) {
    List<HostProcess> order = new ArrayList<>(members);
    order.sort(Comparator.comparingInt(this::lastPass));
    // A look is kept until the next pass: with a view it would keep the whole table.
    Set<Long> sockets = Set.copyOf(table.byInode().keySet());
    for (HostProcess application : order) {
      Look last = looks.get(application.pid());
      if (last != null && last.startTicks() != application.startTicks()) {
        last = null;
      }
      if ((last == null || !last.seen().containsAll(sockets)) && budget > 0) {
        Set<Long> own = held(application, workers, sockets);
        last = own == null ? last : new Look(application.startTicks(), sockets, own, pass);
      }
      if (last != null) {
        now.put(application.pid(), last);
        List<ListeningSocket> own = new ArrayList<>();
        for (Long inode : last.own()) {
          ListeningSocket socket = table.byInode().get(inode);
          if (socket != null) {
            own.add(socket);
          }
        }
        found.put(application.pid(), Ports.of(own, Ports.By.DESCRIPTORS));
      }
    }
  }

  private int lastPass(HostProcess application) {
    Look last = looks.get(application.pid());
    return last == null ? 0 : last.pass();
  }

  /**
   * Some programs leave their sockets to their workers, as HAProxy's master does. Returns null
   * where the process does not show its descriptors.
   */
  private @Nullable Set<Long> held(
      HostProcess application, Map<Integer, List<Integer>> workers, Set<Long> sockets) {
    Set<Long> own = new HashSet<>();
    boolean readable = hold(application.pid(), sockets, own);
    List<Integer> others = workers.getOrDefault(application.pid(), List.of());
    for (int worker : others.subList(0, Math.min(WORKERS_AT_MOST, others.size()))) {
      if (!own.isEmpty()) {
        break;
      }
      hold(worker, sockets, own);
    }
    return readable ? own : null;
  }

  private boolean hold(int pid, Set<Long> sockets, Set<Long> own) {
    int left = Math.min(budget, DESCRIPTORS_OF_PROCESS);
    try (DirectoryStream<Path> descriptors =
        Files.newDirectoryStream(Path.of(processes.path(pid, "fd")))) {
      for (Path descriptor : descriptors) {
        if (left-- <= 0) {
          break;
        }
        budget--;
        Long inode = inode(descriptor);
        if (inode != null && sockets.contains(inode)) {
          own.add(inode);
        }
      }
      return true;
    } catch (IOException | DirectoryIteratorException endedOrDenied) {
      return false;
    }
  }

  private static @Nullable Long inode(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith(SOCKET) && target.endsWith("]")
          ? Long.valueOf(target.substring(SOCKET.length(), target.length() - 1))
          : null;
    } catch (IOException | NumberFormatException closedOrOther) {
      return null;
    }
  }

  private @Nullable String link(int pid) {
    try {
      return files.readLink(processes.path(pid, "ns/net"));
    } catch (ErrnoException endedOrDenied) {
      return null;
    }
  }

  /**
   * Returns what is the same for all processes of a network namespace: the link of it, or, without
   * the right to read that, its addresses and routes. Null where the process has ended.
   */
  private @Nullable String namespace(int pid) {
    String link = link(pid);
    if (link != null) {
      return link;
    }
    try (FileInputStream routes = new FileInputStream(processes.path(pid, "net/fib_trie"))) {
      byte[] start = routes.readNBytes(ROUTES);
      return start.length + " bytes of routes: " + Arrays.hashCode(start);
    } catch (IOException ended) {
      return null;
    }
  }
}
