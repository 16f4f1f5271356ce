package io.smartagent.modules.logdiscovery;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.modules.process.PatientReader;
import io.smartagent.modules.process.ProcessFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks at files that anybody on the host may have made, never on the module's own thread: a file
 * system that another machine or a process answers for may not answer. What does not answer once is
 * left alone for a while, and it has threads of its own to hold up.
 */
final class CarefulFiles implements AutoCloseable {

  /** Which threads are to wait for a file system. */
  enum Lane {
    /** This kernel answers for it. */
    LOCAL,
    /** Somebody else does, or it is not known who. */
    REMOTE
  }

  /**
   * A file in a directory.
   *
   * @param name in the directory
   * @param status of the file
   */
  record Entry(String name, FileStatus status) {}

  /**
   * What a directory holds.
   *
   * @param entries that were asked for
   * @param leftOut how many names there are at least that were not looked at
   * @param unreadable whether there is a directory that must not be read
   */
  record Listing(List<Entry> entries, int leftOut, boolean unreadable) {

    static final Listing NONE = new Listing(List.of(), 0, false);
    static final Listing UNREADABLE = new Listing(List.of(), 0, true);
  }

  /**
   * The answer to what a file is.
   *
   * @param status null where it is not there or not to be seen
   */
  record Look(@Nullable FileStatus status) {}

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** The most names of a directory that are looked at. */
  private static final int NAMES = 4096;

  /** After so many passes a mount that did not answer is asked again. */
  private static final int PASSES_TO_WAIT = 20;

  private static final int MOST_SILENT = 1000;

  private final Filesystem files;
  private final ProcessFiles processes;
  private final String root;
  private final PatientReader local = new PatientReader(PATIENCE);
  private final PatientReader remote = new PatientReader(PATIENCE);
  private final Map<Integer, Integer> silentMounts = new LinkedHashMap<>();

  /**
   * @param root the host's root, without a slash at its end
   */
  CarefulFiles(Filesystem files, ProcessFiles processes, String root) {
    this.files = files;
    this.processes = processes;
    this.root = root;
  }

  /** Returns whether a mount did not answer lately. */
  boolean isSilent(int mount) {
    return silentMounts.containsKey(mount);
  }

  /** Counts the time for which mounts that did not answer are left alone. */
  void beginPass() {
    silentMounts.values().removeIf(passes -> passes <= 1);
    silentMounts.replaceAll((mount, passes) -> passes - 1);
  }

  /** Returns how many file systems have not answered, or still do not. */
  int silent() {
    return Math.max(silentMounts.size(), local.stuckReads() + remote.stuckReads());
  }

  /**
   * Returns what a file is; null where nobody answers.
   *
   * @param mount that it is on, {@link Sighting#UNKNOWN_MOUNT} where that is unknown
   */
  @Nullable Look look(Spot spot, int mount, Lane lane) {
    return ask(
        mount,
        lane,
        () -> {
          try (Descriptor place = locate(spot)) {
            return new Look(files.status(place));
          } catch (ErrnoException goneOrDenied) {
            return new Look(null);
          }
        });
  }

  /** Returns what a file is; null where it is not there, not to be seen or nobody answers. */
  @Nullable FileStatus status(Spot spot, int mount, Lane lane) {
    Look look = look(spot, mount, lane);
    return look == null ? null : look.status();
  }

  /**
   * Returns the start of a file; null where it is not there, is another one, is not regular, must
   * not be read or does not answer.
   *
   * @param id who it has to be
   */
  byte @Nullable [] start(Spot spot, FileId id, int mount, Lane lane, int limit) {
    return ask(
        mount,
        lane,
        () -> {
          try (Descriptor place = locate(spot)) {
            FileStatus status = files.status(place);
            if (status.type() != FileType.REGULAR || !FileId.of(status).equals(id)) {
              return null;
            }
            // Opened by what was looked at: a path may lead to a device by now.
            try (Descriptor file = files.openFile("/proc/self/fd/" + place.number())) {
              return files.readStart(file, limit);
            }
          }
        });
  }

  /**
   * Returns the files in a directory of the host.
   *
   * @param wanted whose names are looked at
   * @param follow whether links at the end are followed, within the host's root
   * @return nothing where the directory is not there
   */
  Listing list(String directory, Predicate<String> wanted, boolean follow) {
    Listing found =
        ask(
            Sighting.UNKNOWN_MOUNT,
            Lane.LOCAL,
            () -> {
              List<Entry> entries = new ArrayList<>();
              try (Descriptor top = files.openDirectory(root + "/");
                  Descriptor place = files.locateInRoot(top, directory)) {
                List<String> names = files.list(place, NAMES + 1);
                int left = 0;
                for (String name : names) {
                  if (entries.size() >= NAMES) {
                    left = 1;
                  } else if (wanted.test(name)) {
                    FileStatus status = entry(top, place, directory, name, follow);
                    if (status != null) {
                      entries.add(new Entry(name, status));
                    }
                  }
                }
                return new Listing(entries, left, false);
              } catch (ErrnoException e) {
                return e.errno() == Errno.EACCES || e.errno() == Errno.EPERM
                    ? Listing.UNREADABLE
                    : Listing.NONE;
              }
            });
    return found == null ? Listing.UNREADABLE : found;
  }

  private @Nullable FileStatus entry(
      Descriptor top, Descriptor place, String directory, String name, boolean follow) {
    try (Descriptor file =
        follow
            ? files.locateInRoot(top, directory + "/" + name)
            : files.locateLinkInRoot(place, name)) {
      return files.status(file);
    } catch (ErrnoException goneMeanwhile) {
      return null;
    }
  }

  /** Returns where the links in a directory of the host lead to, by their names. */
  Map<String, String> links(String directory) {
    Map<String, String> found =
        ask(
            Sighting.UNKNOWN_MOUNT,
            Lane.LOCAL,
            () -> {
              Map<String, String> targets = new LinkedHashMap<>();
              try (Descriptor top = files.openDirectory(root + "/");
                  Descriptor place = files.locateInRoot(top, directory)) {
                for (String name : files.list(place, NAMES)) {
                  try {
                    targets.put(
                        name, files.readLink("/proc/self/fd/" + place.number() + "/" + name));
                  } catch (ErrnoException noLink) {
                    // Whatever else lies there.
                  }
                }
              }
              return targets;
            });
    return found == null ? Map.of() : found;
  }

  private <T> @Nullable T ask(int mount, Lane lane, Callable<@Nullable T> question) {
    if (silentMounts.containsKey(mount)) {
      return null;
    }
    PatientReader reader =
        switch (lane) {
          case LOCAL -> local;
          case REMOTE -> remote;
        };
    int stuck = reader.stuckReads();
    T answer = reader.call(question);
    if (answer == null
        && mount != Sighting.UNKNOWN_MOUNT
        && reader.stuckReads() > stuck
        && silentMounts.size() < MOST_SILENT) {
      silentMounts.put(mount, PASSES_TO_WAIT);
    }
    return answer;
  }

  private Descriptor locate(Spot spot) throws ErrnoException {
    return switch (spot) {
      case Spot.Held held -> files.locate(processes.path(held.pid(), "fd/" + held.descriptor()));
      case Spot.InHost(String directory, String path) -> {
        try (Descriptor top = files.openDirectory(root + "/")) {
          if (directory.isEmpty()) {
            yield files.locateLinkInRoot(top, path);
          }
          try (Descriptor base = files.locateInRoot(top, directory)) {
            yield files.locateLinkInRoot(base, path);
          }
        }
      }
      case Spot.Linked(String path) -> {
        try (Descriptor top = files.openDirectory(root + "/")) {
          yield files.locateInRoot(top, path);
        }
      }
      case Spot.InProcess(int pid, String path) -> {
        try (Descriptor base = files.openDirectory(processes.path(pid, "root"))) {
          yield files.locateLinkInRoot(base, path);
        }
      }
    };
  }

  @Override
  public void close() {
    local.close();
    remote.close();
  }
}
