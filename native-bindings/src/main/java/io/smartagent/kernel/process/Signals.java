package io.smartagent.kernel.process;

import io.smartagent.kernel.ErrnoException;

/** Signal mask of the calling thread and dispositions of the process: signal(7). */
public interface Signals {

  /** Unblocks every signal: the mask of the thread that calls execve(2) is the new program's. */
  void unblockAll() throws ErrnoException;

  /**
   * Sets what is ignored back to its default. Handlers are left alone: execve(2) resets them, and a
   * JVM without its SIGSEGV handler does not live until then.
   */
  void stopIgnoring() throws ErrnoException;
}
