package io.smartagent.modules.logdiscovery;

import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.LogChoice;
import io.smartagent.module.LogFilter;
import io.smartagent.module.PodDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets through what is told of logs, but for those of pods that the user has left out. Logs that
 * are of no pod always go through.
 *
 * <p>What a filter says of a pod may change: a log that is left out from now on is told to be gone,
 * and one that no longer is to be found.
 */
final class LogGate {

  /** A watch tells of a pod about as soon as its first file is there, give or take. */
  private static final Duration LATE = Duration.ofSeconds(5);

  /** While the API does not answer, or the first list is still on its way. */
  private static final Duration NOT_AT_ALL = Duration.ofSeconds(30);

  private final PodDirectory pods;
  private final boolean mayLearn;
  private final LongSupplier nanoTime;
  private LogFilter filter = LogFilter.STANDARD;

  private final Set<FileId> told = new HashSet<>();
  private Map<FileId, Long> unknownSince = new HashMap<>();
  private Map<FileId, Long> stillUnknown = new HashMap<>();
  private final Map<String, Long> awaited = new HashMap<>();
  private int excluded;
  private int unknown;

  private enum Verdict {
    TELL,
    LEAVE_OUT,
    WAIT
  }

  /**
   * @param pods what Kubernetes says of them
   * @param mayLearn whether it is asked: a pod that is not known may be so a moment later
   */
  LogGate(PodDirectory pods, boolean mayLearn) {
    this(pods, mayLearn, System::nanoTime);
  }

  LogGate(PodDirectory pods, boolean mayLearn, LongSupplier nanoTime) {
    this.pods = pods;
    this.mayLearn = mayLearn;
    this.nanoTime = nanoTime;
  }

  /**
   * Returns what is to be told after a pass.
   *
   * @param now the filter that holds
   * @param changes what the pass has found
   * @param logs all that are there now
   */
  List<LogChange> pass(LogFilter now, List<LogChange> changes, List<LogFile> logs) {
    filter = now;
    excluded = 0;
    unknown = 0;
    awaited.clear();
    stillUnknown = new HashMap<>();
    List<LogChange> through = new ArrayList<>();
    for (LogChange change : changes) {
      letThrough(change, through);
    }
    for (LogFile log : logs) {
      judge(log, through);
    }
    unknownSince = stillUnknown;
    return through;
  }

  /** What is found is told where all logs are judged. */
  private void letThrough(LogChange change, List<LogChange> through) {
    switch (change) {
      case LogChange.Found found -> {}
      case LogChange.Rotated rotated -> {
        if (told.remove(rotated.before().id())) {
          told.add(rotated.now().id());
          through.add(rotated);
        }
      }
      case LogChange.Gone gone -> {
        if (told.remove(gone.log().id())) {
          through.add(gone);
        }
      }
    }
  }

  private void judge(LogFile log, List<LogChange> through) {
    switch (verdict(log)) {
      case TELL -> {
        if (told.add(log.id())) {
          through.add(new LogChange.Found(log));
        }
      }
      case LEAVE_OUT -> {
        excluded++;
        if (told.remove(log.id())) {
          through.add(new LogChange.Gone(log));
        }
      }
      case WAIT -> {
        // Until then what is told of it still is, and what is not still is not.
      }
    }
  }

  private Verdict verdict(LogFile log) {
    ContainerIdentity container = log.container();
    String uid = log.owner().podUid();
    if (uid == null && container != null) {
      uid = container.podUid();
    }
    String namespace = container == null ? null : container.podNamespace();
    if (uid == null && namespace == null) {
      return Verdict.TELL;
    }
    return switch (uid == null ? LogChoice.UNKNOWN : pods.logs(uid, filter)) {
      case INCLUDED -> Verdict.TELL;
      case EXCLUDED -> Verdict.LEAVE_OUT;
      case UNKNOWN -> verdictOfUnknown(log.id(), uid, namespace);
    };
  }

  /** Its path, or its runtime, may tell the namespace all the same. */
  private Verdict verdictOfUnknown(FileId id, @Nullable String uid, @Nullable String namespace) {
    if (namespace != null && !filter.namespaces().includes(namespace)) {
      return Verdict.LEAVE_OUT;
    }
    long since = unknownSince.getOrDefault(id, nanoTime.getAsLong());
    stillUnknown.put(id, since);
    if (mayLearn && uid != null && isEarly(since)) {
      awaited.merge(uid, since, Math::min);
      return Verdict.WAIT;
    }
    unknown++;
    return filter.unknownIncluded() ? Verdict.TELL : Verdict.LEAVE_OUT;
  }

  private boolean isEarly(long since) {
    Duration patience = pods.isComplete(filter) ? LATE : NOT_AT_ALL;
    return nanoTime.getAsLong() - since < patience.toNanos();
  }

  /** Returns whether a log is one that is told. */
  boolean isTold(LogFile log) {
    return told.contains(log.id());
  }

  /** Returns how many logs of the last pass were left out. */
  int excluded() {
    return excluded;
  }

  /** Returns of how many logs' pods nothing was known in the last pass. */
  int unknown() {
    return unknown;
  }

  /** Returns whether the pod of a log may be known soon, so that nothing is told of it yet. */
  boolean isWaiting() {
    return !awaited.isEmpty();
  }

  /** Returns whether the last pass went by this filter. */
  boolean isOf(LogFilter now) {
    return filter.equals(now);
  }

  /** Returns whether one of these pods is known now, or has been waited for long enough. */
  boolean isWaitOver() {
    for (Map.Entry<String, Long> pod : awaited.entrySet()) {
      if (!isEarly(pod.getValue()) || pods.logs(pod.getKey(), filter) != LogChoice.UNKNOWN) {
        return true;
      }
    }
    return false;
  }
}
