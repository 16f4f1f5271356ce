package io.smartagent.modules.containermetrics;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.Filesystem;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the control groups are: one tree for everything (version 2), or a tree for each controller
 * below /sys/fs/cgroup (version 1), beside which a version 2 without controllers may be (hybrid).
 */
final class Hierarchies {

  private static final String MOUNT = "/sys/fs/cgroup";

  /** In the hybrid layout systemd and others mount version 2 there. */
  private static final String UNIFIED = "unified";

  private final @Nullable String unified;
  private final Map<Controller, String> trees;

  private Hierarchies(@Nullable String unified, Map<Controller, String> trees) {
    this.unified = unified;
    this.trees = trees;
  }

  /**
   * Returns what is mounted.
   *
   * @param root the host's root, without a slash at its end
   * @throws ErrnoException where there are no control groups
   */
  static Hierarchies find(Filesystem files, String root) throws ErrnoException {
    String mount = root + MOUNT;
    if (exists(files, mount + "/cgroup.controllers")) {
      return new Hierarchies(mount, Map.of());
    }
    Map<Controller, String> trees = new EnumMap<>(Controller.class);
    for (String name : names(files, mount)) {
      List<String> controllers = Arrays.asList(name.split(",", -1));
      for (Controller controller : Controller.values()) {
        // As cpu,cpuacct; distributions add links for each of them.
        if (controllers.contains(controller.id())) {
          trees.putIfAbsent(controller, mount + "/" + name);
        }
      }
    }
    if (trees.isEmpty()) {
      throw new ErrnoException("find a control group controller in " + mount, Errno.ENOENT);
    }
    String beside = mount + "/" + UNIFIED;
    return new Hierarchies(exists(files, beside + "/cgroup.controllers") ? beside : null, trees);
  }

  private static List<String> names(Filesystem files, String path) throws ErrnoException {
    try (Descriptor directory = files.openDirectory(path)) {
      return files.list(directory);
    }
  }

  private static boolean exists(Filesystem files, String path) {
    try {
      files.status(path);
      return true;
    } catch (ErrnoException absent) {
      return false;
    }
  }

  /** Returns whether there is only version 2. */
  boolean isVersion2() {
    return trees.isEmpty();
  }

  /** Returns "2", "1", or "1 and 2" for the hybrid layout. */
  String versions() {
    return isVersion2() ? "2" : unified == null ? "1" : "1 and 2";
  }

  /** Returns the directory of version 2's tree; null where there is none. */
  @Nullable String unified() {
    return unified;
  }

  /** Returns the directory of a controller's tree, version 1; null where it is not mounted. */
  @Nullable String tree(Controller controller) {
    return trees.get(controller);
  }

  /** Returns the tree in which to look for containers: all runtimes use these controllers. */
  String main() {
    if (isVersion2() && unified != null) {
      return unified;
    }
    for (Controller controller : Controller.values()) {
      String tree = trees.get(controller);
      if (tree != null) {
        return tree;
      }
    }
    throw new IllegalStateException("there is no tree");
  }
}
