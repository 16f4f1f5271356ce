package io.smartagent.modules.container;

import io.smartagent.json.JsonTree;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.modules.cgroup.CgroupOwner;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A container that somebody has made with runc or crun alone.
 *
 * @param identity who it is; its id is whatever its user has typed
 * @param cgroups its control groups' paths below the mounts of their hierarchies
 */
record BareBundle(ContainerIdentity identity, Set<String> cgroups) {

  private static final String MOUNT = "/sys/fs/cgroup/";

  /** runc keeps the bundle's path among the labels: libcontainer's specconv. */
  private static final String BUNDLE = "bundle";

  /** Copies the set. */
  BareBundle {
    cgroups = Set.copyOf(cgroups);
  }

  /** Returns what runc's state.json says; null where it says nothing of a container. */
  static @Nullable BareBundle ofRunc(JsonTree state) {
    String id = Text.first(state.get("id").textOrNull());
    if (id == null) {
      return null;
    }
    Set<String> cgroups = new TreeSet<>();
    JsonTree paths = state.get("cgroup_paths");
    for (String controller : paths.names()) {
      cgroups.add(belowMount(controller, paths.get(controller).text()));
    }
    cgroups.remove("");
    Map<String, String> annotations = new TreeMap<>();
    for (String label : state.get("config").get("labels").texts()) {
      int equals = label.indexOf('=');
      if (equals > 0) {
        annotations.put(label.substring(0, equals), label.substring(equals + 1));
      }
    }
    return new BareBundle(identity(id, "runc", annotations), cgroups);
  }

  /**
   * Returns what crun's status says; null where it says nothing of a container.
   *
   * @param spec the bundle's config.json; null where it is unknown
   */
  static @Nullable BareBundle ofCrun(String id, JsonTree status, @Nullable JsonTree spec) {
    String path = status.get("cgroup-path").text();
    if (path.isEmpty()) {
      return null;
    }
    Map<String, String> annotations =
        spec == null ? Map.of() : DockerContainer.texts(spec.get("annotations"));
    return new BareBundle(
        identity(id, "crun", annotations), Set.of(path.startsWith("/") ? path : "/" + path));
  }

  private static ContainerIdentity identity(
      String id, String runtime, Map<String, String> annotations) {
    return new ContainerIdentity(
        id,
        runtime,
        id,
        null,
        null,
        null,
        null,
        false,
        null,
        Text.labels(annotations, name -> !name.equals(BUNDLE)));
  }

  /** The first directory below /sys/fs/cgroup is a hierarchy's, but where there is only one. */
  private static String belowMount(String controller, String path) {
    if (!path.startsWith(MOUNT)) {
      return "";
    }
    String below = path.substring(MOUNT.length() - 1);
    if (controller.isEmpty() && !below.startsWith("/unified/")) {
      return below;
    }
    int slash = below.indexOf('/', 1);
    return slash < 0 ? "" : below.substring(slash);
  }

  /** Returns whether a runtime that is known by its names has made it, with runc or crun below. */
  boolean isManaged() {
    return cgroups.stream().anyMatch(path -> CgroupOwner.ofPath(path).containerId() != null);
  }
}
