package io.smartagent.modules.hostevents;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.limit.BoundedMap;
import io.smartagent.modules.hostevents.FilesystemReport.Ext4Errors;
import io.smartagent.modules.hostevents.FilesystemReport.TurnedReadOnly;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Watches the state of the host's file systems, which needs no capability: what mountinfo shows of
 * them, and the errors that ext4 counts in /sys/fs/ext4/DEVICE
 * (Documentation/ABI/testing/sysfs-fs-ext4 of Linux).
 *
 * <p>A file system that was remounted read-only on purpose is none that has turned so: then the
 * mount that was named is read-only by itself, too, which a fault never makes it. Only {@code
 * emergency_ro} and {@code shutdown} show a fault by themselves.
 */
final class FilesystemWatch {

  private static final int SMALL_FILE = 4096;
  private static final int EXT4_AT_MOST = 500;
  private static final Pattern NAME = Pattern.compile("[\\w!.:-]{1,64}");
  private static final Pattern FUNCTION = Pattern.compile("\\w{1,64}");

  private final Filesystem files;
  private final String ext4;
  private final MountedFilesystems mounted;
  private final Instant startedAt = Instant.now();
  private Map<String, MountedFilesystem> before = new HashMap<>();
  private final Map<String, Boolean> reported = new HashMap<>();
  private Map<String, Long> errorsBefore = new HashMap<>();

  /**
   * When the last error of a device was that has been reported: kept when nothing is mounted of it.
   */
  private final Map<String, Instant> lastErrorReported = BoundedMap.ofNewest(EXT4_AT_MOST);

  private boolean first = true;

  /**
   * @param root the host's root, without a slash at its end
   */
  FilesystemWatch(Filesystem files, String root, MountedFilesystems mounted) {
    this.files = files;
    this.ext4 = root + "/sys/fs/ext4";
    this.mounted = mounted;
  }

  /** Returns what has happened since the last call; at first, what has not been mended since. */
  List<FilesystemReport> look() {
    List<FilesystemReport> reports = new ArrayList<>();
    lookAtMounts(reports);
    lookAtErrors(reports);
    first = false;
    return reports;
  }

  private void lookAtMounts(List<FilesystemReport> reports) {
    Map<String, MountedFilesystem> now = new HashMap<>();
    for (MountedFilesystem filesystem : mounted.read()) {
      String key = filesystem.number() + " " + filesystem.device();
      now.put(key, filesystem);
      MountedFilesystem earlier = before.get(key);
      boolean turned =
          earlier != null
              && !earlier.readOnly()
              && filesystem.readOnly()
              && filesystem.readOnlyMounts() <= earlier.readOnlyMounts();
      boolean faulty = filesystem.emergency() || filesystem.stopped();
      if ((faulty || turned) && reported.putIfAbsent(key, true) == null) {
        reports.add(new TurnedReadOnly(filesystem, first));
      } else if (!faulty && !filesystem.readOnly()) {
        reported.remove(key);
      }
    }
    reported.keySet().retainAll(now.keySet());
    before = now;
  }

  private void lookAtErrors(List<FilesystemReport> reports) {
    Map<String, Long> now = new HashMap<>();
    for (String device : devices()) {
      Long count = number(device, "errors_count");
      if (count == null || now.size() >= EXT4_AT_MOST) {
        continue;
      }
      now.put(device, count);
      Long earlier = errorsBefore.get(device);
      long added = count - (earlier == null ? 0 : earlier);
      if (added > 0) {
        Long seconds = number(device, "last_error_time");
        Instant lastAt = seconds == null || seconds <= 0 ? null : Instant.ofEpochSecond(seconds);
        // A file system that has just been mounted brings along what was counted long ago.
        boolean old =
            earlier == null
                && (first
                    || lastAt == null
                    || lastAt.getEpochSecond() < startedAt.getEpochSecond()
                    || !lastAt.isAfter(lastErrorReported.getOrDefault(device, Instant.MIN)));
        if (lastAt != null) {
          lastErrorReported.put(device, lastAt);
        }
        reports.add(new Ext4Errors(device, added, lastAt, function(device), old));
      }
    }
    errorsBefore = now;
  }

  private List<String> devices() {
    try (Descriptor directory = files.openDirectory(ext4)) {
      return files.list(directory).stream().filter(name -> NAME.matcher(name).matches()).toList();
    } catch (ErrnoException noExt4) {
      return List.of();
    }
  }

  private @Nullable String function(String device) {
    String name = text(device, "last_error_func");
    return name == null || !FUNCTION.matcher(name).matches() ? null : name;
  }

  private @Nullable Long number(String device, String file) {
    String text = text(device, file);
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }

  private @Nullable String text(String device, String file) {
    try {
      byte[] content = files.readAll(ext4 + "/" + device + "/" + file, SMALL_FILE);
      return new String(content, StandardCharsets.UTF_8).strip();
    } catch (ErrnoException unmountedOrOlder) {
      return null;
    }
  }
}
