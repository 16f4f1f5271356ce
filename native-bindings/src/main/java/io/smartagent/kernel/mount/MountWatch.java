package io.smartagent.kernel.mount;

import io.smartagent.kernel.ErrnoException;
import java.time.Duration;

/**
 * Tells of changes to the mounts of one mount namespace: that of the thread that has opened it.
 * Needs no capability, and touches no mount.
 */
public interface MountWatch extends AutoCloseable {

  /**
   * Waits until something is mounted, unmounted or remounted, which may have happened since the
   * watch was opened or since the last wait ended: poll(2) with POLLPRI on mountinfo,
   * proc_pid_mountinfo(5), Linux 2.6.30.
   *
   * @param timeout how long it waits at most
   * @return whether something has changed; what, the table says
   */
  boolean await(Duration timeout) throws ErrnoException;

  /** Ends the watch. Not while another thread waits. */
  @Override
  void close();
}
