package io.smartagent.agent;

import io.smartagent.kernel.posix.ProcessReaper;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in processes whose parents are gone, where the agent is the init of a pid namespace:
 * pid_namespaces(7). Nobody else would, and each keeps its entry in the process table until then.
 *
 * <p>It takes the exit status of any child; a process that is started through {@link Process} has
 * none left to tell.
 */
final class OrphanReaper {

  private static final Logger LOG = LoggerFactory.getLogger(OrphanReaper.class);

  private static final int INIT = 1;
  private static final long SECONDS_BETWEEN = 1;
  private static final long STACK_SIZE = 512 * 1024;

  private final CountDownLatch stop = new CountDownLatch(1);

  private OrphanReaper() {}

  /**
   * Starts reaping in the background where this process is an init.
   *
   * <p>Asked of getpid(2): /proc is the host's in the virtual root, and its numbers are the host's.
   */
  static void startIfInit() {
    if (ProcessHandle.current().pid() == INIT) {
      OrphanReaper reaper = new OrphanReaper();
      Thread.ofPlatform()
          .name("orphan-reaper")
          .daemon()
          .stackSize(STACK_SIZE)
          .start(reaper::reapUntilStopped);
    }
  }

  private void reapUntilStopped() {
    try {
      ProcessReaper reaper = new ProcessReaper();
      while (!stop.await(SECONDS_BETWEEN, TimeUnit.SECONDS)) {
        while (reaper.reapOne().isPresent()) {
          LOG.debug("A process without a parent has ended.");
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("Reaping was interrupted.", e);
    } catch (LinkageError | RuntimeException e) {
      LOG.warn(
          "Processes without a parent are not taken in when they end ({}). Run the container with"
              + " the host's pid namespace or with an init.",
          e.getClass().getSimpleName());
      LOG.debug("The native library for it could not be loaded.", e);
    }
  }
}
