package io.smartagent.modules.logdiscovery;

import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The mounts of a namespace by what is asked of them: a node has thousands, and many logs. */
final class MountIndex {

  private final Map<Integer, MountPoint> byId = new HashMap<>();
  private final Map<String, MountPoint> visibleByPath = new HashMap<>();
  private final Map<String, List<MountPoint>> visibleByDevice = new HashMap<>();

  private MountIndex(MountTable table) {
    table.mounts().forEach(mount -> byId.put(mount.id(), mount));
    for (MountPoint mount : table.visibleBelow("/")) {
      visibleByPath.put(mount.path(), mount);
      visibleByDevice.computeIfAbsent(mount.device(), device -> new ArrayList<>()).add(mount);
    }
  }

  /**
   * Parses the text of a mountinfo file: proc_pid_mountinfo(5).
   *
   * @throws IllegalArgumentException where it is none
   */
  static MountIndex parse(String text) {
    return new MountIndex(MountTable.parse(text));
  }

  /** Returns the mount of this id, a covered one too; null where the namespace has none. */
  @Nullable MountPoint mount(int id) {
    return byId.get(id);
  }

  /** Returns the mount that a path lies on; null where there is none. */
  @Nullable MountPoint containing(String path) {
    String above = path;
    while (true) {
      MountPoint mount = visibleByPath.get(above);
      if (mount != null || above.equals("/")) {
        return mount;
      }
      int slash = above.lastIndexOf('/');
      above = slash <= 0 ? "/" : above.substring(0, slash);
    }
  }

  /** Returns the mounts of a file system that can be reached by a path. */
  List<MountPoint> ofDevice(String device) {
    return visibleByDevice.getOrDefault(device, List.of());
  }
}
