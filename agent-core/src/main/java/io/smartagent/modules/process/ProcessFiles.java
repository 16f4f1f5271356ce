package io.smartagent.modules.process;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.modules.cgroup.CgroupOwner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files that the host's procfs has of each process. A process may end at any time, so a file
 * that cannot be read is null and no fault. Not for what lies in a process's memory (cmdline,
 * environ): {@link PatientReader}.
 */
public final class ProcessFiles {

  private static final int SMALL_FILE = 65536;

  private final Filesystem files;
  private final String proc;

  /**
   * @param root the host's root, without a slash at its end
   */
  public ProcessFiles(Filesystem files, String root) {
    this.files = files;
    this.proc = root + "/proc";
  }

  /**
   * Returns the ids of all processes, in procfs' order.
   *
   * @throws ErrnoException where /proc cannot be listed
   */
  public List<Integer> pids() throws ErrnoException {
    try (Descriptor directory = files.openDirectory(proc)) {
      List<Integer> pids = new ArrayList<>();
      for (String name : files.list(directory)) {
        if (isNumber(name)) {
          pids.add(Integer.valueOf(name));
        }
      }
      return pids;
    }
  }

  /** Returns whether a name in procfs is a decimal number that an int can hold. */
  public static boolean isNumber(String name) {
    return !name.isEmpty()
        && name.length() < 10
        && name.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /**
   * Returns how long the machine has run, in the unit of {@link ProcessStat#startTicks}.
   *
   * @throws ErrnoException where there is no procfs
   */
  public long uptimeTicks() throws ErrnoException {
    String uptime =
        new String(files.readAll(proc + "/uptime", SMALL_FILE), StandardCharsets.US_ASCII);
    int end = uptime.indexOf(' ');
    return (long)
        (Double.parseDouble(end < 0 ? uptime.strip() : uptime.substring(0, end))
            * ProcessStat.TICKS_PER_SECOND);
  }

  /** Returns what /proc/PID/stat says; null where the process has ended. */
  public @Nullable ProcessStat stat(int pid) {
    String text = text(pid, "stat");
    ProcessStat stat = text == null ? null : ProcessStat.parse(text);
    return stat == null || stat.pid() != pid ? null : stat;
  }

  /** Returns the container and pod that a process is in, as far as it can be told. */
  public CgroupOwner owner(int pid) {
    String cgroup = text(pid, "cgroup");
    return cgroup == null ? CgroupOwner.NONE : CgroupOwner.ofProcess(cgroup);
  }

  /** Returns a small file's text; null where the process has ended or does not let it be read. */
  public @Nullable String text(int pid, String file) {
    try {
      return new String(files.readAll(path(pid, file), SMALL_FILE), StandardCharsets.UTF_8);
    } catch (ErrnoException endedOrDenied) {
      return null;
    }
  }

  /** Returns the path of a process's file. */
  public String path(int pid, String file) {
    return proc + "/" + pid + "/" + file;
  }
}
