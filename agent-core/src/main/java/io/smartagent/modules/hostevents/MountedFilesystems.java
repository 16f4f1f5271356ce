package io.smartagent.modules.hostevents;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the file systems that the host's init has mounted: proc_pid_mountinfo(5). Only those on a
 * block device: the others cannot be damaged.
 */
final class MountedFilesystems {

  /** A node with 250 pods has some 5,000 mounts of 200 bytes. */
  private static final int MOUNTINFO_LIMIT = 8 << 20;

  private static final int FILESYSTEMS_AT_MOST = 1000;

  private static final Pattern DEVICE = Pattern.compile("[\\w!.:-]{1,64}");

  private final Filesystem files;
  private final String root;
  private byte[] lastText = {};
  private List<MountedFilesystem> last = List.of();

  /**
   * @param root the host's root, without a slash at its end
   */
  MountedFilesystems(Filesystem files, String root) {
    this.files = files;
    this.root = root;
  }

  /** Returns what is mounted now; empty where that cannot be read. */
  List<MountedFilesystem> read() {
    byte[] text;
    try {
      text = files.readAll(root + "/proc/1/mountinfo", MOUNTINFO_LIMIT);
    } catch (ErrnoException unreadable) {
      return List.of();
    }
    if (!Arrays.equals(text, lastText)) {
      lastText = text;
      try {
        last = group(MountTable.parse(new String(text, StandardCharsets.UTF_8)).mounts());
      } catch (IllegalArgumentException notMountinfo) {
        last = List.of();
      }
    }
    return last;
  }

  /** Returns what is mounted of a block device; null where nothing is. */
  @Nullable MountedFilesystem find(String device) {
    for (MountedFilesystem filesystem : read()) {
      if (filesystem.device().equals(device)) {
        return filesystem;
      }
    }
    return null;
  }

  private List<MountedFilesystem> group(List<MountPoint> mounts) {
    Map<String, List<MountPoint>> byNumber = new LinkedHashMap<>();
    for (MountPoint mount : mounts) {
      if (byNumber.containsKey(mount.device())
          || (byNumber.size() < FILESYSTEMS_AT_MOST && mayHaveDevice(mount))) {
        byNumber.computeIfAbsent(mount.device(), number -> new ArrayList<>()).add(mount);
      }
    }
    List<MountedFilesystem> filesystems = new ArrayList<>();
    byNumber.forEach((number, same) -> {
      String device = device(same.getFirst());
      if (device != null && DEVICE.matcher(device).matches()) {
        filesystems.add(filesystem(number, device, same));
      }
    });
    return List.copyOf(filesystems);
  }

  private static MountedFilesystem filesystem(
      String number, String device, List<MountPoint> mounts) {
    MountPoint first = mounts.getFirst();
    List<String> paths = mounts.stream().map(MountPoint::path).map(Texts::path).distinct().toList();
    int shown = Math.min(paths.size(), MountedFilesystem.MOUNT_POINTS);
    return new MountedFilesystem(
        number,
        device,
        first.type(),
        first.superOptions().contains("ro"),
        first.superOptions().contains("emergency_ro"),
        first.superOptions().contains("shutdown"),
        (int) mounts.stream().filter(MountPoint::isReadOnly).count(),
        paths.subList(0, shown),
        paths.size() - shown);
  }

  /** Major 0 is for what has no device, and for Btrfs, which may have several. */
  private static boolean mayHaveDevice(MountPoint mount) {
    return !mount.device().startsWith("0:") || isBtrfs(mount);
  }

  private static boolean isBtrfs(MountPoint mount) {
    return mount.type().equals("btrfs") && mount.source().startsWith("/dev/");
  }

  private @Nullable String device(MountPoint mount) {
    String target =
        isBtrfs(mount)
            ? target(root + mount.source(), mount.source())
            : target(root + "/sys/dev/block/" + mount.device(), mount.source());
    return target.substring(target.lastIndexOf('/') + 1);
  }

  /** A device of the mapper has a name of its own, which is a link to the one in the log. */
  private String target(String link, String otherwise) {
    try {
      return files.readLink(link);
    } catch (ErrnoException noLink) {
      return otherwise;
    }
  }
}
