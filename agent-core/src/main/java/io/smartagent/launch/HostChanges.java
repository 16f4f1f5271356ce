package io.smartagent.launch;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.file.Descriptor;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a launch has changed on the host itself, so that one that fails leaves nothing half-done.
 */
final class HostChanges {

  private final Kernel kernel;
  private final Deque<Change> changes = new ArrayDeque<>();

  HostChanges(Kernel kernel) {
    this.kernel = kernel;
  }

  /** How a change is taken back, given where the host's root is. */
  @FunctionalInterface
  private interface Change {
    void undo(Descriptor top) throws ErrnoException;
  }

  /** Remembers that a directory was made, by its path on the host. */
  void made(String path) {
    int slash = path.lastIndexOf('/');
    String parent = path.substring(0, Math.max(1, slash));
    changes.push(top -> {
      try (Descriptor place = kernel.filesystem().locateLinkInRoot(top, parent)) {
        kernel.filesystem().removeDirectory(place, path.substring(slash + 1));
      }
    });
  }

  /** Remembers whom a directory belonged to, by its path on the host. */
  void gave(String path, int formerUid, int formerGid) {
    changes.push(top -> {
      try (Descriptor directory = kernel.filesystem().openInRoot(top, path)) {
        kernel.filesystem().changeOwner(directory, formerUid, formerGid);
      }
    });
  }

  /**
   * Takes everything back, the last first. What cannot be taken back stays: there is a worse error
   * to tell already, and a directory that is not empty any more has become somebody's.
   *
   * @param root where the calling thread sees the host's root
   */
  void undo(String root) {
    while (!changes.isEmpty()) {
      Change change = changes.pop();
      try (Descriptor top = kernel.filesystem().openDirectory(root)) {
        change.undo(top);
      } catch (ErrnoException stays) {
        // The next one may still be taken back.
      }
    }
  }
}
