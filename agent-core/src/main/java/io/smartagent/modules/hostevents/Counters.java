package io.smartagent.modules.hostevents;

import io.smartagent.modules.cgroup.CgroupLevel;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.hostevents.CounterReport.HungTasks;
import io.smartagent.modules.hostevents.CounterReport.OomKills;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's counters at one time.
 *
 * @param oomKills of the machine since boot; null where the kernel (before 4.13) counts none
 * @param hungTasks since boot; null where the kernel (before 6.15) counts none
 * @param cgroupOomKills by the path of the memory cgroups of containers and pods
 * @param hierarchical whether a pod's cgroup counts its containers' kills too: version 2
 */
record Counters(
    @Nullable Long oomKills,
    @Nullable Long hungTasks,
    Map<String, Long> cgroupOomKills,
    boolean hierarchical) {

  /** Copies the map. */
  Counters {
    cgroupOomKills = Map.copyOf(cgroupOomKills);
  }

  /**
   * Returns what has been counted since {@code earlier}. A cgroup that was not there then has
   * counted from zero on. A kill in a container whose cgroup is gone is its pod's, where there is
   * one and its counter has it, else only the machine's.
   *
   * @param ahead kills that cgroups had counted at {@code earlier} and the machine's counter, which
   *     is read first, had not
   */
  List<CounterReport> since(Counters earlier, long ahead) {
    List<CounterReport> reports = new ArrayList<>();
    Map<String, Long> kills = new TreeMap<>();
    cgroupOomKills.forEach((path, count) -> {
      long added = count - earlier.cgroupOomKills.getOrDefault(path, 0L);
      if (added > 0) {
        kills.put(path, added);
      }
    });
    long attributed = 0;
    for (Map.Entry<String, Long> entry : kills.entrySet()) {
      long own = entry.getValue() - (hierarchical ? below(entry.getKey(), kills) : 0);
      if (own > 0) {
        reports.add(new OomKills(entry.getKey(), own));
        attributed += own;
      }
    }
    long others = added(oomKills, earlier.oomKills) - ahead - attributed;
    if (others > 0) {
      reports.add(new OomKills(null, others));
    }
    long hung = added(hungTasks, earlier.hungTasks);
    if (hung > 0) {
      reports.add(new HungTasks(hung));
    }
    return reports;
  }

  /** Returns how many kills cgroups have counted that the machine's counter had not yet. */
  long aheadOf(Counters earlier, long ahead, List<CounterReport> reports) {
    if (oomKills == null) {
      return 0;
    }
    long attributed = 0;
    for (CounterReport report : reports) {
      if (report instanceof OomKills kills && kills.memoryCgroup() != null) {
        attributed += kills.count();
      }
    }
    return Math.max(0, attributed + ahead - added(oomKills, earlier.oomKills));
  }

  private static long added(@Nullable Long now, @Nullable Long before) {
    return now == null || before == null ? 0 : now - before;
  }

  private static long below(String path, Map<String, Long> kills) {
    if (CgroupOwner.ofPath(path).level() != CgroupLevel.POD) {
      return 0;
    }
    String prefix = path + "/";
    return kills.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
