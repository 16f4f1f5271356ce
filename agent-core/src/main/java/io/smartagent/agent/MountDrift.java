package io.smartagent.agent;

import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.launch.LaunchRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares mount tables with what the launcher left: which mounts can be written that must not be.
 * Only by what the tables say: nothing is looked at, so nothing is mounted by looking.
 */
final class MountDrift {

  /** As many are named, at any time; the others are counted. */
  static final int NAMED = 100;

  private final List<String> writable;
  private final Set<Key> tolerated = new HashSet<>();
  private final Map<Key, MountPoint> named = new LinkedHashMap<>();
  private boolean tolerating;

  private MountDrift(List<String> writable, boolean tolerating) {
    this.writable = List.copyOf(writable);
    this.tolerating = tolerating;
  }

  /** A mount's number is given to another once it is gone. */
  private record Key(int id, String device, String path) {

    static Key of(MountPoint mount) {
      return new Key(mount.id(), mount.device(), mount.path());
    }
  }

  /**
   * What has changed from one table to the next.
   *
   * @param appeared mounts that can be written now, in the order of the table
   * @param gone of those that had appeared: what is unmounted, covered or read-only by now
   * @param total all that can be written now and must not be, those that are not named too
   */
  record Change(List<MountPoint> appeared, List<MountPoint> gone, int total) {}

  /** Returns a comparison for a sealed host, where nothing but {@code writable} may be written. */
  static MountDrift ofSealed(List<String> writable) {
    return new MountDrift(writable, false);
  }

  /**
   * Returns a comparison for a host that was left as its mounts were: what can be written in the
   * first table may stay so.
   *
   * @param writable directories in which it does not matter what is mounted
   */
  static MountDrift ofUnsealed(List<String> writable) {
    return new MountDrift(writable, true);
  }

  /** Returns the comparison for a launch. */
  static MountDrift of(LaunchRecord record) {
    if (record.root().sealed()) {
      return ofSealed(record.root().writable());
    }
    List<String> own = new ArrayList<>(record.root().writable());
    own.add(record.node().runtimeDirectory());
    return ofUnsealed(own);
  }

  /** Compares the table with the last one. */
  Change compare(MountTable table) {
    Map<Key, MountPoint> open = open(table);
    if (tolerating) {
      tolerated.addAll(open.keySet());
      tolerating = false;
    }
    tolerated.retainAll(open.keySet());
    open.keySet().removeAll(tolerated);
    List<MountPoint> gone = forgetAllBut(open.keySet());
    return new Change(nameMore(open), gone, open.size());
  }

  private Map<Key, MountPoint> open(MountTable table) {
    Map<Key, MountPoint> open = new LinkedHashMap<>();
    for (MountPoint mount : table.visibleBelow("/")) {
      if (!mount.isReadOnly() && !mount.isAutomount() && !mayBeWritten(mount.path())) {
        open.put(Key.of(mount), mount);
      }
    }
    return open;
  }

  private boolean mayBeWritten(String path) {
    return writable.stream().anyMatch(directory -> MountTable.isAtOrBelow(path, directory));
  }

  private List<MountPoint> forgetAllBut(Set<Key> open) {
    List<MountPoint> gone = new ArrayList<>();
    for (Map.Entry<Key, MountPoint> mount : named.entrySet()) {
      if (!open.contains(mount.getKey())) {
        gone.add(mount.getValue());
      }
    }
    named.keySet().retainAll(open);
    return gone;
  }

  private List<MountPoint> nameMore(Map<Key, MountPoint> open) {
    List<MountPoint> appeared = new ArrayList<>();
    for (Map.Entry<Key, MountPoint> mount : open.entrySet()) {
      if (named.size() < NAMED && named.putIfAbsent(mount.getKey(), mount.getValue()) == null) {
        appeared.add(mount.getValue());
      }
    }
    return appeared;
  }

  /** Returns the mounts that can be written and must not be, those that are named. */
  List<MountPoint> named() {
    return List.copyOf(named.values());
  }
}
