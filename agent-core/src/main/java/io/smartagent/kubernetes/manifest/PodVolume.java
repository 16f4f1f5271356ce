package io.smartagent.kubernetes.manifest;

import io.smartagent.config.Mode;
import io.smartagent.kubernetes.yaml.Yaml;
import java.util.ArrayList;
import java.util.List;

/**
 * A volume of the pod, and where it is in the container.
 *
 * @param name of the volume
 * @param type the field of a volume that says what is in it
 * @param source what is in it
 * @param mountPath in the container
 * @param readOnly whether the container can only read it
 * @param reason who needs it for what, as a sentence
 */
record PodVolume(
    String name,
    String type,
    Yaml.Mapping source,
    String mountPath,
    boolean readOnly,
    String reason) {

  /** The shortest that a kubelet keeps without asking for another one all the time. */
  private static final int TOKEN_SECONDS = 3600;

  /** Returns all volumes of a pod, those that others lie on first. */
  static List<PodVolume> of(DaemonSetPlan plan) {
    List<PodVolume> volumes = new ArrayList<>();
    if (plan.options().mode() == Mode.MINIMAL) {
      volumes.add(
          empty(
              "container-mnt",
              "/mnt",
              "launch: there is no root of the host to mount the others in."));
    }
    plan.mounts().forEach(mount -> volumes.add(ofHost(mount)));
    if (plan.usesApi()) {
      volumes.add(token(plan.options()));
    }
    if (plan.options().installer().isPresent()) {
      volumes.add(
          empty("container-tmp-dir", "/tmp/apm", "installed agent: shared with applications."));
    }
    return volumes;
  }

  private static PodVolume empty(String name, String path, String reason) {
    return new PodVolume(name, "emptyDir", Yaml.map(), path, false, reason);
  }

  private static PodVolume ofHost(HostMount mount) {
    Yaml.Mapping hostPath = Yaml.map().put("path", mount.path());
    if (mount.create()) {
      hostPath.put("type", "DirectoryOrCreate");
    }
    return new PodVolume(
        mount.name(), "hostPath", hostPath, mount.mountPath(), mount.readOnly(), mount.reason());
  }

  /**
   * Where the agent finds it, whether or not the launch may mount: so no mode needs another way.
   */
  private static PodVolume token(ManifestOptions options) {
    Yaml.Mapping token =
        Yaml.map()
            .put(
                "serviceAccountToken",
                Yaml.map().put("path", "token").put("expirationSeconds", TOKEN_SECONDS));
    Yaml.Mapping authority =
        Yaml.map()
            .put(
                "configMap",
                Yaml.map()
                    .put("name", "kube-root-ca.crt")
                    .put(
                        "items",
                        Yaml.list().add(Yaml.map().put("key", "ca.crt").put("path", "ca.crt"))));
    Yaml.Mapping namespace =
        Yaml.map()
            .put(
                "downwardAPI",
                Yaml.map()
                    .put(
                        "items",
                        Yaml.list()
                            .add(
                                Yaml.map()
                                    .put("path", "namespace")
                                    .put(
                                        "fieldRef",
                                        Yaml.map().put("fieldPath", "metadata.namespace")))));
    return new PodVolume(
        "api-access",
        "projected",
        Yaml.map().put("sources", Yaml.list().add(token).add(authority).add(namespace)),
        HostMount.HOST_ROOT + options.runtimeDirectory() + "/serviceaccount",
        true,
        "agent: its account's token, where the agent finds it also if nothing may be mounted;"
            + " kubelet renews it.");
  }

  /** Returns the volume as the pod has it. */
  Yaml.Mapping volume() {
    return Yaml.map().put("name", name).put(type, source);
  }
}
