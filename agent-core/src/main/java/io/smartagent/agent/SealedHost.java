package io.smartagent.agent;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.file.PathText;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.telemetry.AttestationReport.Check;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Nothing of the host can be written to but what the launcher left writable: tried on every mount.
 *
 * <p>On a read-only mount, mkdir(2) says EROFS before it looks at permissions, but only after it
 * has found the way there. Opening a file for writing looks at permissions first. Where an attempt
 * ends in such another error, it proves nothing, and the mount table has to say that the mount is
 * read-only.
 */
final class SealedHost {

  private static final String NAME = "sealed-host";

  /** Tried whether they are mounts or not, those that exist. */
  static final List<String> DIRECTORIES =
      List.of(
          "/",
          "/bin",
          "/boot",
          "/dev",
          "/etc",
          "/home",
          "/lib",
          "/media",
          "/mnt",
          "/opt",
          "/root",
          "/run",
          "/sbin",
          "/srv",
          "/tmp",
          "/usr",
          "/usr/local",
          "/var",
          "/var/lib",
          "/var/log");

  private static final int SHOWN_FAULTS = 10;
  private static final int SHOWN_PATH = 200;

  private final Filesystem filesystem;
  private final Attempts attempts;
  private final List<String> writable;
  private final String probeName;

  private final List<String> faults = new ArrayList<>();
  private final List<String> untried = new ArrayList<>();
  private int refused;

  /**
   * @param writable directories that stayed writable
   * @param pid of this process, so that the name of what is tried to be made is nobody else's
   */
  SealedHost(Filesystem filesystem, Attempts attempts, List<String> writable, long pid) {
    this.filesystem = filesystem;
    this.attempts = attempts;
    this.writable = writable;
    this.probeName = ".smartagent-attestation-" + pid;
  }

  /** Tries every place of {@code table} that has to be read-only. */
  Check check(MountTable table) throws InterruptedException {
    for (Map.Entry<String, MountPoint> place : places(table).entrySet()) {
      check(place.getKey(), place.getValue());
    }
    if (!faults.isEmpty()) {
      return new Check(NAME, false, describe(faults));
    }
    String detail = refused + " places refused a write with EROFS";
    return new Check(
        NAME,
        true,
        untried.isEmpty()
            ? detail
            : detail
                + "; the mount table has these as read-only, which could not be tried: "
                + describe(untried));
  }

  static String describe(List<String> places) {
    int more = places.size() - SHOWN_FAULTS;
    String shown = String.join(", ", places.subList(0, Math.min(places.size(), SHOWN_FAULTS)));
    return more > 0 ? shown + " and " + more + " more" : shown;
  }

  private Map<String, MountPoint> places(MountTable table) {
    Map<String, MountPoint> places = new LinkedHashMap<>();
    for (MountPoint mount : table.visibleBelow("/")) {
      addUnlessWritable(places, mount.path(), mount);
    }
    for (String directory : DIRECTORIES) {
      table.containing(directory).ifPresent(on -> addUnlessWritable(places, directory, on));
    }
    return places;
  }

  /** Looking at an autofs would mount something. */
  private void addUnlessWritable(Map<String, MountPoint> places, String path, MountPoint on) {
    boolean mayBeWritten =
        writable.stream().anyMatch(directory -> MountTable.isAtOrBelow(path, directory));
    if (!mayBeWritten && !on.isAutomount()) {
      places.putIfAbsent(path, on);
    }
  }

  private void check(String path, MountPoint mount) throws InterruptedException {
    String shown = PathText.printable(path, SHOWN_PATH);
    String answer;
    try {
      FileType type = attempts.make(() -> tryToWrite(path));
      if (type != FileType.DIRECTORY && type != FileType.REGULAR) {
        return;
      }
      faults.add(shown + " can be written to");
      return;
    } catch (TimeoutException e) {
      answer = "it does not answer";
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EROFS) {
        refused++;
        return;
      }
      if (e.errno() == Errno.ENOENT && !mount.path().equals(path)) {
        return;
      }
      answer = e.errno() == Errno.UNNAMED ? "errno " + e.number() : e.errno().name();
    }
    if (mount.isReadOnly()) {
      untried.add(shown + " (" + answer + ")");
    } else {
      faults.add(shown + " is not on a read-only mount (" + answer + ")");
    }
  }

  /** Returns the type of what is there, if nothing refused to write to it. */
  private @Nullable FileType tryToWrite(String path) throws ErrnoException {
    FileType type = typeOf(path);
    if (type == FileType.DIRECTORY) {
      filesystem.tryMakeDirectory((path.equals("/") ? "" : path) + "/" + probeName);
    } else if (type == FileType.REGULAR) {
      filesystem.tryOpenForWriting(path);
    }
    return type;
  }

  private FileType typeOf(String path) throws ErrnoException {
    try (Descriptor root = filesystem.openDirectory("/");
        Descriptor place = filesystem.locateInRoot(root, path)) {
      return filesystem.status(place).type();
    }
  }
}
