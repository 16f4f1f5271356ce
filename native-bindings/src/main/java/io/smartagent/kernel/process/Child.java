package io.smartagent.kernel.process;

import io.smartagent.kernel.ErrnoException;
import java.time.Duration;
import java.util.OptionalInt;

/** A program that {@link Children#start} has started. To be used by one thread. */
public interface Child extends AutoCloseable {

  /** Returns its process id, which is its session's too. */
  long pid();

  /**
   * Returns what it has written since it was asked last.
   *
   * @param patience how long to wait for something; zero does not wait
   * @return at most 64 KiB; empty where there is nothing in time, or where nobody can write any
   *     more: then it returns at once
   */
  byte[] readOutput(Duration patience) throws ErrnoException;

  /** Returns whether nobody can write any more, the program itself or one that it has started. */
  boolean outputHasEnded();

  /**
   * Returns how it ended: its exit status, or 128 and the number of the signal that ended it; empty
   * while it runs.
   */
  OptionalInt ended() throws ErrnoException;

  /**
   * Ends it, and all that has stayed in its process group, with SIGKILL: also what is left there of
   * one that has ended.
   */
  void kill();

  /** Lets go of it. Does not end it: a program that runs on has nobody to wait for it. */
  @Override
  void close();
}
