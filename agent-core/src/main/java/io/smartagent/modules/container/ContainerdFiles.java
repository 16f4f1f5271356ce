package io.smartagent.modules.container;

import io.smartagent.json.JsonTree;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.modules.cgroup.CgroupOwner;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * containerd's containers: the OCI bundles of its tasks, one directory for each namespace of
 * containerd ({@code k8s.io} is kubelet's). The annotations are those of containerd's
 * internal/cri/annotations, and nerdctl's.
 */
final class ContainerdFiles implements ContainerRuntime {

  /** Its own, and those of k3s and RKE2, k0s and MicroK8s. */
  private static final List<String> STANDARD_ROOTS =
      List.of(
          "/run/containerd",
          "/run/k3s/containerd",
          "/run/k0s/containerd",
          "/var/snap/microk8s/common/run/containerd");

  private static final List<String> TASKS =
      List.of("io.containerd.runtime.v2.task", "io.containerd.runtime.v1.linux");

  /** Docker's own namespace: its bundles say nothing, and Docker's files say it all. */
  private static final String DOCKERS = "moby";

  private static final String CRI = "io.kubernetes.cri.";

  private final RuntimeFiles files;
  private final List<String> settings;
  private final Recent<List<String>> directories;

  /**
   * @param settings state directories that the user has given
   */
  ContainerdFiles(RuntimeFiles files, List<String> settings, RecentFactory made) {
    this.files = files;
    this.settings = settings;
    this.directories = made.recent(this::findDirectories);
  }

  private List<String> findDirectories() {
    Set<String> roots = new LinkedHashSet<>(settings);
    roots.addAll(STANDARD_ROOTS);
    List<String> found = new ArrayList<>();
    for (String root : roots) {
      for (String tasks : TASKS) {
        for (String namespace : files.list(root + "/" + tasks)) {
          if (!namespace.equals(DOCKERS)) {
            found.add(root + "/" + tasks + "/" + namespace);
          }
        }
      }
    }
    return found;
  }

  @Override
  public @Nullable ContainerIdentity read(String id, CgroupOwner owner) {
    for (String directory : directories.get()) {
      JsonTree spec = files.readJson(directory + "/" + id + "/config.json");
      if (spec != null) {
        return parse(id, spec);
      }
    }
    return null;
  }

  /** Returns what the bundle of a container says. */
  static ContainerIdentity parse(String id, JsonTree spec) {
    Map<String, String> annotations = DockerContainer.texts(spec.get("annotations"));
    boolean sandbox = "sandbox".equals(annotations.get(CRI + "container-type"));
    return new ContainerIdentity(
        id,
        "containerd",
        Text.first(annotations.get(CRI + "container-name"), annotations.get("nerdctl/name")),
        Text.first(annotations.get(CRI + "image-name")),
        Text.first(annotations.get(CRI + "sandbox-uid")),
        Text.first(annotations.get(CRI + "sandbox-name")),
        Text.first(annotations.get(CRI + "sandbox-namespace")),
        sandbox,
        null,
        Text.labels(annotations, ContainerdFiles::isUsers));
  }

  private static boolean isUsers(String annotation) {
    return !annotation.startsWith("io.kubernetes.")
        && !annotation.startsWith("io.container")
        && !annotation.startsWith("nerdctl/");
  }
}
