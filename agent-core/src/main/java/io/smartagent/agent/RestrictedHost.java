package io.smartagent.agent;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.launch.LaunchRecord;
import io.smartagent.telemetry.AttestationReport.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Landlock lets the agent write nowhere but where the launcher said: tried on every mount.
 *
 * <p>That an attempt fails does not prove it, for permissions may be what is in the way. So the
 * agent first tries to make a device in its own directory: only Landlock answers that with EACCES.
 */
final class RestrictedHost {

  static final String NAME = "restricted-writes";

  private final Kernel kernel;
  private final Filesystem filesystem;
  private final Attempts attempts;
  private final LaunchRecord record;
  private final String probeName;

  /**
   * @param pid of this process, so that the name of what is tried to be made is nobody else's
   */
  RestrictedHost(Kernel kernel, Attempts attempts, LaunchRecord record, long pid) {
    this.kernel = kernel;
    this.filesystem = kernel.filesystem();
    this.attempts = attempts;
    this.record = record;
    this.probeName = ".smartagent-attestation-" + pid;
  }

  Check check(MountTable table) throws InterruptedException, TimeoutException {
    String device = record.node().runtimeDirectory() + "/" + probeName;
    if (answer(() -> makeDevice(device)) != Errno.EACCES) {
      return new Check(
          NAME,
          false,
          "a device could be made in " + record.node().runtimeDirectory() + ": no Landlock");
    }
    List<String> faults = new ArrayList<>();
    int refused = 0;
    for (String place : places(table)) {
      try {
        if (answer(() -> tryToWrite(place)) == null) {
          faults.add(place + " can be written to");
        } else {
          refused++;
        }
      } catch (TimeoutException hangs) {
        // What does not answer takes nothing either.
      }
    }
    return faults.isEmpty()
        ? new Check(NAME, true, "Landlock is there, and " + refused + " places refused a write")
        : new Check(NAME, false, SealedHost.describe(faults));
  }

  /** Looking at an autofs would mount something. */
  private Set<String> places(MountTable table) {
    Set<String> places = new TreeSet<>(SealedHost.DIRECTORIES);
    for (MountPoint mount : table.visibleBelow("/")) {
      if (!mount.isAutomount()) {
        places.add(mount.path());
      }
    }
    places.removeIf(place ->
        record.root().writable().stream()
            .anyMatch(directory -> MountTable.isAtOrBelow(place, directory)));
    places.removeIf(place -> MountTable.isAtOrBelow(place, "/dev/pts"));
    places.removeIf(place -> MountTable.isAtOrBelow(place, "/dev/shm"));
    return places;
  }

  private boolean makeDevice(String path) throws ErrnoException {
    kernel.syscallProbes().makeDevice(path);
    return true;
  }

  private boolean tryToWrite(String path) throws ErrnoException {
    FileType type = typeOf(path);
    if (type == FileType.DIRECTORY) {
      filesystem.tryMakeDirectory((path.equals("/") ? "" : path) + "/" + probeName);
    } else if (type == FileType.REGULAR) {
      filesystem.tryOpenForWriting(path);
    } else {
      throw new ErrnoException("open(\"" + path + "\")", Errno.EINVAL);
    }
    return true;
  }

  private FileType typeOf(String path) throws ErrnoException {
    try (Descriptor root = filesystem.openDirectory("/");
        Descriptor place = filesystem.locateInRoot(root, path)) {
      return filesystem.status(place).type();
    }
  }

  /** Returns why an attempt failed, null where it did not. */
  private @Nullable Errno answer(Callable<Boolean> attempt)
      throws InterruptedException, TimeoutException {
    try {
      attempts.make(attempt);
      return null;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }
}
