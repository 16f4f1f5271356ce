package io.smartagent.modules.hostevents;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.container.Containers;
import io.smartagent.modules.process.ProcessFiles;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the containers that have a file system mounted, by a process of each. */
final class AffectedContainers {

  /** The most containers that an event names. */
  static final int SHOWN = 16;

  /** What one search may cost, on a host of any size. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final int CONTAINERS_AT_MOST = 1000;

  private static final int MOUNTINFO_LIMIT = 1 << 20;

  private final Filesystem files;
  private final ProcessFiles processes;
  private final Containers containers;

  /** A container and where it has the file system, by its own root. */
  record Affected(CgroupOwner owner, String mountPoint) {}

  /**
   * What has been found.
   *
   * @param shown {@link #SHOWN} at most
   * @param truncated how many there are beyond these, as far as was looked
   */
  record Found(List<Affected> shown, int truncated) {

    static final Found NONE = new Found(List.of(), 0);
  }

  AffectedContainers(Filesystem files, ProcessFiles processes, Containers containers) {
    this.files = files;
    this.containers = containers;
    this.processes = processes;
  }

  /**
   * Returns the containers that have a file system mounted.
   *
   * @param number of its device as mountinfo has it
   */
  Found find(String number) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Map<String, Affected> found = new LinkedHashMap<>();
    Map<String, Boolean> seen = new LinkedHashMap<>();
    for (int pid : pids()) {
      if (System.nanoTime() > end || seen.size() >= CONTAINERS_AT_MOST) {
        break;
      }
      CgroupOwner owner = containers.owner(processes, pid);
      String id = owner.containerId();
      if (id != null && seen.putIfAbsent(id, true) == null) {
        String mountPoint = mountPoint(pid, number);
        if (mountPoint != null) {
          found.put(id, new Affected(owner, mountPoint));
        }
      }
    }
    int shown = Math.min(SHOWN, found.size());
    return new Found(new ArrayList<>(found.values()).subList(0, shown), found.size() - shown);
  }

  private List<Integer> pids() {
    try {
      return processes.pids();
    } catch (ErrnoException noProcfs) {
      return List.of();
    }
  }

  private @Nullable String mountPoint(int pid, String number) {
    String text;
    try {
      text =
          new String(
              files.readAll(processes.path(pid, "mountinfo"), MOUNTINFO_LIMIT),
              StandardCharsets.UTF_8);
    } catch (ErrnoException ended) {
      return null;
    }
    for (String line : text.split("\n", -1)) {
      String[] fields = line.split(" ", 6);
      if (fields.length == 6 && fields[2].equals(number)) {
        return Texts.path(unescape(line, fields[4]));
      }
    }
    return null;
  }

  private static String unescape(String line, String path) {
    try {
      return MountTable.parse(line).mounts().getFirst().path();
    } catch (IllegalArgumentException notMountinfo) {
      return path;
    }
  }
}
