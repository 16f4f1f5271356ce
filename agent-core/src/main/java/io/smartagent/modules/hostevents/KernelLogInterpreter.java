package io.smartagent.modules.hostevents;

import io.smartagent.modules.kernellog.KernelLogLine;
import io.smartagent.modules.kernellog.RecordStarts;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what the kernel says has gone wrong, of Linux 3.10 to 6.18. Each part of the kernel has its
 * own reader, which knows its sentences. Only what the kernel itself wrote is believed: no line of
 * user space, and no part of a line that quotes a user.
 */
final class KernelLogInterpreter {

  private final List<LogReader> readers =
      List.of(
          new OomLog(), new HungTaskLog(), new OopsLog(), new FilesystemLog(), new ProblemLog());
  private final RecordStarts starts = new RecordStarts();
  private final List<KernelReport> reports = new ArrayList<>();
  private boolean quiet = true;

  /**
   * Returns what is known after these lines and was not before, in the log's order.
   *
   * @param lines of the log that follow the ones of the last call; those that user space wrote are
   *     passed over
   */
  List<KernelReport> interpret(List<KernelLogLine> lines) {
    for (KernelLogLine line : lines) {
      if (line.isKernels()) {
        quiet = false;
        boolean meaning = false;
        if (starts.believes(line)) {
          for (LogReader reader : readers) {
            meaning |= reader.read(line, reports::add);
          }
        }
        starts.understood(meaning);
      }
    }
    return take();
  }

  /**
   * Says that there are no more lines now. A stack has many, and the log may have been read while
   * it was written: so what waits for more of them waits until nothing has come for one call. In a
   * log that is never quiet, it waits until a line is much younger.
   */
  List<KernelReport> caughtUp() {
    if (quiet) {
      end();
    }
    quiet = true;
    return take();
  }

  /** Returns what was held back because another line might have said more of it. */
  List<KernelReport> finish() {
    end();
    return take();
  }

  private void end() {
    readers.forEach(reader -> reader.end(reports::add));
  }

  private List<KernelReport> take() {
    List<KernelReport> taken = List.copyOf(reports);
    reports.clear();
    return taken;
  }
}
