package io.smartagent.modules.networkinterfaces;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.modules.cgroup.CgroupLevel;
import io.smartagent.modules.cgroup.CgroupOwner;
import java.nio.charset.StandardCharsets;

/** How the agent's pid namespace and the procfs that it reads go together: pid_namespaces(7). */
enum AgentPlace {
  /** A pid means the same in both: hostPID. */
  SAME_PIDS,
  /** The procfs is the host's, but the agent's own pids are others. */
  OWN_PIDS,
  /** The procfs shows the agent's container only. */
  OWN_PROCFS;

  private static final int FILE_LIMIT = 65536;

  /**
   * Finds out by NSpid of the agent's status (Linux 4.1), which has one number for each namespace
   * from the procfs' own to the process's.
   *
   * @param root the host's root, without a slash at its end
   */
  static AgentPlace find(Filesystem files, String root) {
    try {
      String[] pids = nsPids(text(files, root + "/proc/self/status"));
      boolean same =
          pids.length == 0
              ? files
                  .readLink(root + "/proc/self")
                  .equals(Long.toString(ProcessHandle.current().pid()))
              : pids.length == 1;
      if (!same) {
        return OWN_PIDS;
      }
      CgroupOwner init = CgroupOwner.ofProcess(text(files, root + "/proc/1/cgroup"));
      CgroupOwner self = CgroupOwner.ofProcess(text(files, root + "/proc/self/cgroup"));
      return init.level() == CgroupLevel.CONTAINER && init.equals(self) ? OWN_PROCFS : SAME_PIDS;
    } catch (ErrnoException notInThisProcfs) {
      return OWN_PIDS;
    }
  }

  private static String[] nsPids(String status) {
    for (String line : status.split("\n", -1)) {
      if (line.startsWith("NSpid:")) {
        return line.substring("NSpid:".length()).strip().split("\\s+", -1);
      }
    }
    return new String[0];
  }

  private static String text(Filesystem files, String path) throws ErrnoException {
    return new String(files.readAll(path, FILE_LIMIT), StandardCharsets.UTF_8);
  }
}
