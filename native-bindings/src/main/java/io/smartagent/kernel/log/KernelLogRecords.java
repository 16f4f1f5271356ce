package io.smartagent.kernel.log;

import io.smartagent.kernel.ErrnoException;
import org.jspecify.annotations.Nullable;

/**
 * A reader's own position in the kernel's log. What it reads stays there for every other reader.
 */
public interface KernelLogRecords extends AutoCloseable {

  /**
   * Returns the next record as {@code priority,sequence,microseconds,flags;text}, and goes on to
   * the one after it; null where there is none yet. Never waits.
   *
   * @throws ErrnoException EPIPE where the records at this position have been overwritten: the next
   *     call returns the oldest one that is still there
   */
  byte @Nullable [] next() throws ErrnoException;

  /** Gives the position up; does nothing the second time. */
  @Override
  void close();
}
