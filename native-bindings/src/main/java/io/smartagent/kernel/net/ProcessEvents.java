package io.smartagent.kernel.net;

import io.smartagent.kernel.ErrnoException;
import java.time.Duration;
import java.util.List;

/** The kernel's news of processes. To be used by one thread. */
public interface ProcessEvents extends AutoCloseable {

  /**
   * What has happened since the last call.
   *
   * @param events in the order in which the kernel told them, at most a thousand
   * @param overrun whether more happened than there was room for: events before these are lost, and
   *     the caller has to look for itself
   */
  record Batch(List<ProcessEvent> events, boolean overrun) {

    /** Copies the list. */
    public Batch {
      events = List.copyOf(events);
    }
  }

  /**
   * Returns what has happened, at once where there is any, and empty where nothing does in time.
   *
   * @throws ErrnoException where the socket is unusable
   */
  Batch poll(Duration timeout) throws ErrnoException;

  /** Ends it; does nothing the second time. */
  @Override
  void close();
}
