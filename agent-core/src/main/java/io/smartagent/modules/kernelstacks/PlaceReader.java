package io.smartagent.modules.kernelstacks;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.modules.kernelstacks.BlockedTasks.Wait;
import java.time.Duration;
import java.util.Set;

/** A way to find out where a blocked task waits. */
interface PlaceReader extends AutoCloseable {

  /**
   * Looks for what has become known since the last call.
   *
   * @param now by the clock of the looks
   * @return the ids of the tasks of which more is known than before; empty where one has to ask
   * @throws ErrnoException where the source cannot be read any more
   */
  default Set<Integer> refresh(Duration now) throws ErrnoException {
    return Set.of();
  }

  /** Returns where a task waits, as far as it is known. */
  Place place(Wait wait);

  /** Returns what a user has to know of what could not be read; empty where all could. */
  default String degraded() {
    return "";
  }

  @Override
  default void close() {}
}
