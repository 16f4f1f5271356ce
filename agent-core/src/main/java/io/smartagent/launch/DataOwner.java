package io.smartagent.launch;

import io.smartagent.config.ExitStatus;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.plan.HostStep;
import io.smartagent.plan.LaunchPlanner;
import java.util.HashSet;
import java.util.Set;

/**
 * Gives the data directory to another user, with what its former owner has left in it.
 *
 * <p>The former owner may be another account by now, so nothing is given that it could have put
 * there to be given: what a link leads to, a file that has a second name elsewhere, what is on
 * another mount, what belongs to another user. Setuid and setgid bits do not outlive it: chown(2)
 * clears them, for root too.
 */
final class DataOwner {

  /** More than any agent keeps; each one that is given is remembered until the launch is sure. */
  private static final int MAX_FILES = 50_000;

  /** Each level holds a descriptor. */
  private static final int MAX_DEPTH = 32;

  private final Kernel kernel;
  private final HostView view;
  private final HostChanges changes;

  DataOwner(Kernel kernel, HostView view, HostChanges changes) {
    this.kernel = kernel;
    this.view = view;
    this.changes = changes;
  }

  /** The directory itself comes last: where this is killed, the next start sees that it has to. */
  void give(HostStep.GiveRuntimeDirectory step) throws ErrnoException, LaunchFailure {
    try (Descriptor top = kernel.filesystem().openDirectory(view.root());
        Descriptor directory = kernel.filesystem().locateLinkInRoot(top, step.path())) {
      FileStatus former = kernel.filesystem().status(directory);
      Walk walk = new Walk(step, former, mountPoints(step.path()));
      walk.giveBelow(directory, step.path(), 0);
      walk.give(directory, former, step.path());
    }
  }

  private Set<String> mountPoints(String path) throws ErrnoException {
    Set<String> paths = new HashSet<>();
    for (MountPoint mount : kernel.mounts().table().visibleBelow(view.root() + path)) {
      paths.add(mount.path());
    }
    return paths;
  }

  /** One change of owner. */
  private final class Walk {

    private final HostStep.GiveRuntimeDirectory step;
    private final FileStatus former;
    private final Set<String> mountPoints;
    private int seen;

    Walk(HostStep.GiveRuntimeDirectory step, FileStatus former, Set<String> mountPoints) {
      this.step = step;
      this.former = former;
      this.mountPoints = mountPoints;
    }

    void giveBelow(Descriptor directory, String path, int depth)
        throws ErrnoException, LaunchFailure {
      for (String name : kernel.filesystem().list(directory, MAX_FILES + 1)) {
        if (++seen > MAX_FILES || depth >= MAX_DEPTH) {
          throw tooMuch();
        }
        boolean runtime = depth == 0 && name.equals(LaunchPlanner.RUNTIME_NAME);
        String below = path + "/" + name;
        if (!runtime && !mountPoints.contains(view.root() + below)) {
          giveEntry(directory, name, below, depth);
        }
      }
    }

    private void giveEntry(Descriptor directory, String name, String path, int depth)
        throws ErrnoException, LaunchFailure {
      try (Descriptor entry = kernel.filesystem().locateLinkInRoot(directory, name)) {
        FileStatus status = kernel.filesystem().status(entry);
        if (status.device() != former.device()) {
          return;
        }
        if (status.isDirectory()) {
          giveBelow(entry, path, depth + 1);
        }
        if (status.uid() == former.uid() && isOnlyHere(status)) {
          give(entry, status, path);
        }
      } catch (ErrnoException e) {
        if (e.errno() != Errno.ENOENT) {
          throw e;
        }
      }
    }

    private static boolean isOnlyHere(FileStatus status) {
      return status.isDirectory() || (status.type() == FileType.REGULAR && status.links() == 1);
    }

    /** Another group than the former owner's was chosen for a reason, so it stays. */
    private void give(Descriptor file, FileStatus status, String path) throws ErrnoException {
      int gid = status.gid() == former.gid() ? step.gid() : status.gid();
      try {
        kernel.filesystem().changeOwner(file, step.uid(), gid);
      } catch (ErrnoException e) {
        throw new ErrnoException(
            "fchown(\""
                + view.root()
                + path
                + "\", "
                + Integer.toUnsignedString(step.uid())
                + ":"
                + Integer.toUnsignedString(gid)
                + ")",
            e.errno());
      }
      changes.gave(path, status);
    }

    private LaunchFailure tooMuch() {
      String owner =
          Integer.toUnsignedString(step.uid()) + ":" + Integer.toUnsignedString(step.gid());
      return new LaunchFailure(
          ExitStatus.UNAVAILABLE,
          "Runtime directory \""
              + step.path()
              + "\" belongs to another user, and holds more than "
              + MAX_FILES
              + " files or "
              + MAX_DEPTH
              + " levels of directories. Nothing was started. Give it to the agent's user on the"
              + " host: chown -R "
              + owner
              + " "
              + step.path()
              + ", or empty it.");
    }
  }
}
