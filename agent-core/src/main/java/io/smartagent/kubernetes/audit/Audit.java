package io.smartagent.kubernetes.audit;

import io.smartagent.kubernetes.audit.AuditReport.Counts;
import io.smartagent.kubernetes.yaml.ManifestObject;
import io.smartagent.kubernetes.yaml.ManifestProblem;
import io.smartagent.kubernetes.yaml.ManifestReader;
import io.smartagent.kubernetes.yaml.ManifestSink;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * Collects what is found in sources of manifests, wherever they come from: files, a pipe, or the
 * answers of an API server. Holds one object of a source, and the containers that are to be
 * reported.
 */
public final class Audit {

  private static final int PROBLEMS_LIMIT = 1000;

  /** How many workloads may wait for a volume: each is in memory as a whole. */
  private static final int WAITING_LIMIT = 1000;

  private final Level level;
  private final Progress progress;
  private final OwnedContainers containers = new OwnedContainers();
  private final PersistentVolumes volumes = new PersistentVolumes();
  private final Queue<Pending> waiting = new ArrayDeque<>();
  private final List<ManifestProblem> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private boolean volumesComplete;
  private long moreProblems;
  private long found;
  private long sources;
  private long bytes;
  private long objects;
  private long workloads;
  private long windows;
  private long inactive;
  private long unresolved;
  private long notListed;

  /** A workload that waits for volumes, and what is wrong with it. */
  private record Pending(String source, Workload workload, Set<ManifestProblem> wrong) {}

  /** Takes how far an audit is, often. */
  @FunctionalInterface
  public interface Progress {

    /**
     * Takes the numbers.
     *
     * @param source that is being read
     * @param bytes read so far, of all sources
     * @param objects found so far
     */
    void at(String source, long bytes, long objects);
  }

  /**
   * Starts an audit.
   *
   * @param level that a container is reported from
   */
  public Audit(Level level, Progress progress) {
    this.level = level;
    this.progress = progress;
  }

  /**
   * Reads a source to its end.
   *
   * @return whether there was anything in it
   * @throws IOException where that fails; what was read up to there counts
   */
  public boolean read(String source, InputStream input) throws IOException {
    long before = found;
    sources++;
    ManifestReader.read(source, input, sink(source));
    return found > before;
  }

  /** Shows that a page of a list has been read. */
  void pageRead(String list) {
    progress.at(list, bytes, objects);
  }

  private ManifestSink sink(String source) {
    return new ManifestSink() {
      @Override
      public void object(ManifestObject object) {
        found++;
        add(object);
      }

      @Override
      public void problem(ManifestProblem problem) {
        found++;
        add(problem);
      }

      @Override
      public void progress(long more) {
        bytes += more;
        progress.at(source, bytes, objects);
      }
    };
  }

  /** Adds what is to be known of the audit as a whole, as sentences. */
  void note(String note) {
    notes.add(note);
  }

  /** Counts a list of an API server as a source. */
  void sourceRead() {
    sources++;
  }

  /** Adds a problem of a source. */
  public void add(ManifestProblem problem) {
    if (problems.size() < PROBLEMS_LIMIT) {
      problems.add(problem);
    } else {
      moreProblems++;
    }
  }

  /** Adds an object, from wherever it was read. */
  void add(ManifestObject object) {
    if (object.isList()) {
      return;
    }
    objects++;
    Set<ManifestProblem> wrong = new LinkedHashSet<>();
    volumes.add(object, wrong::add);
    Workload.of(object, wrong::add)
        .ifPresentOrElse(
            workload -> add(new Pending(object.source(), workload, wrong)),
            () -> wrong.forEach(this::add));
  }

  /** A volume may follow the workload that uses it. */
  private void add(Pending pending) {
    workloads++;
    containers.add(pending.workload());
    if (pending.workload().isInactive()) {
      inactive++;
      pending.wrong().forEach(this::add);
    } else if (volumesComplete || pending.workload().claims().isEmpty()) {
      examine(pending);
    } else {
      waiting.add(pending);
      if (waiting.size() > WAITING_LIMIT) {
        examineEarly(waiting.remove());
      }
    }
  }

  /** Later objects may show what is behind its claims, so the report has a note. */
  private void examineEarly(Pending pending) {
    Workload workload = pending.workload();
    String namespace = workload.self().namespace();
    if (workload.claims().stream().anyMatch(claim -> volumes.hostPath(namespace, claim) == null)) {
      unresolved++;
    }
    examine(pending);
  }

  /** Reports that no volume follows, so that no workload waits for one. */
  void volumesAreComplete() {
    volumesComplete = true;
  }

  private void examine(Pending pending) {
    Workload workload = pending.workload();
    Pod pod = workload.pod(volumes);
    windows += pod.windows() ? 1 : 0;
    for (Container container : pod.containers()) {
      List<Finding> findings = Examination.of(pod, container);
      if (!findings.isEmpty() && findings.getFirst().level().isAtLeast(level)) {
        ContainerReport report =
            new ContainerReport(
                container.type(),
                container.name(),
                container.image(),
                findings,
                container.privileged() ? DemotionPlanner.of(pod, container, findings) : null,
                new Location(pending.source(), container.field().line()),
                workload.isPod() ? 1 : 0);
        if (!containers.add(workload.owner().orElse(workload.self()), report)) {
          notListed++;
        }
      }
    }
    pending.wrong().forEach(this::add);
  }

  /** Returns what was found, each container with the owner at the top. */
  public AuditReport report() {
    waiting.forEach(this::examine);
    waiting.clear();
    if (notListed > 0) {
      add(
          new ManifestProblem(
              "audit",
              0,
              "It found "
                  + notListed
                  + " containers more than the "
                  + OwnedContainers.AT_MOST
                  + " that it lists.",
              "Read fewer namespaces, directories or files at once, or name another --level."));
    }
    List<String> all = new ArrayList<>(notes);
    if (unresolved > 0) {
      all.add(
          "Paths behind the claims of "
              + (unresolved == 1 ? "1 workload" : unresolved + " workloads")
              + " are not known: put PersistentVolumes first.");
    }
    return new AuditReport(
        containers.byTop(),
        new Counts(sources, bytes, objects, workloads, objects - workloads, windows, inactive),
        List.copyOf(problems),
        moreProblems,
        List.copyOf(all));
  }
}
