package io.smartagent.plan;

import io.smartagent.host.HostFacts.PrunedEntry;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the host's tree is made read-only.
 *
 * @param writable the agent's own directories
 * @param recursively by mount_setattr(2) in one call, else by one remount for each mount
 * @param hidden what is covered
 * @param tmpfs whether /tmp becomes a tmpfs of the agent's own
 * @param sharesApmDirectory whether the container's directory for what is injected into
 *     applications is shown in that tmpfs
 */
record TreeSeal(
    Set<String> writable,
    boolean recursively,
    List<PrunedEntry> hidden,
    boolean tmpfs,
    boolean sharesApmDirectory) {

  /** The directory that programs expect to write to. */
  static final String TMP = "/tmp";

  /** Copies the collections. */
  TreeSeal {
    writable = Set.copyOf(writable);
    hidden = List.copyOf(hidden);
  }

  /** Returns what is writable once the tree is complete. */
  Set<String> writableWithTmp() {
    if (!tmpfs) {
      return writable;
    }
    Set<String> all = new TreeSet<>(writable);
    all.add(TMP);
    return all;
  }
}
