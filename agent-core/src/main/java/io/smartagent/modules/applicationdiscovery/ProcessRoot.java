package io.smartagent.modules.applicationdiscovery;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.file.Filesystem;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files as a process sees them, below its own root, out of which no link leads. The process may
 * have made anything of them: only regular files are opened, so no device is touched and no pipe
 * waited for. A read of a network's or FUSE's file may hang, so this is used on another thread than
 * the module's own.
 */
final class ProcessRoot implements AutoCloseable {

  /** The same for a file of any root: what was looked at is what is opened. */
  private static final String OPEN_FILES = "/proc/self/fd/";

  private final Filesystem files;
  private final Descriptor root;

  private ProcessRoot(Filesystem files, Descriptor root) {
    this.files = files;
    this.root = root;
  }

  /**
   * Opens a root.
   *
   * @param link /proc/PID/root
   * @throws ErrnoException EACCES without the right to read the process; ENOENT where it has ended
   */
  static ProcessRoot open(Filesystem files, String link) throws ErrnoException {
    return new ProcessRoot(files, files.openDirectory(link));
  }

  /** Returns the start of a regular file; null where there is none. */
  byte @Nullable [] read(String path, int limit) {
    try (Descriptor place = files.locateInRoot(root, path)) {
      if (files.status(place).type() != FileType.REGULAR) {
        return null;
      }
      try (InputStream file = new FileInputStream(OPEN_FILES + place.number())) {
        return file.readNBytes(limit);
      }
    } catch (ErrnoException | IOException notThere) {
      return null;
    }
  }

  /** Returns what statx(2) says of a file; null where there is none. */
  @Nullable FileStatus status(String path) {
    try (Descriptor place = files.locateInRoot(root, path)) {
      return files.status(place);
    } catch (ErrnoException notThere) {
      return null;
    }
  }

  /** Opens a regular file that is read bit by bit; null where there is none. */
  @Nullable InputStream stream(String path) {
    try (Descriptor place = files.locateInRoot(root, path)) {
      return files.status(place).type() == FileType.REGULAR
          ? new FileInputStream(OPEN_FILES + place.number())
          : null;
    } catch (ErrnoException | IOException notThere) {
      return null;
    }
  }

  /** Returns the first names in a directory; none where there is no directory. */
  List<String> names(String path, int most) {
    List<String> names = new ArrayList<>();
    try (Descriptor place = files.locateInRoot(root, path)) {
      if (files.status(place).isDirectory()) {
        try (DirectoryStream<Path> entries =
            Files.newDirectoryStream(Path.of(OPEN_FILES + place.number()))) {
          for (Path entry : entries) {
            if (names.size() >= most) {
              break;
            }
            names.add(entry.getFileName().toString());
          }
        }
      }
    } catch (ErrnoException | IOException | java.nio.file.DirectoryIteratorException notThere) {
      return names;
    }
    return names;
  }

  @Override
  public void close() {
    root.close();
  }
}
