package io.smartagent.launch;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.file.Descriptor;

/** Makes the directory that the agent keeps its data in, and writes what was decided into it. */
final class DataDirectory {

  private static final int DIRECTORY_MODE = 0755;
  private static final int LAUNCH_RECORD_MODE = 0640;

  private final Kernel kernel;
  private final HostView view;
  private final HostChanges changes;

  DataDirectory(Kernel kernel, HostView view, HostChanges changes) {
    this.kernel = kernel;
    this.view = view;
    this.changes = changes;
  }

  void makeDirectory(String path) throws ErrnoException {
    int slash = path.lastIndexOf('/');
    try (Descriptor top = kernel.filesystem().openDirectory(view.root());
        Descriptor parent =
            kernel.filesystem().locateLinkInRoot(top, path.substring(0, Math.max(1, slash)))) {
      kernel.filesystem().makeDirectory(parent, path.substring(slash + 1), DIRECTORY_MODE);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EEXIST && isDirectory(path)) {
        // Another start on this host was faster: it is theirs to take back.
        return;
      }
      throw e;
    }
    changes.made(path);
  }

  private boolean isDirectory(String path) throws ErrnoException {
    try (Descriptor top = kernel.filesystem().openDirectory(view.root());
        Descriptor found = kernel.filesystem().locateLinkInRoot(top, path)) {
      return kernel.filesystem().status(found).isDirectory();
    }
  }

  void writeLaunchRecord(String directory, byte[] record) throws ErrnoException {
    try (Descriptor place = kernel.filesystem().openDirectory(view.root() + directory)) {
      kernel.filesystem().replace(place, LaunchRecord.FILE_NAME, record, LAUNCH_RECORD_MODE);
    }
  }
}
