package io.smartagent.modules.kernellog;

import io.smartagent.kernel.ErrnoException;
import java.util.List;

/** A way to read the kernel's log line by line. */
public interface KernelLogSource extends AutoCloseable {

  /**
   * What has been written since the last call; at first, what is still there.
   *
   * @param lines in the log's order
   * @param lost how many records were overwritten before they could be read, as far as the source
   *     tells
   * @param caughtUp whether this is all that there is now
   */
  record Batch(List<KernelLogLine> lines, long lost, boolean caughtUp) {}

  /**
   * Returns what is new, or the first part of it. Does not wait.
   *
   * @throws ErrnoException where the log cannot be read any more
   */
  Batch poll() throws ErrnoException;

  @Override
  void close();
}
