package io.smartagent.modules.kernelstacks;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.limit.BoundedMap;
import io.smartagent.modules.kernellog.KernelLogLine;
import io.smartagent.modules.kernellog.KernelLogSource;
import io.smartagent.modules.kernellog.RecordStarts;
import io.smartagent.modules.kernellog.TaskTrace;
import io.smartagent.modules.kernellog.TaskTraces;
import io.smartagent.modules.kernelstacks.BlockedTasks.Wait;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds the stacks that the kernel itself has written into its log: of hung tasks, and of all
 * blocked ones where somebody has asked for them (SysRq w). A stack from before a wait was first
 * seen may be another's, however alike: so what the log held at the start is passed over.
 */
final class LogPlaces implements PlaceReader {

  private static final int TRACES_AT_MOST = 500;

  private final KernelLogSource log;
  private final TaskTraces parser = new TaskTraces();
  private final RecordStarts starts = new RecordStarts();
  private boolean history = true;
  private final Map<Integer, Arrived> traces = BoundedMap.ofNewest(TRACES_AT_MOST);

  /** A stack and when it was read, by the clock of the looks: stamps have a clock of their own. */
  private record Arrived(TaskTrace trace, Duration at) {}

  LogPlaces(KernelLogSource log) {
    this.log = log;
  }

  @Override
  public Set<Integer> refresh(Duration now) throws ErrnoException {
    Set<Integer> fresh = new HashSet<>();
    KernelLogSource.Batch batch;
    boolean quiet = true;
    do {
      batch = log.poll();
      for (KernelLogLine line : batch.lines()) {
        quiet = false;
        if (line.isKernels()) {
          boolean believed = starts.believes(line);
          starts.understood(believed && parser.take(line, trace -> remember(trace, now, fresh)));
        }
      }
    } while (!batch.caughtUp());
    if (quiet) {
      parser.end(trace -> remember(trace, now, fresh));
    }
    history = false;
    return fresh;
  }

  private void remember(TaskTrace trace, Duration now, Set<Integer> fresh) {
    if (!history && trace.state() == 'D' && !trace.frames().isEmpty()) {
      traces.remove(trace.tid());
      traces.put(trace.tid(), new Arrived(trace, now));
      fresh.add(trace.tid());
    }
  }

  @Override
  public Place place(Wait wait) {
    Arrived arrived = traces.get(wait.task().tid());
    boolean fits =
        arrived != null
            && arrived.at().compareTo(wait.since()) >= 0
            && isName(wait.task().thread(), arrived.trace().name());
    return arrived != null && fits ? new Place(null, arrived.trace().frames()) : Place.UNKNOWN;
  }

  /** Older kernels cut the name in the log; newer ones escape it in procfs only. */
  private static boolean isName(String inProcfs, String inLog) {
    return inProcfs.contains("\\") || inProcfs.strip().startsWith(inLog.strip());
  }

  @Override
  public void close() {
    log.close();
  }
}
