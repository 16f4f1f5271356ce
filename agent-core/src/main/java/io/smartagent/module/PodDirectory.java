package io.smartagent.module;

import io.smartagent.limit.BoundedMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Kubernetes says of the node's pods, shared by all modules: empty where no module asks its
 * API. Also what it says of their containers, for those that no module may read a runtime's files
 * of.
 */
public final class PodDirectory {

  /** What is reported of a pod, such as its end, is reported after it has gone. */
  private static final int ENDED_AT_MOST = 250;

  private Map<String, PodIdentity> pods = Map.of();
  private Map<String, ContainerIdentity> containers = Map.of();
  private LogFilter filter = LogFilter.STANDARD;
  private final Set<String> ofFormerFilter = new HashSet<>();
  private boolean listed;
  private boolean stale;

  private final Map<String, PodIdentity> ended = BoundedMap.ofNewest(ENDED_AT_MOST);

  /** Returns a pod of the node, also one that has ended lately; null where it is not known. */
  public synchronized @Nullable PodIdentity find(String uid) {
    PodIdentity pod = pods.get(uid);
    return pod == null ? ended.get(uid) : pod;
  }

  /** Returns what Kubernetes says of a container; null where it says nothing. */
  public synchronized @Nullable ContainerIdentity container(String id) {
    return containers.get(id);
  }

  /**
   * Returns whether the logs of a pod are reported.
   *
   * @param uid of the pod
   * @param asked the filter that holds now: what another one has said does not count, but what the
   *     pod says itself does
   */
  public synchronized LogChoice logs(String uid, LogFilter asked) {
    PodIdentity pod = find(uid);
    if (pod != null && pod.ownChoice() != LogChoice.UNKNOWN) {
      return pod.ownChoice();
    }
    boolean former = !pods.containsKey(uid) && ofFormerFilter.contains(uid);
    if (pod == null || former || !filter.equals(asked)) {
      return LogChoice.UNKNOWN;
    }
    return pod.logsIncluded() ? LogChoice.INCLUDED : LogChoice.EXCLUDED;
  }

  /**
   * Returns whether a pod that is not known here is most likely none of this node: all were listed,
   * and nothing may have been missed.
   *
   * @param asked the filter that holds now
   */
  public synchronized boolean isComplete(LogFilter asked) {
    return listed && !stale && filter.equals(asked);
  }

  /** Returns whether changes may have been missed. */
  public synchronized boolean isStale() {
    return stale;
  }

  /**
   * Takes what there is now.
   *
   * @param allPods by their uids
   * @param allContainers by their ids
   */
  public synchronized void replace(
      Map<String, PodIdentity> allPods, Map<String, ContainerIdentity> allContainers) {
    Map<String, PodIdentity> before = pods;
    pods = Map.copyOf(allPods);
    containers = Map.copyOf(allContainers);
    before.forEach((uid, pod) -> {
      if (!pods.containsKey(uid)) {
        ended.put(uid, pod);
      }
    });
    ended.keySet().removeAll(pods.keySet());
  }

  /**
   * As {@link #replace(Map, Map)}, of pods whose logs were chosen.
   *
   * @param by what they were chosen by
   */
  public synchronized void replace(
      Map<String, PodIdentity> allPods,
      Map<String, ContainerIdentity> allContainers,
      LogFilter by) {
    if (!filter.equals(by)) {
      ofFormerFilter.addAll(ended.keySet());
      ofFormerFilter.addAll(pods.keySet());
    }
    filter = by;
    listed = true;
    replace(allPods, allContainers);
    ofFormerFilter.retainAll(ended.keySet());
  }

  /** Says whether changes may be missed from now on. */
  public synchronized void setStale(boolean isStale) {
    stale = isStale;
  }
}
