package io.smartagent.kernel.process;

import io.smartagent.kernel.ErrnoException;

/** The process's table of file descriptors. */
public interface Descriptors {

  /**
   * Marks every descriptor from {@code first} on close-on-exec: close_range(2) with
   * CLOSE_RANGE_CLOEXEC, Linux 5.11, else fcntl(2) on each, for which /proc is needed.
   *
   * @throws ErrnoException where neither way works
   */
  void closeOnExecFrom(int first) throws ErrnoException;

  /** Closes a descriptor; errors are of no use to anybody, close(2) has freed it all the same. */
  void close(int number);
}
