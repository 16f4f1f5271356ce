package io.smartagent.modules.kernelstacks;

import io.smartagent.limit.BoundedMap;
import io.smartagent.modules.kernellog.StackFrames;
import io.smartagent.modules.kernelstacks.BlockedTasks.Wait;
import io.smartagent.modules.process.PatientReader;
import io.smartagent.modules.process.ProcessFiles;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks procfs where a task waits: proc_pid_stack(5), proc_pid_wchan(5). Who reads a stack waits for
 * a lock of the task, which one that is blocked within execve(2) holds: exec_update_lock, before
 * Linux 5.11 a mutex, and cred_guard_mutex in older ones. So that is read patiently, and a task of
 * which the read does not return is not asked again.
 */
final class ProcPlaces implements PlaceReader {

  private static final int STACK_LIMIT = 16_384;
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int STUCK_AT_MOST = 100;

  private final ProcessFiles processes;
  private final boolean readsStacks;
  private final PatientReader patient = new PatientReader(PATIENCE);

  /** When the tasks started whose stacks do not let themselves be read, by their ids. */
  private final Map<Integer, Long> stuck = BoundedMap.ofNewest(STUCK_AT_MOST);

  /**
   * @param readsStacks whether CAP_SYS_ADMIN is there, which the kernel asks for
   */
  ProcPlaces(ProcessFiles processes, boolean readsStacks) {
    this.processes = processes;
    this.readsStacks = readsStacks;
  }

  @Override
  public Place place(Wait wait) {
    String directory = "task/" + wait.task().tid() + "/";
    int pid = wait.task().pid();
    return new Place(
        wchan(processes.text(pid, directory + "wchan")),
        readsStacks ? stack(wait.task(), processes.path(pid, directory + "stack")) : List.of());
  }

  /** Each read that does not return costs a thread, and there are few of them for all tasks. */
  private List<String> stack(WaitingTask task, String path) {
    int before = patient.stuckReads();
    if (before == 0) {
      stuck.clear();
    }
    Long startTicks = stuck.get(task.tid());
    if (startTicks != null && startTicks == task.startTicks()) {
      return List.of();
    }
    byte[] text = patient.read(path, STACK_LIMIT);
    if (patient.stuckReads() > before) {
      stuck.put(task.tid(), task.startTicks());
    }
    return text == null ? List.of() : StackFrames.ofFile(new String(text, StandardCharsets.UTF_8));
  }

  /** It is 0 for a task that runs, and for whoever may not see it. */
  private static @Nullable String wchan(@Nullable String text) {
    return text != null && text.strip().matches("[\\w.]{2,200}") ? text.strip() : null;
  }

  @Override
  public String degraded() {
    int stuck = patient.stuckReads();
    return stuck == 0
        ? ""
        : stuck
            + (stuck == 1 ? " task does" : " tasks do")
            + " not let the stack be read: it is blocked while it executes another program."
            + " Stacks may be missing.";
  }

  @Override
  public void close() {
    patient.close();
  }
}
