package io.smartagent.modules.logdiscovery;

import io.smartagent.modules.logdiscovery.LogChange.Found;
import io.smartagent.modules.logdiscovery.LogChange.Gone;
import io.smartagent.modules.logdiscovery.LogChange.Method;
import io.smartagent.modules.logdiscovery.LogChange.Rotated;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The logs that are known, from one pass to the next. A log is known by its place; the file there
 * is followed by its number, so that a rotation is told from another log.
 */
final class LogCatalog {

  /** The most logs that are followed. */
  static final int MOST = 5000;

  /** The most logs of one container: no container takes the room of the others. */
  static final int MOST_OF_A_CONTAINER = 1000;

  private final Map<FileId, LogFile> known = new LinkedHashMap<>();
  private final Map<Place, FileId> places = new HashMap<>();

  /** Files that were rotated and are still open, where they were last seen. */
  private Map<FileId, Place> retired = new HashMap<>();

  private int notFollowed;

  /** Says what a file is that is not known yet. */
  @FunctionalInterface
  interface Examiner {

    /**
     * Returns the log that a file is.
     *
     * @param before the log in whose place the file is; null where there was none
     * @return null where it is no log
     */
    @Nullable LogFile examine(Sighting sighting, @Nullable LogFile before);
  }

  /** Returns the logs that are followed. */
  List<LogFile> logs() {
    return List.copyOf(known.values());
  }

  /** Returns the log that a file is; null where it is none, or not known yet. */
  @Nullable LogFile find(FileId id) {
    return known.get(id);
  }

  /** Returns how many files of the last pass are not followed for want of room. */
  int notFollowed() {
    return notFollowed;
  }

  /** Puts what has been found out of a known log in its stead. */
  void refine(LogFile log) {
    if (known.containsKey(log.id())) {
      known.put(log.id(), log);
    }
  }

  /**
   * Compares with the pass before.
   *
   * @param sightings of all files that are there: one that has none is gone
   * @param examiner asked of each file that is not known
   */
  List<LogChange> update(List<Sighting> sightings, Examiner examiner) {
    List<LogChange> changes = new ArrayList<>();
    Map<FileId, Sighting> seen = best(sightings);
    Map<FileId, Place> stillRetired = new HashMap<>();
    List<Sighting> fresh = new ArrayList<>();
    for (Sighting sighting : seen.values()) {
      FileId id = sighting.id();
      LogFile log = known.get(id);
      Place left = retired.get(id);
      if (log != null && !isMoved(log, sighting)) {
        follow(log, sighting, changes);
      } else if (log != null) {
        forget(log);
        changes.add(new Gone(log));
        fresh.add(sighting);
      } else if (left != null && isRetired(left, sighting.place())) {
        stillRetired.put(id, sighting.place());
      } else {
        fresh.add(sighting);
      }
    }
    retired = stillRetired;
    welcome(fresh, seen, examiner, changes);
    for (LogFile log : logs()) {
      if (!seen.containsKey(log.id())) {
        forget(log);
        changes.add(new Gone(log));
      }
    }
    return changes;
  }

  /**
   * One sighting of each file: the one from its place, else the one that names its writer. Of
   * several writers of a log that is new the one with the lowest number: a child that has inherited
   * the descriptor has a higher one than its parent, but where the numbers have begun anew.
   */
  private Map<FileId, Sighting> best(List<Sighting> sightings) {
    Map<FileId, Sighting> best = new LinkedHashMap<>();
    for (Sighting sighting : sightings) {
      best.merge(
          sighting.id(),
          sighting,
          (one, other) -> {
            LogFile log = known.get(one.id());
            boolean atHome = log != null && log.place().equals(other.place());
            boolean oneAtHome = log != null && log.place().equals(one.place());
            boolean names = one.holder() == null && other.holder() != null;
            boolean older = log == null && isOlder(other.holder(), one.holder());
            return (atHome && !oneAtHome) || ((names || older) && atHome == oneAtHome)
                ? other
                : one;
          });
    }
    return best;
  }

  private static boolean isOlder(Spot.@Nullable Held one, Spot.@Nullable Held other) {
    return one != null && other != null && one.pid() < other.pid();
  }

  /**
   * The number of a file that was removed is given to another soon. What another namespace calls
   * the file says nothing.
   */
  private static boolean isMoved(LogFile log, Sighting sighting) {
    return sighting.place().namespace().equals(log.place().namespace())
        && !sighting.place().equals(log.place())
        && !log.place().mayBecome(sighting.place());
  }

  private static boolean isRetired(Place left, Place now) {
    return left.equals(now) || LogRules.isRotated(now.name());
  }

  private void follow(LogFile log, Sighting sighting, List<LogChange> changes) {
    LogFile now = log.seen(sighting);
    known.put(log.id(), now);
    if (sighting.size() < log.size()) {
      changes.add(new Rotated(log, now, Method.COPYTRUNCATE, null));
    }
  }

  private void welcome(
      List<Sighting> fresh,
      Map<FileId, Sighting> seen,
      Examiner examiner,
      List<LogChange> changes) {
    Map<String, Integer> ofNamespace = new HashMap<>();
    known.values().forEach(log -> ofNamespace.merge(log.place().namespace(), 1, Integer::sum));
    notFollowed = 0;
    for (Sighting sighting : fresh) {
      LogFile before = before(sighting.place(), seen);
      String namespace = sighting.place().namespace();
      boolean room =
          known.size() < MOST
              && (sighting.place().isOnHost()
                  || ofNamespace.getOrDefault(namespace, 0) < MOST_OF_A_CONTAINER);
      if (before == null && !room) {
        notFollowed++;
        continue;
      }
      LogFile log = examiner.examine(sighting, before);
      if (log == null) {
        continue;
      }
      if (before == null) {
        ofNamespace.merge(namespace, 1, Integer::sum);
        changes.add(new Found(log));
      } else {
        Sighting old = seen.get(before.id());
        forget(before);
        if (old != null) {
          retired.put(before.id(), old.place());
        }
        changes.add(
            new Rotated(before, log, Method.CREATE, old == null ? null : old.place().path()));
      }
      known.put(log.id(), log);
      places.put(log.place(), log.id());
    }
  }

  /** Returns the log that was in this place and is not any more. */
  private @Nullable LogFile before(Place place, Map<FileId, Sighting> seen) {
    FileId id = places.get(place);
    LogFile log = id == null ? null : known.get(id);
    Sighting now = id == null ? null : seen.get(id);
    return now != null && now.place().equals(place) ? null : log;
  }

  private void forget(LogFile log) {
    known.remove(log.id());
    places.remove(log.place(), log.id());
  }
}
