package io.smartagent.modules.kernelstacks;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.modules.process.ProcessFiles;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Tells tasks that somebody has frozen from those that are blocked: {@code docker pause} with
 * control groups of version 1, or the suspend of the machine. Linux shows both as uninterruptible.
 * With version 2 a frozen task is interruptible, so nothing has to be told.
 */
final class Frozen {

  /** kernel/freezer.c: a frozen task waits in it, whatever it did before. */
  private static final String REFRIGERATOR = "__refrigerator";

  private static final int SMALL_FILE = 64;

  private final Filesystem files;
  private final ProcessFiles processes;
  private final String freezer;

  /**
   * @param root the host's root, without a slash at its end
   */
  Frozen(Filesystem files, ProcessFiles processes, String root) {
    this.files = files;
    this.processes = processes;
    this.freezer = root + "/sys/fs/cgroup/freezer";
  }

  /** Returns whether the control group of the process is frozen. */
  boolean isFrozen(int pid) {
    String cgroups = processes.text(pid, "cgroup");
    if (cgroups != null) {
      for (String line : cgroups.split("\n", -1)) {
        String[] fields = line.split(":", 3);
        if (fields.length == 3
            && List.of(fields[1].split(",", -1)).contains("freezer")
            && !List.of(fields[2].split("/", -1)).contains("..")) {
          return isFrozen(fields[2]);
        }
      }
    }
    return false;
  }

  private boolean isFrozen(String cgroup) {
    try {
      byte[] state = files.readAll(freezer + cgroup + "/freezer.state", SMALL_FILE);
      String text = new String(state, StandardCharsets.US_ASCII).strip();
      return text.equals("FROZEN") || text.equals("FREEZING");
    } catch (ErrnoException noSuchState) {
      return false;
    }
  }

  /** Returns whether this is where frozen tasks wait. */
  static boolean isFrozen(Place place) {
    String wchan = place.wchan();
    return REFRIGERATOR.equals(wchan)
        || place.frames().stream().limit(3).anyMatch(frame -> frame.startsWith(REFRIGERATOR + "+"));
  }
}
