package io.smartagent.agent;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.launch.RuntimeDigests;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who install newer runtimes on the host that this one is executed: they leave it alone
 * as long as its list of digests is locked, and the kernel ends the lock with this process.
 */
final class RuntimeInUse {

  private static final Logger LOG = LoggerFactory.getLogger(RuntimeInUse.class);

  private RuntimeInUse() {}

  /** Locks the runtime of this JVM for as long as it lives. */
  static void tell(Kernel kernel) {
    Path home = Path.of(System.getProperty("java.home")).toAbsolutePath().getParent();
    String digests = home + "/" + RuntimeDigests.FILE_NAME;
    try {
      Descriptor file = kernel.filesystem().openFile(digests);
      // Never closed: the lock is the point of it.
      boolean locked = kernel.filesystem().tryLock(file, true);
      LOG.debug("{} is {}locked.", digests, locked ? "" : "not ");
    } catch (ErrnoException e) {
      LOG.debug("The runtime is not locked: {}.", e.getMessage());
    }
  }
}
