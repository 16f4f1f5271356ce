package io.smartagent.host;

import io.smartagent.json.JsonStart;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountTable;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Reads {@link LayoutFacts}. Looks at local file systems only: an automount would mount something,
 * and one whose server is gone would not answer.
 */
public final class LayoutReader {

  /** What an agent shares with the applications that it is injected into. */
  public static final String APM_DIRECTORY = "/tmp/apm";

  /** The agent's data directory where no other is set. Every documented manifest mounts it. */
  public static final String DEFAULT_RUNTIME = "/var/lib/bonree";

  /** What the launcher leaves in the data directory. */
  public static final String LAUNCH_RECORD = "launch.json";

  private static final String INSTALL_PATH = "installPath";

  private static final String RUNTIME_NAME = "/bonree";

  private static final List<String> LOCAL =
      List.of(
          "ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "bcachefs", "tmpfs", "overlay");

  /**
   * The installation path is among the first fields, so that a start need not read a whole plan.
   */
  private static final int RECORD_START = 4096;

  private static final int PATH_MAX = 4096;

  private final Filesystem files;
  private final String mountPoint;
  private final Descriptor root;
  private final MountTable table;

  LayoutReader(Filesystem files, String mountPoint, Descriptor root, MountTable table) {
    this.files = files;
    this.mountPoint = mountPoint;
    this.root = root;
    this.table = table;
  }

  LayoutFacts read(String installPath, String runtimeDirectory) {
    boolean apmMounted = false;
    TreeSet<String> candidates = new TreeSet<>();
    // Not by visibleBelow: there may be thousands of mounts, and hardly one is of interest.
    for (MountPoint mount : table.mounts()) {
      String path = mount.path();
      apmMounted |= path.equals(APM_DIRECTORY);
      if (path.endsWith(RUNTIME_NAME) && MountTable.isAtOrBelow(path, mountPoint)) {
        candidates.add(path.substring(mountPoint.length()));
      }
    }
    candidates.add(DEFAULT_RUNTIME);
    candidates.remove(runtimeDirectory);
    candidates.removeIf(directory -> !isLocal(directory) || !holdsRecord(directory));
    return new LayoutFacts(
        apmMounted,
        new FormerData(formerInstallPath(installPath, runtimeDirectory), List.copyOf(candidates)),
        MinimalFacts.NOTHING);
  }

  private boolean isLocal(String path) {
    return table
        .containing(mountPoint + path)
        .map(mount -> LOCAL.contains(mount.type()))
        .orElse(false);
  }

  private boolean holdsRecord(String directory) {
    return is(directory + "/" + LAUNCH_RECORD, FileType.REGULAR);
  }

  private boolean is(String path, FileType type) {
    try (Descriptor place = files.locateLinkInRoot(root, path)) {
      return files.status(place).type() == type;
    } catch (ErrnoException none) {
      return false;
    }
  }

  /** The record is the agent's own, who may have written anything into it. */
  private Optional<String> formerInstallPath(String installPath, String runtimeDirectory) {
    Optional<byte[]> start = recordStart(runtimeDirectory);
    if (start.isEmpty() || JsonStart.shows(start.get(), INSTALL_PATH, installPath)) {
      return Optional.empty();
    }
    return JsonStart.text(start.get(), INSTALL_PATH)
        .filter(path -> !path.equals(installPath) && isOrdinary(path))
        .filter(this::isLocal)
        .filter(path -> isReachedWithoutLinks(path + "/smartagent"));
  }

  /** A link of the agent's own could lead to a file system that does not answer. */
  private boolean isReachedWithoutLinks(String directory) {
    int slash = 0;
    while (slash >= 0) {
      slash = directory.indexOf('/', slash + 1);
      if (!is(slash < 0 ? directory : directory.substring(0, slash), FileType.DIRECTORY)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOrdinary(String path) {
    return path.startsWith("/")
        && path.length() < PATH_MAX
        && !path.contains("/..")
        && path.chars().noneMatch(Character::isISOControl);
  }

  private Optional<byte[]> recordStart(String runtimeDirectory) {
    try (Descriptor place = files.locateLinkInRoot(root, runtimeDirectory + "/" + LAUNCH_RECORD)) {
      if (files.status(place).type() != FileType.REGULAR) {
        return Optional.empty();
      }
      // Not by its path, and only now: to open a device may be to use it.
      try (Descriptor file = files.openFile("/proc/self/fd/" + place.number())) {
        return Optional.of(files.readStart(file, RECORD_START));
      }
    } catch (ErrnoException none) {
      return Optional.empty();
    }
  }
}
