package io.smartagent.modules.container;

import io.smartagent.json.JsonTree;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.modules.cgroup.CgroupOwner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * CRI-O's and Podman's containers, which share containers/storage: an OCI bundle for each in {@code
 * DRIVER-containers/ID/userdata/}, and one index with names and images. The annotations are those
 * of CRI-O's pkg/annotations; Podman sets some of them too, so only a bundle that names its sandbox
 * is CRI-O's. A rootless user's storage is in a home directory and not looked for.
 */
final class StorageFiles implements ContainerRuntime {

  private static final List<String> CONFIGURATIONS =
      List.of("/etc/containers/storage.conf", "/usr/share/containers/storage.conf");

  private static final String CRIO = "io.kubernetes.cri-o.";

  private final RuntimeFiles files;
  private final List<String> settings;
  private final Recent<List<String>> directories;
  private final Recent<Map<String, Entry>> index;

  /** What the index has of a container. */
  record Entry(@Nullable String name, @Nullable String image) {}

  /**
   * @param settings roots that the user has given, of either kind
   */
  StorageFiles(RuntimeFiles files, List<String> settings, RecentFactory made) {
    this.files = files;
    this.settings = settings;
    this.directories = made.recent(this::findDirectories);
    this.index = made.recent(this::readIndex);
  }

  private List<String> findDirectories() {
    StorageConf configured = StorageConf.STANDARD;
    for (String path : CONFIGURATIONS) {
      byte[] content = files.read(path);
      if (content != null) {
        configured = StorageConf.parse(new String(content, StandardCharsets.UTF_8));
        break;
      }
    }
    Set<String> roots = new LinkedHashSet<>(settings);
    roots.add(configured.graphRoot());
    roots.add(configured.runRoot());
    roots.add(StorageConf.STANDARD.graphRoot());
    roots.add(StorageConf.STANDARD.runRoot());
    Set<String> drivers = new LinkedHashSet<>(List.of(configured.driver(), "overlay"));
    List<String> found = new ArrayList<>();
    for (String root : roots) {
      for (String driver : drivers) {
        found.add(root + "/" + driver + "-containers");
      }
    }
    return found;
  }

  private Map<String, Entry> readIndex() {
    Map<String, Entry> entries = new HashMap<>();
    for (String directory : directories.get()) {
      for (String name : List.of("containers.json", "volatile-containers.json")) {
        JsonTree file = files.readJson(directory + "/" + name);
        if (file != null) {
          entries.putAll(parseIndex(file));
        }
      }
    }
    return entries;
  }

  /** Returns what an index has of each container: container.go of containers/storage. */
  static Map<String, Entry> parseIndex(JsonTree file) {
    Map<String, Entry> entries = new HashMap<>();
    for (JsonTree container : file.items()) {
      JsonTree metadata = embedded(container.get("metadata").text());
      List<String> names = container.get("names").texts();
      entries.put(
          container.get("id").text(),
          new Entry(
              Text.first(
                  metadata.get("name").textOrNull(), names.isEmpty() ? null : names.getFirst()),
              Text.first(metadata.get("image-name").textOrNull())));
    }
    return entries;
  }

  @Override
  public @Nullable ContainerIdentity read(String id, CgroupOwner owner) {
    for (String directory : directories.get()) {
      JsonTree spec = files.readJson(directory + "/" + id + "/userdata/config.json");
      if (spec != null) {
        return parse(id, spec, index.get().get(id), directory);
      }
    }
    return null;
  }

  /**
   * Returns what the bundle of a container says.
   *
   * @param entry of the index; null where it has none
   * @param directory in which the bundles of all containers are
   */
  static ContainerIdentity parse(
      String id, JsonTree spec, @Nullable Entry entry, String directory) {
    Map<String, String> annotations = DockerContainer.texts(spec.get("annotations"));
    return annotations.get(CRIO + "SandboxID") == null
        ? podman(id, annotations, entry, directory)
        : crio(id, annotations, entry);
  }

  private static ContainerIdentity crio(
      String id, Map<String, String> annotations, @Nullable Entry entry) {
    // What kubelet has given as labels: in one annotation, and newer ones as their own.
    Map<String, String> labels = new TreeMap<>(annotations);
    labels.putAll(DockerContainer.texts(embedded(annotations.getOrDefault(CRIO + "Labels", ""))));
    PodName name =
        PodName.parse(
            annotations.getOrDefault(
                CRIO + "Name", entry == null || entry.name() == null ? "" : entry.name()));
    boolean sandbox = "sandbox".equals(annotations.get(CRIO + "ContainerType"));
    return new ContainerIdentity(
        id,
        "cri-o",
        sandbox
            ? null
            : Text.first(
                labels.get("io.kubernetes.container.name"),
                name == null ? null : name.container(),
                embedded(annotations.getOrDefault(CRIO + "Metadata", "")).get("name").textOrNull()),
        Text.first(
            annotations.get(CRIO + "ImageName"),
            annotations.get(CRIO + "Image"),
            entry == null ? null : entry.image()),
        Text.first(labels.get("io.kubernetes.pod.uid"), name == null ? null : name.uid()),
        Text.first(
            labels.get("io.kubernetes.pod.name"),
            name == null ? null : name.pod(),
            annotations.get(CRIO + "KubeName")),
        Text.first(
            labels.get("io.kubernetes.pod.namespace"),
            name == null ? null : name.namespace(),
            annotations.get(CRIO + "Namespace")),
        sandbox,
        Text.first(annotations.get(CRIO + "LogPath")),
        Text.labels(labels, StorageFiles::isUsers));
  }

  private static ContainerIdentity podman(
      String id, Map<String, String> annotations, @Nullable Entry entry, String directory) {
    return new ContainerIdentity(
        id,
        "podman",
        entry == null ? null : entry.name(),
        entry == null ? null : entry.image(),
        null,
        null,
        null,
        false,
        directory + "/" + id + "/userdata/ctr.log",
        Text.labels(annotations, StorageFiles::isUsers));
  }

  private static boolean isUsers(String annotation) {
    return !annotation.startsWith("io.kubernetes.")
        && !annotation.startsWith("io.container.")
        && !annotation.startsWith("io.podman.")
        && !annotation.startsWith("kubernetes.io/config.")
        && !annotation.startsWith("org.opencontainers.image.")
        && !annotation.startsWith("org.systemd.property.");
  }

  /** Returns the JSON in a text of JSON; nothing where it is none. */
  private static JsonTree embedded(String text) {
    JsonTree tree = RuntimeFiles.parse(text.getBytes(StandardCharsets.UTF_8));
    return tree == null ? JsonTree.NOTHING : tree;
  }
}
