package io.smartagent.modules.container;

import io.smartagent.json.JsonTree;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.file.Filesystem;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files that container runtimes keep below the host's root. No link leads out of that root, and no
 * file is read that is larger than a runtime would write it.
 */
final class RuntimeFiles {

  /** A container's description has some kilobytes; its environment may make it a hundred. */
  private static final int LARGEST = 1 << 20;

  private final Filesystem files;
  private final String root;

  /**
   * @param root the host's root, without a slash at its end
   */
  RuntimeFiles(Filesystem files, String root) {
    this.files = files;
    this.root = root.isEmpty() ? "/" : root;
  }

  /**
   * Returns what is in a file of at most a megabyte; null where it is not there, may not be read,
   * is larger or is no regular file.
   *
   * @param path on the host
   */
  byte @Nullable [] read(String path) {
    try (Descriptor host = files.openDirectory(root);
        Descriptor place = files.locateInRoot(host, path)) {
      if (!isReasonable(files.status(place))) {
        return null;
      }
      try (Descriptor file = files.openInRoot(host, path)) {
        return isReasonable(files.status(file)) ? files.readAll(file, LARGEST) : null;
      }
    } catch (ErrnoException absentOrDenied) {
      return null;
    }
  }

  private static boolean isReasonable(FileStatus status) {
    return switch (status.type()) {
      case REGULAR -> status.size() <= LARGEST;
      case DIRECTORY, SYMBOLIC_LINK, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET -> false;
    };
  }

  /** Returns the JSON in a file; null as {@link #read}, and where it is none. */
  @Nullable JsonTree readJson(String path) {
    byte[] content = read(path);
    return content == null ? null : parse(content);
  }

  /** Returns the JSON in a file's content; null where it is none. */
  static @Nullable JsonTree parse(byte[] content) {
    try {
      return JsonTree.parse(content);
    } catch (IOException noJson) {
      return null;
    }
  }

  /** Returns the names in a directory of the host; none where it cannot be listed. */
  List<String> list(String path) {
    try (Descriptor host = files.openDirectory(root);
        Descriptor directory = files.locateInRoot(host, path)) {
      return files.list(directory);
    } catch (ErrnoException absentOrDenied) {
      return List.of();
    }
  }

  /** Returns what a link of the host says; null where there is none. */
  @Nullable String readLink(String path) {
    try {
      return files.readLink((root.equals("/") ? "" : root) + path);
    } catch (ErrnoException noLink) {
      return null;
    }
  }

  /**
   * Returns what changes when a runtime writes a file anew, which it does by renaming another over
   * it; null where there is none or it may not be seen.
   */
  @Nullable Stamp stamp(String path) {
    try (Descriptor host = files.openDirectory(root);
        Descriptor file = files.locateInRoot(host, path)) {
      FileStatus status = files.status(file);
      return new Stamp(status.device(), status.inode(), status.size());
    } catch (ErrnoException absentOrDenied) {
      return null;
    }
  }

  /** A file's identity at one time. */
  record Stamp(long device, long inode, long size) {}
}
