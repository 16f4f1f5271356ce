package io.smartagent.modules.kernelstacks;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.modules.process.ProcessFiles;
import io.smartagent.modules.process.ProcessStat;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks for tasks in uninterruptible sleep. Every process is looked at in each pass, and as many of
 * the other threads as a pass may cost: the next one goes on where that one ended. Those that are
 * known to wait are looked at each time.
 */
final class TaskScanner {

  /** Of one small file each. */
  static final int THREADS_IN_A_PASS = 20_000;

  /** What waits beyond that is not looked at more closely. */
  static final int WAITING_AT_MOST = 2_000;

  private static final char UNINTERRUPTIBLE = 'D';
  private static final char IDLE = 'I';

  private final Filesystem files;
  private final ProcessFiles processes;
  private int resumeAt;
  private boolean idleIsTold;

  /**
   * What one pass has found.
   *
   * @param waiting {@link #WAITING_AT_MOST} at most
   * @param leftOut how many more tasks wait
   * @param processesLeftOut whose threads were not looked at in this pass
   */
  record Scan(List<WaitingTask> waiting, int leftOut, int processesLeftOut) {}

  TaskScanner(Filesystem files, ProcessFiles processes) {
    this.files = files;
    this.processes = processes;
  }

  /**
   * Looks at the host's tasks.
   *
   * @param known tasks that waited at the last pass
   * @param stopping whether to end early, with what has been found
   * @throws ErrnoException where /proc cannot be listed
   */
  Scan scan(Collection<WaitingTask> known, BooleanSupplier stopping) throws ErrnoException {
    Pass pass = new Pass();
    for (WaitingTask task : known) {
      pass.look(task.pid(), task.tid(), task.process());
    }
    List<ProcessStat> threaded = new ArrayList<>();
    for (int pid : processes.pids()) {
      if (stopping.getAsBoolean()) {
        return pass.result(0);
      }
      ProcessStat stat = processes.stat(pid);
      if (stat != null) {
        // From Linux 4.14 on; before, a kernel thread that has nothing to do looks blocked.
        idleIsTold |= stat.kernelThread() && stat.state() == IDLE;
        pass.take(stat.pid(), stat.name(), stat);
        if (stat.threads() > 1) {
          threaded.add(stat);
        }
      }
    }
    return pass.result(lookAtThreads(threaded, pass, stopping));
  }

  private int lookAtThreads(List<ProcessStat> threaded, Pass pass, BooleanSupplier stopping) {
    int first = firstOf(threaded);
    int budget = THREADS_IN_A_PASS;
    for (int i = 0; i < threaded.size(); i++) {
      ProcessStat process = threaded.get((first + i) % threaded.size());
      if (budget <= 0 || stopping.getAsBoolean()) {
        resumeAt = process.pid();
        return threaded.size() - i;
      }
      for (int tid : threads(process.pid())) {
        if (tid != process.pid() && budget-- > 0) {
          pass.look(process.pid(), tid, process.name());
        }
      }
    }
    resumeAt = 0;
    return 0;
  }

  private int firstOf(List<ProcessStat> threaded) {
    for (int i = 0; i < threaded.size(); i++) {
      if (threaded.get(i).pid() >= resumeAt) {
        return i;
      }
    }
    return 0;
  }

  private List<Integer> threads(int pid) {
    try (Descriptor directory = files.openDirectory(processes.path(pid, "task"))) {
      List<Integer> threads = new ArrayList<>();
      for (String name : files.list(directory)) {
        if (name.matches("[1-9]\\d{0,8}")) {
          threads.add(Integer.valueOf(name));
        }
      }
      return threads;
    } catch (ErrnoException ended) {
      return List.of();
    }
  }

  /** One pass over the host's tasks. */
  private final class Pass {

    private final List<WaitingTask> waiting = new ArrayList<>();
    private final Set<Integer> looked = new HashSet<>();
    private int leftOut;

    void look(int pid, int tid, String process) {
      String text = looked.contains(tid) ? null : processes.text(pid, "task/" + tid + "/stat");
      ProcessStat stat = text == null ? null : ProcessStat.parse(text);
      if (stat != null && stat.pid() == tid) {
        take(pid, process, stat);
      }
    }

    void take(int pid, String process, ProcessStat stat) {
      boolean mayWait = !stat.kernelThread() || idleIsTold;
      if (stat.state() != UNINTERRUPTIBLE || !mayWait || !looked.add(stat.pid())) {
        return;
      }
      if (waiting.size() >= WAITING_AT_MOST) {
        leftOut++;
        return;
      }
      Long switches = switches(pid, stat.pid());
      if (switches != null) {
        waiting.add(
            new WaitingTask(
                pid,
                stat.pid(),
                process,
                stat.name(),
                stat.kernelThread(),
                stat.startTicks(),
                switches));
      }
    }

    private @Nullable Long switches(int pid, int tid) {
      String status = processes.text(pid, "task/" + tid + "/status");
      return status == null ? null : TaskStatus.switches(status);
    }

    Scan result(int processesLeftOut) {
      return new Scan(List.copyOf(waiting), leftOut, processesLeftOut);
    }
  }
}
