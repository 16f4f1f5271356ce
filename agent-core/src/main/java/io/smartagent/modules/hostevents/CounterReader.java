package io.smartagent.modules.hostevents;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.modules.cgroup.CgroupLevel;
import io.smartagent.modules.cgroup.CgroupOwner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@link Counters} from procfs and the memory controller's hierarchy. */
final class CounterReader {

  private static final int FILE_LIMIT = 1 << 20;

  /** Enough for 110 pods of 8 containers on a node, five times over. */
  private static final int CGROUPS_AT_MOST = 5_000;

  private static final int DEPTH_AT_MOST = 10;

  /** The files of a cgroup, which need not be tried as directories. */
  private static final Pattern CONTROL_FILE =
      Pattern.compile(
          "(?:cgroup|memory|cpu|cpuset|cpuacct|io|blkio|pids|hugetlb|rdma|misc|irq|dmem)\\..*"
              + "|tasks|notify_on_release|release_agent");

  private final Filesystem files;
  private final String root;
  private final Function<String, CgroupOwner> owners;

  /** A hierarchy that has the memory controller. */
  private record Hierarchy(String directory, String counterFile, boolean unified) {}

  /** A directory that is still to be looked at. */
  private record Unvisited(String path, int depth) {}

  /**
   * @param root the host's root, without a slash at its end
   * @param owners returns whose a control group is
   */
  CounterReader(Filesystem files, String root, Function<String, CgroupOwner> owners) {
    this.files = files;
    this.root = root;
    this.owners = owners;
  }

  /**
   * Returns the paths of the containers' and pods' memory cgroups; at most a few thousand, in no
   * order. Empty where there is no memory controller to be seen.
   */
  List<String> findCgroups() {
    Hierarchy hierarchy = hierarchy();
    List<String> found = new ArrayList<>();
    if (hierarchy == null) {
      return found;
    }
    Deque<Unvisited> unvisited = new ArrayDeque<>(List.of(new Unvisited("", 0)));
    int visited = 0;
    while (!unvisited.isEmpty() && visited++ < CGROUPS_AT_MOST) {
      Unvisited next = unvisited.removeFirst();
      CgroupLevel level = owners.apply(next.path()).level();
      if (level == CgroupLevel.CONTAINER || level == CgroupLevel.POD) {
        found.add(next.path());
      }
      if (level != CgroupLevel.CONTAINER && next.depth() < DEPTH_AT_MOST) {
        for (String name : names(hierarchy.directory() + next.path())) {
          if (!CONTROL_FILE.matcher(name).matches()) {
            unvisited.addLast(new Unvisited(next.path() + "/" + name, next.depth() + 1));
          }
        }
      }
    }
    return found;
  }

  /**
   * Returns the counters now.
   *
   * @param cgroups whose counters to read; those that are gone are left out
   */
  Counters read(List<String> cgroups) {
    Long oomKills = value(read(root + "/proc/vmstat"), "oom_kill");
    Long hungTasks = number(read(root + "/proc/sys/kernel/hung_task_detect_count"));
    Hierarchy hierarchy = hierarchy();
    Map<String, Long> kills = new HashMap<>();
    if (hierarchy != null) {
      for (String path : cgroups) {
        Long count =
            value(read(hierarchy.directory() + path + hierarchy.counterFile()), "oom_kill");
        if (count != null) {
          kills.put(path, count);
        }
      }
    }
    return new Counters(oomKills, hungTasks, kills, hierarchy != null && hierarchy.unified());
  }

  private @Nullable Hierarchy hierarchy() {
    String mount = root + "/sys/fs/cgroup";
    if (read(mount + "/memory/memory.oom_control") != null) {
      return new Hierarchy(mount + "/memory", "/memory.oom_control", false);
    }
    String controllers = read(mount + "/cgroup.controllers");
    if (controllers != null && List.of(controllers.strip().split(" ", -1)).contains("memory")) {
      return new Hierarchy(mount, "/memory.events", true);
    }
    return null;
  }

  /** Returns the value of a line {@code name value}; null where there is none. */
  private static @Nullable Long value(@Nullable String text, String name) {
    if (text == null) {
      return null;
    }
    for (String line : text.split("\n", -1)) {
      if (line.startsWith(name + " ")) {
        return number(line.substring(name.length() + 1));
      }
    }
    return null;
  }

  private static @Nullable Long number(@Nullable String text) {
    try {
      return text == null ? null : Long.valueOf(text.strip());
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }

  /** A cgroup may vanish at any time, and an older kernel lacks files: both are no fault. */
  private @Nullable String read(String path) {
    try {
      return new String(files.readAll(path, FILE_LIMIT), StandardCharsets.UTF_8);
    } catch (ErrnoException unreadable) {
      return null;
    }
  }

  private List<String> names(String directory) {
    try (Descriptor open = files.openDirectory(directory)) {
      return files.list(open);
    } catch (ErrnoException vanishedOrNoDirectory) {
      return List.of();
    }
  }
}
