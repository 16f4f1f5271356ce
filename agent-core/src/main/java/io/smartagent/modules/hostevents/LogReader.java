package io.smartagent.modules.hostevents;

import io.smartagent.modules.kernellog.KernelLogLine;
import java.util.function.Consumer;

/** Reads what one part of the kernel writes into its log. */
interface LogReader {

  /**
   * Takes the log's next line.
   *
   * @param line that the kernel itself wrote
   * @param reports takes what is known now and was not before
   * @return whether this part of the kernel wrote it
   */
  boolean read(KernelLogLine line, Consumer<KernelReport> reports);

  /** Reports what was held back because another line might have said more of it. */
  void end(Consumer<KernelReport> reports);
}
