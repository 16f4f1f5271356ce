package io.smartagent.modules.containermetrics;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.modules.process.ProcessFiles;
import java.util.List;

/** Counts what processes hold, without a capability where the kernel lets it. */
final class ProcessCounts {

  /** Names of so many descriptors fit into the agent's memory. */
  private static final long TABLE_AT_MOST = 65_536;

  private final Filesystem files;
  private final ProcessFiles processes;
  private final boolean statTells;

  /**
   * @param root the host's root, without a slash at its end
   */
  ProcessCounts(Filesystem files, ProcessFiles processes, String root) {
    this.files = files;
    this.processes = processes;
    this.statTells = size(root + "/proc/self/fd") > 0;
  }

  /**
   * Returns how many descriptors the processes have open; {@link KeyedText#ABSENT} where it cannot
   * be told of any. Since Linux 6.2 (commit f1f1f2569901) it is the size of /proc/PID/fd, which
   * anybody may ask for; before, the directory has to be listed, which takes CAP_SYS_PTRACE and
   * CAP_DAC_READ_SEARCH for another user's process.
   */
  long descriptors(List<Integer> pids) {
    long sum = KeyedText.ABSENT;
    for (int pid : pids) {
      long count = statTells ? size(processes.path(pid, "fd")) : listed(pid);
      if (count >= 0) {
        sum = Math.max(0, sum) + count;
      }
    }
    return sum;
  }

  private long size(String path) {
    try {
      return files.status(path).size();
    } catch (ErrnoException ended) {
      return KeyedText.ABSENT;
    }
  }

  private long listed(int pid) {
    String status = processes.text(pid, "status");
    if (status == null || tableSize(status) > TABLE_AT_MOST) {
      return KeyedText.ABSENT;
    }
    try (Descriptor directory = files.openDirectory(processes.path(pid, "fd"))) {
      return files.list(directory).size();
    } catch (ErrnoException endedOrDenied) {
      return KeyedText.ABSENT;
    }
  }

  private static long tableSize(String status) {
    for (String line : status.split("\n", -1)) {
      if (line.startsWith("FDSize:")) {
        return KeyedText.number(line.substring("FDSize:".length()).strip());
      }
    }
    return Long.MAX_VALUE;
  }

  /**
   * Returns what is the same for processes in the same network namespace and differs for others;
   * {@link KeyedText#ABSENT} where the process has ended. The link /proc/PID/ns/net takes
   * CAP_SYS_PTRACE to be read, but each network namespace has a tree of its own behind
   * /proc/PID/net, with inode numbers of its own: fs/proc/proc_net.c.
   */
  long networkNamespace(int pid) {
    try {
      FileStatus status = files.status(processes.path(pid, "net/dev"));
      return status.inode();
    } catch (ErrnoException ended) {
      return KeyedText.ABSENT;
    }
  }
}
