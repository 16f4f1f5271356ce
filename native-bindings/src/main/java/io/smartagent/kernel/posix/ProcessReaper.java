package io.smartagent.kernel.posix;

import java.util.OptionalInt;
import jnr.constants.platform.WaitFlags;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;

/**
 * Takes in children that have ended: waitpid(2). What PID 1 owes to every process without a parent.
 */
public final class ProcessReaper {

  private final POSIX posix = POSIXFactory.getNativePOSIX();
  private final int[] status = new int[1];

  /** Returns the process id of this process in its own pid namespace. */
  public int processId() {
    return posix.getpid();
  }

  /** Returns the pid of one child that had ended and is now gone, empty where there is none. */
  public OptionalInt reapOne() {
    int pid = posix.waitpid(-1, status, WaitFlags.WNOHANG.intValue());
    return pid > 0 ? OptionalInt.of(pid) : OptionalInt.empty();
  }
}
