package io.smartagent.modules.container;

import io.smartagent.json.JsonTree;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.container.RuntimeFiles.Stamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Docker's containers. Its data root is {@code data-root} of /etc/docker/daemon.json, formerly
 * {@code graph}; with user namespaces the containers are one directory further down, which is named
 * by the user's ids.
 */
final class DockerFiles implements ContainerRuntime {

  private static final String STANDARD_ROOT = "/var/lib/docker";
  private static final String SNAP_ROOT = "/var/snap/docker/common/var-lib-docker";

  /** Some clean up never. */
  private static final int AT_MOST = 2000;

  private static final Pattern MAPPED_USER = Pattern.compile("\\d{1,10}\\.\\d{1,10}");

  private final RuntimeFiles files;
  private final List<String> settings;
  private final Recent<List<String>> directories;
  private Map<String, Known> known = new HashMap<>();

  /** What was read from a file, so long as it is the same file. */
  private record Known(Stamp stamp, @Nullable DockerContainer container) {}

  /**
   * @param settings data roots that the user has given
   * @param made by {@link Containers} with its clock and lifetime
   */
  DockerFiles(RuntimeFiles files, List<String> settings, RecentFactory made) {
    this.files = files;
    this.settings = settings;
    this.directories = made.recent(this::findDirectories);
  }

  private List<String> findDirectories() {
    Set<String> roots = new LinkedHashSet<>(settings);
    JsonTree daemon = files.readJson("/etc/docker/daemon.json");
    if (daemon != null) {
      for (String key : List.of("data-root", "graph")) {
        String configured = daemon.get(key).text();
        if (configured.startsWith("/")) {
          roots.add(configured);
        }
      }
    }
    roots.add(STANDARD_ROOT);
    roots.add(SNAP_ROOT);
    List<String> found = new ArrayList<>();
    for (String root : roots) {
      List<String> names = files.list(root);
      // A root that may be passed but not listed is asked all the same.
      if (names.isEmpty() || names.contains("containers")) {
        found.add(root + "/containers");
      }
      for (String name : names) {
        if (MAPPED_USER.matcher(name).matches()) {
          found.add(root + "/" + name + "/containers");
        }
      }
    }
    return found;
  }

  /**
   * Returns the containers but for {@code others}, by their ids; at most some thousand. Of one that
   * is in several roots, as after they were moved, the first root counts, as it does in {@link
   * #read}.
   */
  List<DockerContainer> containers(Set<String> others) {
    Map<String, Known> now = new HashMap<>();
    List<DockerContainer> found = new ArrayList<>();
    Set<String> leftOut = new HashSet<>(others);
    for (String directory : directories.get()) {
      for (String id : files.list(directory)) {
        String path = directory + "/" + id + "/config.v2.json";
        Stamp stamp = leftOut.contains(id) || now.size() >= AT_MOST ? null : files.stamp(path);
        if (stamp != null) {
          Known before = known.get(path);
          Known file =
              before != null && before.stamp().equals(stamp)
                  ? before
                  : new Known(stamp, parse(path, id, false));
          now.put(path, file);
          if (file.container() != null) {
            found.add(file.container());
            leftOut.add(id);
          }
        }
      }
    }
    known = now;
    found.sort(Comparator.comparing(container -> container.identity().id()));
    return found;
  }

  private @Nullable DockerContainer parse(String path, String id, boolean inPod) {
    JsonTree file = files.readJson(path);
    DockerContainer container = file == null ? null : DockerContainer.parse(file, inPod);
    return container != null && container.identity().id().equals(id) ? container : null;
  }

  @Override
  public @Nullable ContainerIdentity read(String id, CgroupOwner owner) {
    for (String directory : directories.get()) {
      DockerContainer container =
          parse(directory + "/" + id + "/config.v2.json", id, owner.podUid() != null);
      if (container != null) {
        return container.identity();
      }
    }
    return null;
  }
}
