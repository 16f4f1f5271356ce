package io.smartagent.plan;

import io.smartagent.config.Settings;
import io.smartagent.host.FormerData;
import io.smartagent.host.HostFacts.PrunedEntry;
import io.smartagent.host.MinimalFacts;
import io.smartagent.host.MinimalFacts.Place;
import io.smartagent.host.ShownEntry;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.module.ContainerRoots;
import io.smartagent.module.SharedSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Decides what mode minimal shows of the host. Pure. */
public final class MinimalRoot {

  /** What any agent needs of a host, and CRI-O's configuration. */
  private static final List<String> ALWAYS =
      List.of(
          "/bin",
          "/dev",
          "/etc",
          "/lib",
          "/lib32",
          "/lib64",
          "/libx32",
          "/proc",
          "/run",
          "/sbin",
          "/sys",
          "/usr/share/containers",
          "/var");

  private static final String USR = "/usr";

  /** Directories that there are although nothing of the host is shown there. */
  static final List<String> EMPTY = List.of("/mnt", "/tmp");

  private MinimalRoot() {}

  /**
   * Returns the paths of the host to look for: what is there of them may be shown.
   *
   * @param former where earlier launches have left data, which stay readable
   */
  public static List<String> candidates(Settings settings, FormerData former) {
    TreeSet<String> paths = new TreeSet<>(ALWAYS);
    paths.add(settings.root().installPath());
    paths.add(settings.runtimeDirectory());
    ContainerRoots.parse(settings.valueOf(SharedSettings.CONTAINER_ROOTS))
        .ifPresent(roots -> roots.paths().values().forEach(paths::addAll));
    paths.addAll(former.runtimeDirectories());
    former.installPath().ifPresent(paths::add);
    return List.copyOf(paths);
  }

  /**
   * Returns what the agent sees, sorted by path; no entry lies below another. Where a root of its
   * own can be made, that is what it shows; else what the YAML has mounted.
   *
   * @param facts about the host, but for the commands
   * @param pruned what no agent has any business with
   */
  public static List<ShownEntry> entries(
      Settings settings, MinimalFacts facts, List<PrunedEntry> pruned) {
    Map<String, ShownEntry> entries = new TreeMap<>();
    if (settings.root().noRemountRoot()) {
      facts.mounted().forEach(place -> add(entries, place.path(), place));
      return topmost(entries);
    }
    facts.places().forEach(place -> add(entries, place.path(), place));
    facts.mounted().forEach(place -> add(entries, place.path(), place));
    for (Place place : facts.places()) {
      addAliases(entries, place);
    }
    entries.keySet().removeIf(path -> isPruned(path, pruned));
    return topmost(entries);
  }

  private static void add(Map<String, ShownEntry> entries, String path, Place place) {
    entries.putIfAbsent(path, new ShownEntry(path, place.path(), place.directory()));
  }

  /**
   * Where /bin is /usr/bin, links such as /bin/awk -> /etc/alternatives/awk -> /usr/bin/mawk lead
   * there.
   */
  private static void addAliases(Map<String, ShownEntry> entries, Place place) {
    boolean merged = place.itself().startsWith(USR + "/") && !place.path().startsWith(USR + "/");
    if (merged && ALWAYS.contains(place.path())) {
      add(entries, place.itself(), place);
      add(entries, USR + place.path(), place);
    }
  }

  private static boolean isPruned(String path, List<PrunedEntry> pruned) {
    for (PrunedEntry entry : pruned) {
      if (MountTable.isAtOrBelow(path, entry.path())) {
        return true;
      }
    }
    return false;
  }

  /** What lies below an entry is shown with it. */
  private static List<ShownEntry> topmost(Map<String, ShownEntry> sorted) {
    List<ShownEntry> top = new ArrayList<>();
    for (ShownEntry entry : sorted.values()) {
      if (top.stream().noneMatch(above -> MountTable.isAtOrBelow(entry.path(), above.path()))) {
        top.add(entry);
      }
    }
    return top;
  }
}
