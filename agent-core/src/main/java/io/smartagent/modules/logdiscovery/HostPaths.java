package io.smartagent.modules.logdiscovery;

import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where on the host a file of a container is. A bind mount shows a part of a file system that the
 * host has mounted too. The root of a container is an overlay: a file that was opened for writing
 * is in its upper directory (Documentation/filesystems/overlayfs.rst, "Non-directories"). Which
 * that is, only the host's own table can tell: in a user namespace anybody mounts an overlay, with
 * directories that are called as the host's are.
 */
final class HostPaths {

  private static final String UPPER = "upperdir=";

  /** Behind the root of a bind mount whose directory was removed: fs/dcache.c. */
  private static final String REMOVED = "//deleted";

  private HostPaths() {}

  /**
   * Returns the way to the file from the host's root; null where it cannot be told.
   *
   * @param host the mounts of the host
   * @param process the mounts of the process that has the file open
   * @param mount the id of the file's mount; {@link Sighting#UNKNOWN_MOUNT} where it is unknown
   * @param path of the file in the process's namespace
   */
  static Spot.@Nullable InHost resolve(
      MountIndex host, MountIndex process, int mount, String path) {
    if (host.mount(mount) != null) {
      return new Spot.InHost("", path);
    }
    MountPoint place =
        mount == Sighting.UNKNOWN_MOUNT ? process.containing(path) : process.mount(mount);
    if (place == null
        || !MountTable.isAtOrBelow(path, place.path())
        || place.root().endsWith(REMOVED)) {
      return null;
    }
    String inFilesystem = join(place.root(), below(path, place.path()));
    if (place.type().equals("overlay")) {
      List<MountPoint> same = host.ofDevice(place.device());
      String upper = same.isEmpty() ? null : upperDirectory(same.getFirst());
      if (upper != null) {
        return new Spot.InHost(upper, inFilesystem);
      }
    }
    for (MountPoint candidate : host.ofDevice(place.device())) {
      if (MountTable.isAtOrBelow(inFilesystem, candidate.root())) {
        String hostPath = join(candidate.path(), below(inFilesystem, candidate.root()));
        // Another mount may cover this part of the file system on the host.
        if (candidate.equals(host.containing(hostPath))) {
          return new Spot.InHost("", hostPath);
        }
      }
    }
    return null;
  }

  /** A path with characters that mountinfo escapes is not worth the rules for them. */
  private static @Nullable String upperDirectory(MountPoint overlay) {
    for (String option : overlay.superOptions()) {
      if (option.startsWith(UPPER + "/") && option.indexOf('\\') < 0) {
        return option.substring(UPPER.length());
      }
    }
    return null;
  }

  private static String below(String path, String ancestor) {
    return ancestor.equals("/") ? path : path.substring(ancestor.length());
  }

  private static String join(String directory, String below) {
    if (directory.equals("/")) {
      return below.isEmpty() ? "/" : below;
    }
    return below.equals("/") ? directory : directory + below;
  }
}
