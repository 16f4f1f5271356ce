package io.smartagent.modules.container;

import java.util.List;

/** What {@link Containers} reads of the host, without those that were set as container roots. */
public final class RuntimePaths {

  /** State and configuration of container runtimes, and kubelet's log directories. */
  public static final List<String> ALL =
      List.of(
          "/etc/containers/storage.conf",
          "/etc/docker/daemon.json",
          "/run/containerd",
          "/run/containers/storage",
          "/run/crun",
          "/run/k0s/containerd",
          "/run/k3s/containerd",
          "/run/runc",
          "/usr/share/containers/storage.conf",
          "/var/lib/containers/storage",
          "/var/lib/docker",
          "/var/log/containers",
          "/var/log/pods",
          "/var/snap/docker/common/var-lib-docker",
          "/var/snap/microk8s/common/run/containerd");

  private RuntimePaths() {}
}
