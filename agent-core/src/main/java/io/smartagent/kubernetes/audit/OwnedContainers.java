package io.smartagent.kubernetes.audit;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Containers below the object at the top that they come from: those of a ReplicaSet below its
 * Deployment, those of a Job below its CronJob. What several of one owner have in common is there
 * once.
 */
final class OwnedContainers {

  private static final int OWNERS_OF_OWNERS = 8;

  /** More than any cluster has, and what fits into memory. */
  static final int AT_MOST = 50_000;

  private final Map<Owner, Owner> owners = new HashMap<>();
  private final Map<Owner, Map<String, ContainerReport>> containers = new HashMap<>();
  private int kept;

  /** Remembers who made a workload, and who made that, where it is known here. */
  void add(Workload workload) {
    workload
        .owner()
        .ifPresent(owner -> {
          if (!workload.isPod()) {
            owners.put(workload.self(), owner);
          }
          workload.ownersOwner().ifPresent(top -> owners.putIfAbsent(owner, top));
        });
  }

  /**
   * Adds a container of a pod or template that {@code owner} is, or has made.
   *
   * @return whether there was room for it
   */
  boolean add(Owner owner, ContainerReport container) {
    Map<String, ContainerReport> group =
        containers.computeIfAbsent(owner, key -> new LinkedHashMap<>());
    boolean alike = group.containsKey(container.signature());
    if (!alike && kept == AT_MOST) {
      return false;
    }
    kept += alike ? 0 : 1;
    merge(group, container);
    return true;
  }

  private static void merge(Map<String, ContainerReport> group, ContainerReport container) {
    group.merge(container.signature(), container, (one, more) -> one.and(more.pods()));
  }

  /** Returns the containers below the object at the top, sorted. */
  SortedMap<Owner, List<ContainerReport>> byTop() {
    Map<Owner, Map<String, ContainerReport>> grouped = new TreeMap<>();
    new TreeMap<>(containers)
        .forEach((owner, reports) -> {
          Map<String, ContainerReport> group =
              grouped.computeIfAbsent(top(owner), key -> new LinkedHashMap<>());
          reports.values().forEach(report -> merge(group, report));
        });
    SortedMap<Owner, List<ContainerReport>> sorted = new TreeMap<>();
    grouped.forEach((owner, reports) -> sorted.put(owner, withoutRepetition(reports.values())));
    return sorted;
  }

  private Owner top(Owner owner) {
    Owner top = owner;
    for (int i = 0; i < OWNERS_OF_OWNERS && owners.containsKey(top); i++) {
      top = owners.getOrDefault(top, top);
    }
    return top;
  }

  /** A template shows less than its pods, which have bound volumes and what admission adds. */
  private static List<ContainerReport> withoutRepetition(Collection<ContainerReport> all) {
    return all.stream()
        .filter(each -> each.pods() > 0 || all.stream().noneMatch(more -> more.repeats(each)))
        .sorted(
            Comparator.comparing(ContainerReport::type)
                .thenComparing(ContainerReport::name)
                .thenComparing(ContainerReport::level))
        .toList();
  }
}
