package io.smartagent.modules.logdiscovery;

import io.smartagent.limit.BoundedMap;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.container.Containers;
import io.smartagent.modules.logdiscovery.CarefulFiles.Lane;
import io.smartagent.modules.logdiscovery.LogFile.Origin;
import io.smartagent.modules.logdiscovery.LogFile.Writer;
import io.smartagent.modules.logdiscovery.LogRules.Verdict;
import io.smartagent.modules.process.ProcessFiles;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds out of a file that may be a log whether it is one, and whose. */
final class LogExaminer implements LogCatalog.Examiner {

  /** So many files that are none are not looked into again. */
  private static final int MOST_REJECTED = 10_000;

  /** The most files that a pass looks into: no flood of files becomes one of reads. */
  private static final int MOST_OF_A_PASS = 1000;

  private final ProcessFiles processes;
  private final CarefulFiles careful;
  private final Mounts mounts;
  private final Containers containers;
  private Map<FileId, StdoutLog> stdout = Map.of();
  private int examined;
  private int unread;

  private final Map<FileId, Rejected> rejected = BoundedMap.ofRecentlyUsed(MOST_REJECTED);

  /**
   * A file that is no log, as long as it is this one: its number may become another's.
   *
   * @param place the hash of where it is: the place itself takes a hundred times the room
   */
  private record Rejected(int place, long size) {

    boolean stillHolds(Sighting sighting) {
      return sighting.place().hashCode() == place
          && (size > 0 ? sighting.size() >= size : sighting.size() == 0);
    }
  }

  LogExaminer(ProcessFiles processes, CarefulFiles careful, Mounts mounts, Containers containers) {
    this.processes = processes;
    this.careful = careful;
    this.mounts = mounts;
    this.containers = containers;
  }

  /**
   * Starts to count anew.
   *
   * @param found the files that hold what containers print, as their directories tell
   */
  void beginPass(Map<FileId, StdoutLog> found) {
    stdout = found;
    examined = 0;
    unread = 0;
  }

  /** Returns how many files of this pass could not be read, or had to wait for the next one. */
  int unread() {
    return unread;
  }

  @Override
  public @Nullable LogFile examine(Sighting sighting, @Nullable LogFile before) {
    Rejected earlier = rejected.get(sighting.id());
    if (earlier != null && earlier.stillHolds(sighting)) {
      return null;
    }
    if (++examined > MOST_OF_A_PASS) {
      unread++;
      return null;
    }
    byte[] sample = sample(sighting);
    if (sample == null) {
      unread++;
    }
    LogGuess guess = sample == null ? LogGuess.UNKNOWN : LogSample.guess(sample);
    if (guess == null || (guess.isUnknown() && needsText(sighting, before))) {
      if (sample != null) {
        rejected.put(sighting.id(), new Rejected(sighting.place().hashCode(), sighting.size()));
      }
      return null;
    }
    return describe(sighting, guess.isUnknown() && before != null ? before.guess() : guess);
  }

  /** A file that takes a log's place is one, whatever its name and though it is empty. */
  private static boolean needsText(Sighting sighting, @Nullable LogFile before) {
    return before == null && sighting.verdict() != Verdict.LOG;
  }

  /** Returns a better guess of a log that was empty when it was found. */
  LogGuess guessAgain(LogFile log, Sighting sighting) {
    byte[] sample = ++examined > MOST_OF_A_PASS ? null : sample(sighting);
    LogGuess guess = sample == null ? null : LogSample.guess(sample);
    return guess == null ? log.guess() : guess;
  }

  private byte @Nullable [] sample(Sighting sighting) {
    if (sighting.size() == 0) {
      return new byte[0];
    }
    return careful.start(
        sighting.spot(), sighting.id(), sighting.mount(), lane(sighting), LogSample.LIMIT);
  }

  private Lane lane(Sighting sighting) {
    Spot.Held holder = sighting.holder();
    return holder == null ? Lane.LOCAL : mounts.lane(holder.pid(), sighting.mount());
  }

  private LogFile describe(Sighting sighting, LogGuess guess) {
    Spot.Held holder = sighting.holder();
    Place place = sighting.place();
    // A container may have such a path too, but not tell by it whose log it is.
    StdoutLog byPath = place.isOnHost() ? StdoutLog.of(place.path()) : null;
    StdoutLog byDirectory = stdout.get(sighting.id());
    StdoutLog printed = byPath == null ? byDirectory : byPath.and(byDirectory);
    CgroupOwner owner =
        printed != null
            ? printed.owner()
            : holder == null ? CgroupOwner.NONE : containers.owner(processes, holder.pid());
    ContainerIdentity identity = containers.identify(owner);
    return new LogFile(
        sighting.id(),
        place,
        place,
        sighting.size(),
        holder == null ? null : writer(holder),
        sighting.mount(),
        hostPath(sighting),
        owner,
        printed == null ? identity : printed.identity(identity),
        printed == null ? Origin.FILE : Origin.CONTAINER,
        guess);
  }

  /** Returns a process as the writer of a log. */
  Writer writer(Spot.Held holder) {
    String name = processes.text(holder.pid(), "comm");
    return new Writer(
        holder, name != null && name.endsWith("\n") ? name.substring(0, name.length() - 1) : name);
  }

  private Spot.@Nullable InHost hostPath(Sighting sighting) {
    Place place = sighting.place();
    Spot.Held holder = sighting.holder();
    if (place.isOnHost() || holder == null) {
      return place.isOnHost() ? new Spot.InHost("", place.path()) : null;
    }
    MountIndex host = mounts.ofHost();
    MountIndex process = mounts.of(holder.pid());
    if (host == null || process == null) {
      return null;
    }
    Spot.InHost path = HostPaths.resolve(host, process, sighting.mount(), place.path());
    // The mount table of the overlay's maker may be another one than the host's.
    boolean certain =
        path == null
            || path.directory().isEmpty()
            || careful.status(path, Sighting.UNKNOWN_MOUNT, Lane.LOCAL) != null;
    return certain ? path : null;
  }
}
