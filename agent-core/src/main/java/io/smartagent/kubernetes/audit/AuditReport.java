package io.smartagent.kubernetes.audit;

import io.smartagent.kubernetes.yaml.ManifestProblem;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What an audit found.
 *
 * @param owners with their containers, sorted
 * @param counts of what was read
 * @param problems of the sources, in their order
 * @param moreProblems how many there were beyond those
 * @param notes on the audit as a whole, as sentences
 */
public record AuditReport(
    SortedMap<Owner, List<ContainerReport>> owners,
    Counts counts,
    List<ManifestProblem> problems,
    long moreProblems,
    List<String> notes) {

  /**
   * How much was read.
   *
   * @param sources files and streams
   * @param bytes of them
   * @param objects of Kubernetes in them
   * @param workloads objects that pods come from, and pods
   * @param skipped objects that no pod comes from
   * @param windows workloads of Windows, looked through for HostProcess containers only
   * @param inactive former revisions of a workload, which no longer have pods
   */
  public record Counts(
      long sources,
      long bytes,
      long objects,
      long workloads,
      long skipped,
      long windows,
      long inactive) {}

  /** Returns how many containers are listed with this level. */
  public long count(Level level) {
    return owners.values().stream()
        .flatMap(List::stream)
        .filter(container -> container.level() == level)
        .count();
  }

  /** Returns how many privileged containers cannot be demoted as they are. */
  public long blocked() {
    return owners.values().stream()
        .flatMap(List::stream)
        .map(ContainerReport::demotion)
        .filter(demotion -> demotion != null && !demotion.isPossible())
        .count();
  }

  /** Returns whether any container is listed. */
  public boolean foundAny() {
    return owners.values().stream().anyMatch(containers -> !containers.isEmpty());
  }

  /** Returns the owners with their containers. */
  public Iterable<Map.Entry<Owner, List<ContainerReport>>> entries() {
    return owners.entrySet();
  }
}
