package io.smartagent.kubernetes.audit;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads a pod's spec and annotations: core/v1 PodSpec of the Kubernetes API. */
final class PodReader {

  private static final String SECCOMP_OF_POD = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String SECCOMP = "container.seccomp.security.alpha.kubernetes.io/";
  private static final String APPARMOR = "container.apparmor.security.beta.kubernetes.io/";
  private static final int FIRST_UNPRIVILEGED_PORT = 1024;

  private final Field spec;
  private final Field security;
  private final Field annotations;
  private final Function<Field, Optional<String>> claimed;
  private final Map<String, HostVolume> hostPaths = new HashMap<>();

  /** A volume that is a path of the host. */
  private record HostVolume(String path, boolean readOnly) {}

  private PodReader(Field metadata, Field spec, Function<Field, Optional<String>> claimed) {
    this.claimed = claimed;
    this.spec = spec;
    this.security = spec.get("securityContext");
    this.annotations = metadata.get("annotations");
  }

  /**
   * Reads a pod with this metadata and spec.
   *
   * @param claimed says which path of the host is behind a volume that is a claim
   */
  static Pod read(Field metadata, Field spec, Function<Field, Optional<String>> claimed) {
    return new PodReader(metadata, spec, claimed).read();
  }

  private Pod read() {
    for (Field volume : spec.get("volumes").maps()) {
      Optional<HostVolume> hostVolume = hostVolume(volume);
      if (hostVolume.isPresent()) {
        hostPaths.put(volume.get("name").text().orElse(""), hostVolume.get());
      }
    }
    List<Container> containers = new ArrayList<>();
    for (ContainerType type :
        List.of(ContainerType.INIT, ContainerType.CONTAINER, ContainerType.EPHEMERAL)) {
      for (Field container : spec.get(type.list()).maps()) {
        containers.add(container(type, container));
      }
    }
    return new Pod(
        spec,
        spec.get("hostPID").isTrue(),
        spec.get("hostNetwork").isTrue(),
        spec.get("hostIPC").isTrue(),
        spec.get("hostUsers").bool().orElse(true),
        isWindows(),
        List.copyOf(containers));
  }

  private Optional<HostVolume> hostVolume(Field volume) {
    boolean readOnly = volume.get("persistentVolumeClaim").get("readOnly").isTrue();
    return volume
        .get("hostPath")
        .get("path")
        .text()
        .map(path -> new HostVolume(path, false))
        .or(() -> claimed.apply(volume).map(path -> new HostVolume(path, readOnly)));
  }

  private boolean isWindows() {
    return Stream.of(
            spec.get("os").get("name"),
            spec.get("nodeSelector").get("kubernetes.io/os"),
            spec.get("nodeSelector").get("beta.kubernetes.io/os"))
        .anyMatch(os -> os.text().filter("windows"::equals).isPresent());
  }

  private Container container(ContainerType list, Field container) {
    Field own = container.get("securityContext");
    String name = container.get("name").text().orElse("");
    boolean sidecar =
        list == ContainerType.INIT
            && container.get("restartPolicy").text().filter("Always"::equals).isPresent();
    List<String> added = own.get("capabilities").get("add").texts();
    Field user = firstPresent(own.get("runAsUser"), security.get("runAsUser"));
    List<String> arguments = container.get("args").texts();
    return new Container(
        container,
        sidecar ? ContainerType.SIDECAR : list,
        name,
        container.get("image").text().orElse(""),
        own,
        own.get("privileged").isTrue(),
        CapabilitySet.of(added.stream().map(Capability::parse).flatMap(Optional::stream).toList()),
        added.stream().anyMatch("ALL"::equalsIgnoreCase),
        own.get("allowPrivilegeEscalation").bool(),
        user.number(),
        user,
        firstPresent(own.get("runAsNonRoot"), security.get("runAsNonRoot")).isTrue(),
        Effective.firstOf(
            own.get("seccompProfile").get("type"),
            security.get("seccompProfile").get("type"),
            annotations.get(SECCOMP + name),
            annotations.get(SECCOMP_OF_POD)),
        Effective.firstOf(
            own.get("appArmorProfile").get("type"),
            security.get("appArmorProfile").get("type"),
            annotations.get(APPARMOR + name)),
        Effective.firstOf(
            own.get("seLinuxOptions").get("type"), security.get("seLinuxOptions").get("type")),
        container.get("volumeMounts").maps().stream().map(this::mount).toList(),
        environment(container),
        indirect(container),
        Stream.concat(container.get("command").texts().stream(), arguments.stream()).toList(),
        arguments,
        container.get("ports").maps().stream()
            .anyMatch(port ->
                port.get("containerPort").number().orElse(Long.MAX_VALUE)
                    < FIRST_UNPRIVILEGED_PORT));
  }

  private static Field firstPresent(Field first, Field second) {
    return first.isPresent() ? first : second;
  }

  private Mount mount(Field mount) {
    HostVolume volume = hostPaths.get(mount.get("name").text().orElse(""));
    boolean readOnly = mount.get("readOnly").isTrue() || (volume != null && volume.readOnly());
    String recursive = mount.get("recursiveReadOnly").text().orElse("Disabled");
    return new Mount(
        mount,
        volume == null ? null : hostPath(volume, mount),
        HostPaths.normalized(mount.get("mountPath").text().orElse("")),
        readOnly,
        readOnly && !recursive.equals("Disabled"),
        mount.get("mountPropagation").text().filter("Bidirectional"::equals).isPresent());
  }

  private static String hostPath(HostVolume volume, Field mount) {
    return HostPaths.normalized(volume.path() + "/" + mount.get("subPath").text().orElse(""));
  }

  private static Map<String, String> environment(Field container) {
    Map<String, String> environment = new HashMap<>();
    for (Field variable : container.get("env").maps()) {
      Optional<String> name = variable.get("name").text();
      name.ifPresent(key -> environment.put(key, variable.get("value").text().orElse("")));
    }
    return environment;
  }

  private static List<String> indirect(Field container) {
    Stream<String> variables =
        container.get("env").maps().stream()
            .filter(variable -> variable.get("valueFrom").isPresent())
            .flatMap(variable -> variable.get("name").text().stream());
    Stream<String> others = Stream.of("envFrom").filter(field -> container.get(field).isPresent());
    return Stream.concat(variables, others).toList();
  }
}
