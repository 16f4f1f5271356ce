package io.smartagent.modules.networkinterfaces;

import io.smartagent.modules.cgroup.CgroupOwner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace that processes are in.
 *
 * @param number by which it is told from all others that exist now: the inode of
 *     /proc/PID/net/stat, which each namespace has of its own, and which anybody may ask for. The
 *     number of a namespace that has ended may be given to a new one.
 * @param pid a process that is in it, as the host's procfs has it: the oldest one
 * @param host whether it is the host's own
 * @param owners whose processes are in it, the owner of the oldest first; empty for the host's
 */
record NetworkNamespace(long number, int pid, boolean host, List<CgroupOwner> owners) {

  NetworkNamespace {
    owners = List.copyOf(owners);
  }

  /** Returns whose it is: the container that was there first, which in a pod is the sandbox. */
  CgroupOwner owner() {
    return owners.isEmpty() ? CgroupOwner.NONE : owners.getFirst();
  }

  /** Returns whether it is what the same number stood for before. */
  boolean continues(@Nullable NetworkNamespace before) {
    if (before == null || before.host() != host) {
      return false;
    }
    if (host) {
      return true;
    }
    for (CgroupOwner owner : owners) {
      for (CgroupOwner other : before.owners) {
        boolean samePod = owner.podUid() != null && owner.podUid().equals(other.podUid());
        if (samePod || owner.equals(other)) {
          return true;
        }
      }
    }
    return false;
  }
}
