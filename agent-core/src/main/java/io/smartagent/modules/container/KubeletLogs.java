package io.smartagent.modules.container;

import io.smartagent.module.ContainerIdentity;
import io.smartagent.modules.cgroup.CgroupOwner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of pods and containers as kubelet's log directories have them, which anybody may list:
 * {@code /var/log/pods/NAMESPACE_POD_UID/CONTAINER/} and {@code
 * /var/log/containers/POD_NAMESPACE_CONTAINER-ID.log}, a link to the first one.
 * pkg/kubelet/kuberuntime/legacy.go and helpers.go of Kubernetes.
 */
final class KubeletLogs {

  private static final String PODS = "/var/log/pods";
  private static final String CONTAINERS = "/var/log/containers";
  private static final String ENDING = ".log";

  private final RuntimeFiles files;
  private final Recent<Map<String, Pod>> pods;
  private final Recent<Map<String, Log>> logs;

  /** A pod's directory. */
  record Pod(String namespace, String name, String uid) {}

  /** A container's link. */
  record Log(String file, String pod, String namespace, String container) {}

  KubeletLogs(RuntimeFiles files, RecentFactory made) {
    this.files = files;
    this.pods = made.recent(() -> pods(files.list(PODS)));
    this.logs = made.recent(() -> logs(files.list(CONTAINERS)));
  }

  /** Returns the pods by their uids that directories are named by. */
  static Map<String, Pod> pods(List<String> names) {
    Map<String, Pod> pods = new HashMap<>();
    for (String name : names) {
      String[] parts = name.split("_", -1);
      if (parts.length == 3) {
        pods.put(parts[2], new Pod(parts[0], parts[1], parts[2]));
      }
    }
    return pods;
  }

  /** Returns the containers by their ids that links are named by. */
  static Map<String, Log> logs(List<String> names) {
    Map<String, Log> logs = new HashMap<>();
    for (String name : names) {
      String[] parts = name.split("_", -1);
      int dash = name.lastIndexOf('-');
      if (parts.length == 3 && name.endsWith(ENDING) && dash > name.lastIndexOf('_')) {
        String container = parts[2].substring(0, parts[2].lastIndexOf('-'));
        logs.put(
            name.substring(dash + 1, name.length() - ENDING.length()),
            new Log(name, parts[0], parts[1], container));
      }
    }
    return logs;
  }

  /** Returns what the directories tell of a container; null where they tell nothing. */
  @Nullable ContainerIdentity read(String id, CgroupOwner owner) {
    Log log = logs.get().get(id);
    Pod pod = owner.podUid() == null ? null : pods.get().get(owner.podUid());
    if (log == null && pod == null) {
      return null;
    }
    return new ContainerIdentity(
        id,
        owner.runtime(),
        Text.first(log == null ? null : log.container()),
        null,
        owner.podUid(),
        Text.first(pod == null ? null : pod.name(), log == null ? null : log.pod()),
        Text.first(pod == null ? null : pod.namespace(), log == null ? null : log.namespace()),
        false,
        log == null ? null : Text.first(files.readLink(CONTAINERS + "/" + log.file())),
        Map.of());
  }
}
