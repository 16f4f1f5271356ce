package io.smartagent.host;

import io.smartagent.kernel.mount.MountPoint;
import java.util.ArrayList;
import java.util.List;

/**
 * The mounts at and below the host's root that something can be written through. A read-only mount
 * does not make those below it read-only: mount_namespaces(7).
 *
 * @param writable sorted by path, no more than {@link #LIMIT}
 * @param unlisted how many more there are
 */
public record HostMounts(List<WritableMount> writable, int unlisted) {

  /** No mounts at all. */
  public static final HostMounts NONE = new HostMounts(List.of(), 0);

  /** How many are listed: a node with thousands of containers has as many mounts. */
  static final int LIMIT = 1000;

  /** What the kubelet calls the directories of a pod's own. */
  private static final String EMPTY_DIRECTORY = "/volumes/kubernetes.io~empty-dir/";

  /** Where the kubelet shows parts of any pod's volumes, in the host's own mount namespace. */
  private static final String SUB_PATHS = "/volume-subpaths/";

  /**
   * One of them.
   *
   * @param path on the host
   * @param type the kind of file system, such as {@code ext4}
   * @param ofPod whether it is an emptyDir, which is no part of the host
   */
  public record WritableMount(String path, String type, boolean ofPod) {}

  /** Copies the list. */
  public HostMounts {
    writable = List.copyOf(writable);
  }

  /**
   * Returns those among {@code visible}.
   *
   * @param visible mounts at and below {@code mountPoint}
   * @param mountPoint of the host's root
   */
  static HostMounts of(List<MountPoint> visible, String mountPoint) {
    List<WritableMount> writable = new ArrayList<>();
    for (MountPoint mount : visible) {
      // An automount has nothing to write to before it is accessed.
      if (!mount.isReadOnly() && !mount.isAutomount()) {
        String path = below(mountPoint, mount.path());
        writable.add(new WritableMount(path, mount.type(), isOfPod(mount)));
      }
    }
    writable.sort((one, other) -> one.path().compareTo(other.path()));
    int listed = Math.min(writable.size(), LIMIT);
    return new HostMounts(writable.subList(0, listed), writable.size() - listed);
  }

  private static boolean isOfPod(MountPoint mount) {
    return mount.root().contains(EMPTY_DIRECTORY) && !mount.path().contains(SUB_PATHS);
  }

  private static String below(String mountPoint, String path) {
    String rest = mountPoint.equals("/") ? path : path.substring(mountPoint.length());
    return rest.isEmpty() ? "/" : rest;
  }
}
