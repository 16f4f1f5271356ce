package io.smartagent.modules.container;

import io.smartagent.json.JsonTree;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.container.RuntimeFiles.Stamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Containers that somebody has made with runc or crun alone. Their ids are free text and their
 * control groups may be anywhere, so they are found by what the runtimes note of them, in {@code
 * ID/state.json} and {@code ID/status} below their roots.
 */
final class BareBundles implements ContainerRuntime {

  /** Nobody types more; whatever starts as many has a runtime of its own. */
  private static final int AT_MOST = 1000;

  private final RuntimeFiles files;
  private final List<String> runcRoots = new ArrayList<>();
  private final List<String> crunRoots = new ArrayList<>();
  private final Recent<Map<String, ContainerIdentity>> byCgroup;
  private Map<String, Known> known = new HashMap<>();

  /** What was read from a file, so long as it is the same file. */
  private record Known(Stamp stamp, @Nullable BareBundle bundle) {}

  /**
   * @param runc roots that the user has given for it
   * @param crun roots that the user has given for it
   */
  BareBundles(RuntimeFiles files, List<String> runc, List<String> crun, RecentFactory made) {
    this.files = files;
    runcRoots.addAll(runc);
    runcRoots.add("/run/runc");
    crunRoots.addAll(crun);
    crunRoots.add("/run/crun");
    this.byCgroup = made.recent(this::readAll);
  }

  private Map<String, ContainerIdentity> readAll() {
    Map<String, Known> now = new HashMap<>();
    for (String root : runcRoots) {
      for (String id : files.list(root)) {
        look(root + "/" + id + "/state.json", now, BareBundle::ofRunc);
      }
    }
    for (String root : crunRoots) {
      for (String id : files.list(root)) {
        look(root + "/" + id + "/status", now, status -> crun(root, id, status));
      }
    }
    known = now;
    Map<String, ContainerIdentity> found = new HashMap<>();
    for (Known file : now.values()) {
      BareBundle bundle = file.bundle();
      if (bundle != null && !bundle.isManaged()) {
        bundle.cgroups().forEach(path -> found.put(path, bundle.identity()));
      }
    }
    return found;
  }

  private void look(
      String path, Map<String, Known> now, Function<JsonTree, @Nullable BareBundle> parse) {
    Stamp stamp = now.size() < AT_MOST ? files.stamp(path) : null;
    if (stamp == null) {
      return;
    }
    Known before = known.get(path);
    if (before != null && before.stamp().equals(stamp)) {
      now.put(path, before);
      return;
    }
    JsonTree file = files.readJson(path);
    now.put(path, new Known(stamp, file == null ? null : parse.apply(file)));
  }

  /** crun keeps a copy of the bundle's description beside the status. */
  private @Nullable BareBundle crun(String root, String id, JsonTree status) {
    return BareBundle.ofCrun(id, status, files.readJson(root + "/" + id + "/config.json"));
  }

  /**
   * Returns the container that a control group was made for, or one above it.
   *
   * @param path as /proc/PID/cgroup has it, or as it is below the mount of a hierarchy
   */
  @Nullable ContainerIdentity ofCgroup(String path) {
    Map<String, ContainerIdentity> paths = byCgroup.get();
    if (paths.isEmpty()) {
      return null;
    }
    String above = path;
    // So it looks from inside a cgroup namespace: cgroup_namespaces(7).
    while (above.startsWith("/../")) {
      above = above.substring("/..".length());
    }
    while (above.length() > 1) {
      ContainerIdentity container = paths.get(above);
      if (container != null) {
        return container;
      }
      above = above.substring(0, Math.max(0, above.lastIndexOf('/')));
    }
    return null;
  }

  @Override
  public @Nullable ContainerIdentity read(String id, CgroupOwner owner) {
    for (ContainerIdentity container : byCgroup.get().values()) {
      if (container.id().equals(id)) {
        return container;
      }
    }
    return null;
  }
}
