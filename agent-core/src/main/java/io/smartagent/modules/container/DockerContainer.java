package io.smartagent.modules.container;

import io.smartagent.json.JsonTree;
import io.smartagent.module.ContainerIdentity;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What Docker has written of a container: {@code containers/ID/config.v2.json} below its data root,
 * moby's container.go.
 *
 * @param identity who it is
 * @param state as {@code docker ps} has it: {@code created}, {@code running}, {@code paused},
 *     {@code restarting}, {@code removing}, {@code exited} or {@code dead}
 */
public record DockerContainer(ContainerIdentity identity, String state) {

  /** Docker writes so what has not happened yet: the zero of Go's time. */
  private static final String NEVER = "0001-01-01T00:00:00Z";

  /**
   * Returns what the file says; null where it is no container's.
   *
   * @param inPod whether its control group is in a pod's: only then, or where the container has the
   *     name that kubelet gives, are labels believed that name a pod
   */
  static @Nullable DockerContainer parse(JsonTree file, boolean inPod) {
    String id = Text.first(file.get("ID").textOrNull());
    if (id == null) {
      return null;
    }
    JsonTree config = file.get("Config");
    Map<String, String> labels = texts(config.get("Labels"));
    String name = file.get("Name").text();
    PodName podName = PodName.parse(name);
    boolean pod = inPod || podName != null;
    String kind = labels.get("io.kubernetes.docker.type");
    String container = pod ? labels.get("io.kubernetes.container.name") : null;
    boolean sandbox =
        (pod && ("podsandbox".equals(kind) || "POD".equals(container)))
            || (podName != null && podName.container() == null);
    return new DockerContainer(
        new ContainerIdentity(
            id,
            "docker",
            sandbox
                ? null
                : Text.first(
                    podName == null ? null : podName.container(),
                    container,
                    name.startsWith("/") ? name.substring(1) : name),
            Text.first(config.get("Image").textOrNull()),
            pod
                ? Text.first(
                    podName == null ? null : podName.uid(), labels.get("io.kubernetes.pod.uid"))
                : null,
            pod
                ? Text.first(
                    podName == null ? null : podName.pod(), labels.get("io.kubernetes.pod.name"))
                : null,
            pod
                ? Text.first(
                    podName == null ? null : podName.namespace(),
                    labels.get("io.kubernetes.pod.namespace"))
                : null,
            sandbox,
            Text.first(file.get("LogPath").textOrNull()),
            Text.labels(labels, DockerContainer::isUsers)),
        state(file.get("State")));
  }

  /** Kubelet's own, and a pod's annotations, which cri-dockerd keeps as labels. */
  private static boolean isUsers(String label) {
    return !label.startsWith("io.kubernetes.") && !label.startsWith("annotation.");
  }

  /** As StateString() in moby's state.go. */
  private static String state(JsonTree state) {
    if (state.get("Running").isTrue()) {
      return state.get("Paused").isTrue()
          ? "paused"
          : state.get("Restarting").isTrue() ? "restarting" : "running";
    }
    if (state.get("RemovalInProgress").isTrue()) {
      return "removing";
    }
    if (state.get("Dead").isTrue()) {
      return "dead";
    }
    String started = state.get("StartedAt").text();
    return started.isEmpty() || started.equals(NEVER) ? "created" : "exited";
  }

  /** Returns the texts of an object by their names. */
  static Map<String, String> texts(JsonTree object) {
    Map<String, String> texts = new TreeMap<>();
    for (String name : object.names()) {
      texts.put(name, object.get(name).text());
    }
    return texts;
  }
}
