package io.smartagent.launch;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What a launch has changed on the host itself, so that one that fails leaves nothing half-done.
 */
final class HostChanges {

  private final Kernel kernel;
  private final Deque<Change> changes = new ArrayDeque<>();
  private final List<String> staying = new ArrayList<>();

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

  /**
   * Remembers the owner of a file or directory, by its path on the host. It is given back only
   * where it is still the same one: by then another process may have replaced it.
   *
   * @param former what it was like before
   */
  void gave(String path, FileStatus former) {
    changes.push(top -> {
      try (Descriptor file = kernel.filesystem().locateLinkInRoot(top, path)) {
        FileStatus now = kernel.filesystem().status(file);
        if (now.inode() == former.inode() && now.device() == former.device()) {
          kernel.filesystem().changeOwner(file, former.uid(), former.gid());
        }
      }
    });
  }

  /** Remembers what a launch that fails does not take back, as a sentence that says why. */
  void stays(String what) {
    staying.add(what);
  }

  /** Returns what is not taken back. */
  List<String> staying() {
    return List.copyOf(staying);
  }

  /**
   * Takes everything back, the last first. What cannot be taken back stays: there is a worse error
   * to report already, and a directory that is no longer empty is in use.
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
