package io.smartagent.module;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What Kubernetes says of a pod.
 *
 * @param uid as control groups and runtimes have it; for a static pod not that of its object in the
 *     API
 * @param name of the pod
 * @param namespace of the pod
 * @param node that it is on
 * @param address its own IP, or its node's where it has none of its own; null before it has one
 * @param workloadKind what has made it: {@code Deployment}, {@code StatefulSet}, {@code CronJob}
 *     and so on; {@code Pod} where nothing has
 * @param workload the name of that
 * @param services names of the Services that have it as an endpoint, sorted
 * @param labels of the pod, those that the user asked for, sorted
 * @param annotations of the pod, those that the user asked for, sorted
 * @param namespaceLabels labels of its namespace, those that the user asked for, sorted
 * @param logsIncluded whether its logs are reported: what {@link LogFilter} says of all its labels
 * @param ownChoice what the pod says itself of its logs, which holds whatever the filter
 */
public record PodIdentity(
    String uid,
    String name,
    String namespace,
    String node,
    @Nullable String address,
    String workloadKind,
    String workload,
    List<String> services,
    Map<String, String> labels,
    Map<String, String> annotations,
    Map<String, String> namespaceLabels,
    boolean logsIncluded,
    LogChoice ownChoice) {

  /** Copies the lists and maps. */
  public PodIdentity {
    services = services.stream().sorted().toList();
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    namespaceLabels = Collections.unmodifiableMap(new TreeMap<>(namespaceLabels));
  }

  /** Describes a pod whose logs are reported. */
  public PodIdentity(
      String uid,
      String name,
      String namespace,
      String node,
      @Nullable String address,
      String workloadKind,
      String workload,
      List<String> services,
      Map<String, String> labels,
      Map<String, String> annotations,
      Map<String, String> namespaceLabels) {
    this(
        uid,
        name,
        namespace,
        node,
        address,
        workloadKind,
        workload,
        services,
        labels,
        annotations,
        namespaceLabels,
        true,
        LogChoice.UNKNOWN);
  }

  /** Returns this pod with whether its logs are reported, of which it says nothing itself. */
  public PodIdentity withLogs(boolean included) {
    return withLogs(included, LogChoice.UNKNOWN);
  }

  /** Returns this pod with whether its logs are reported, and what it says of them itself. */
  public PodIdentity withLogs(boolean included, LogChoice own) {
    return copy(uid, services, namespaceLabels, included, own);
  }

  /** Returns this pod with another uid. */
  public PodIdentity withUid(String another) {
    return copy(another, services, namespaceLabels, logsIncluded, ownChoice);
  }

  /** Returns this pod with what is not its own. */
  public PodIdentity with(List<String> itsServices, Map<String, String> itsNamespaceLabels) {
    return copy(uid, itsServices, itsNamespaceLabels, logsIncluded, ownChoice);
  }

  private PodIdentity copy(
      String itsUid,
      List<String> itsServices,
      Map<String, String> itsNamespaceLabels,
      boolean included,
      LogChoice own) {
    return new PodIdentity(
        itsUid,
        name,
        namespace,
        node,
        address,
        workloadKind,
        workload,
        itsServices,
        labels,
        annotations,
        itsNamespaceLabels,
        included,
        own);
  }
}
