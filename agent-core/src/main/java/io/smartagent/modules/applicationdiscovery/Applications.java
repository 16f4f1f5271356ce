package io.smartagent.modules.applicationdiscovery;

import io.smartagent.modules.applicationdiscovery.Software.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides which processes are applications.
 *
 * <ul>
 *   <li>A process whose product or language a rule knows is one, unless its parent is the same
 *       program in the same use and container: then it is a worker of it, as those of nginx, or the
 *       sessions of PostgreSQL.
 *   <li>Any other process is one if it is the first of its container: the oldest of those whose
 *       parent is outside (what {@code docker exec} starts has such a parent too) or is an init
 *       such as tini.
 *   <li>Any other process of the host is one if init started it or has inherited it, and it has run
 *       for some seconds: the host's daemons, and not what a script leaves behind.
 * </ul>
 *
 * <p>A process that has only been forked is none yet while it is young: it still is what its parent
 * is, and will most likely execute another program.
 *
 * <p>Commands, shells, helpers and the container runtime's own works are processes only. So the
 * number of applications follows the number of services, not of processes.
 */
final class Applications {

  /** A daemon has run for so long. */
  private static final long DAEMON_TICKS = 500;

  private static final int INIT = 1;

  private final Map<Integer, HostProcess> byPid = new HashMap<>();
  private final Map<String, HostProcess> firstOfContainer = new HashMap<>();
  private final List<HostProcess> processes;
  private final long uptimeTicks;

  private Applications(List<HostProcess> processes, long uptimeTicks) {
    this.processes = processes;
    this.uptimeTicks = uptimeTicks;
    for (HostProcess process : processes) {
      byPid.put(process.pid(), process);
    }
    for (HostProcess process : processes) {
      String container = process.owner().containerId();
      if (container != null && process.software().role() != Role.INIT && isTop(process)) {
        firstOfContainer.merge(container, process, Applications::older);
      }
    }
  }

  /**
   * Returns the applications among all processes of the host, in their order.
   *
   * @param uptimeTicks how long the machine has run, in hundredths of a second
   */
  static List<HostProcess> among(List<HostProcess> processes, long uptimeTicks) {
    Applications applications = new Applications(processes, uptimeTicks);
    List<HostProcess> chosen = new ArrayList<>();
    for (HostProcess process : applications.processes) {
      if (applications.isApplication(process)) {
        chosen.add(process);
      }
    }
    return chosen;
  }

  private boolean isApplication(HostProcess process) {
    if (process.image().forked() && age(process) < ProcessTable.SETTLED_TICKS) {
      return false;
    }
    return switch (process.software().role()) {
      case RECOGNISED -> !isWorker(process);
      case UNRECOGNISED -> isFirstOfContainer(process) || isDaemon(process);
      case INIT, PLUMBING -> false;
    };
  }

  private boolean isWorker(HostProcess process) {
    return isWorker(process, byPid.get(process.parent()));
  }

  /**
   * Returns whether a process is a part of the application that its parent is.
   *
   * @param parent null where it is unknown
   */
  static boolean isWorker(HostProcess process, @Nullable HostProcess parent) {
    return parent != null
        && parent.software().role() == Role.RECOGNISED
        && parent.software().isSameAs(process.software())
        && sameContainer(parent, process);
  }

  private boolean isFirstOfContainer(HostProcess process) {
    String container = process.owner().containerId();
    HostProcess first = container == null ? null : firstOfContainer.get(container);
    return first != null && first.pid() == process.pid();
  }

  private boolean isDaemon(HostProcess process) {
    return process.owner().containerId() == null
        && process.parent() == INIT
        && age(process) >= DAEMON_TICKS;
  }

  private long age(HostProcess process) {
    return uptimeTicks - process.startTicks();
  }

  private boolean isTop(HostProcess process) {
    @Nullable HostProcess parent = byPid.get(process.parent());
    return parent == null
        || !sameContainer(parent, process)
        || parent.software().role() == Role.INIT;
  }

  private static boolean sameContainer(HostProcess one, HostProcess other) {
    String container = one.owner().containerId();
    return container == null
        ? other.owner().containerId() == null
        : container.equals(other.owner().containerId());
  }

  private static HostProcess older(HostProcess one, HostProcess other) {
    int byStart = Long.compare(one.startTicks(), other.startTicks());
    return byStart < 0 || (byStart == 0 && one.pid() <= other.pid()) ? one : other;
  }
}
