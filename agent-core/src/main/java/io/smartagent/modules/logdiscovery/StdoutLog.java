package io.smartagent.modules.logdiscovery;

import io.smartagent.module.ContainerIdentity;
import io.smartagent.modules.cgroup.CgroupLevel;
import io.smartagent.modules.cgroup.CgroupOwner;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file that a container runtime writes what a container prints to, and what its path tells of the
 * container. Only paths of the host are believed: in a container anybody may make such a one.
 *
 * @param containerId null where the path has none
 * @param runtime "docker" where the path is Docker's; null where it does not tell
 * @param namespace of its pod; null where the path names none
 * @param pod its pod; null where the path names none
 * @param podUid its pod's uid; null where the path names none
 * @param container its name in the pod; null where the path names none
 */
record StdoutLog(
    @Nullable String containerId,
    @Nullable String runtime,
    @Nullable String namespace,
    @Nullable String pod,
    @Nullable String podUid,
    @Nullable String container) {

  /** kubelet's pkg/kubelet/kuberuntime: BuildPodLogsDirectory, BuildContainerLogsDirectory. */
  private static final Pattern POD =
      Pattern.compile(".*/log/pods/([^_/]+)_([^_/]+)_([^_/]+)/([^_/]+)/[0-9]+\\.log");

  private static final Pattern DOCKER =
      Pattern.compile(".*/containers/([0-9a-f]{64})/\\1-json\\.log");

  /** containers/storage: of Podman's driver k8s-file. */
  private static final Pattern STORAGE =
      Pattern.compile(".*/[a-z]+-containers/([0-9a-f]{64})/userdata/ctr\\.log");

  /** Returns what the path of a file on the host tells; null where it is none of these. */
  static @Nullable StdoutLog of(String path) {
    Matcher pod = POD.matcher(path);
    if (pod.matches()) {
      return new StdoutLog(null, null, pod.group(1), pod.group(2), pod.group(3), pod.group(4));
    }
    Matcher docker = DOCKER.matcher(path);
    if (docker.matches()) {
      return new StdoutLog(docker.group(1), "docker", null, null, null, null);
    }
    Matcher storage = STORAGE.matcher(path);
    return storage.matches() ? new StdoutLog(storage.group(1), null, null, null, null, null) : null;
  }

  /** Returns this with what another path to the same file tells. */
  StdoutLog and(@Nullable StdoutLog other) {
    return other == null
        ? this
        : new StdoutLog(
            first(containerId, other.containerId),
            first(runtime, other.runtime),
            first(namespace, other.namespace),
            first(pod, other.pod),
            first(podUid, other.podUid),
            first(container, other.container));
  }

  private static @Nullable String first(@Nullable String one, @Nullable String two) {
    return one == null ? two : one;
  }

  /** Returns this with the container's id. */
  StdoutLog withContainer(@Nullable String id) {
    return new StdoutLog(first(containerId, id), runtime, namespace, pod, podUid, container);
  }

  /** Returns whose it is. */
  CgroupOwner owner() {
    return new CgroupOwner(CgroupLevel.CONTAINER, containerId, runtime, podUid);
  }

  /**
   * Returns what is known of the container, with the names that its runtime does not tell.
   *
   * @param known what a runtime tells; null where none does
   * @return null where nothing is known
   */
  @Nullable ContainerIdentity identity(@Nullable ContainerIdentity known) {
    if (pod == null || (known != null && known.podName() != null)) {
      return known;
    }
    return known == null
        ? new ContainerIdentity(
            containerId == null ? "" : containerId,
            runtime,
            container,
            null,
            podUid,
            pod,
            namespace,
            false,
            null,
            Map.of())
        : new ContainerIdentity(
            known.id(),
            known.runtime(),
            container,
            known.image(),
            podUid,
            pod,
            namespace,
            known.sandbox(),
            known.logPath(),
            known.labels());
  }
}
