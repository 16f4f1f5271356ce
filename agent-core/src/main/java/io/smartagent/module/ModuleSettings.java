package io.smartagent.module;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the user has set for modules.
 *
 * @param containerRoots directories of the host that a container runtime keeps its state in, beside
 *     the usual ones, by the runtime's name
 * @param blockedAfter how long a task has to wait uninterruptibly to be reported
 * @param kubernetes what is asked of Kubernetes
 * @param logs which pods' logs are told
 */
public record ModuleSettings(
    Map<String, List<String>> containerRoots,
    Duration blockedAfter,
    KubernetesSettings kubernetes,
    LogFilter logs) {

  /** The runtimes that a root can be given for. */
  public static final List<String> RUNTIMES =
      List.of("containerd", "cri-o", "crun", "docker", "podman", "runc");

  /** The longest time that a task can be given, in seconds: a day. */
  public static final int LONGEST_BLOCKED = 86_400;

  /** What holds where nothing is set. */
  public static final ModuleSettings STANDARD =
      new ModuleSettings(Map.of(), Duration.ofSeconds(30), KubernetesSettings.STANDARD);

  /** Copies the map. */
  public ModuleSettings {
    containerRoots = Map.copyOf(containerRoots);
  }

  /** Returns settings that leave no pod's logs out. */
  public ModuleSettings(
      Map<String, List<String>> containerRoots,
      Duration blockedAfter,
      KubernetesSettings kubernetes) {
    this(containerRoots, blockedAfter, kubernetes, LogFilter.STANDARD);
  }

  /** Returns the roots that were given for a runtime, in their order; empty where none was. */
  public List<String> rootsOf(String runtime) {
    return containerRoots.getOrDefault(runtime, List.of());
  }

  /**
   * Returns the roots in {@code RUNTIME=PATH[,RUNTIME=PATH...]}, each once and without a slash at
   * its end; empty where the text is something else.
   */
  public static Optional<Map<String, List<String>>> parseRoots(String text) {
    Map<String, List<String>> roots = new LinkedHashMap<>();
    for (String entry : text.split(",", -1)) {
      int equals = entry.indexOf('=');
      String runtime = equals < 0 ? "" : entry.substring(0, equals).strip();
      String path = withoutSpareSlashes(entry.substring(equals + 1).strip());
      if (entry.isBlank()) {
        continue;
      }
      if (!RUNTIMES.contains(runtime) || !isPlainPath(path)) {
        return Optional.empty();
      }
      List<String> paths = roots.computeIfAbsent(runtime, name -> new ArrayList<>());
      if (!paths.contains(path)) {
        paths.add(path);
      }
    }
    return Optional.of(roots);
  }

  /** Without those before another one and at the end; no regex, as this is on the way to exec. */
  private static String withoutSpareSlashes(String path) {
    StringBuilder clean = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      boolean spare =
          path.charAt(i) == '/' && (i + 1 == path.length() || path.charAt(i + 1) == '/');
      if (!spare) {
        clean.append(path.charAt(i));
      }
    }
    return clean.toString();
  }

  private static boolean isPlainPath(String path) {
    return path.startsWith("/")
        && !List.of(path.split("/", -1)).contains("..")
        && path.chars().noneMatch(letter -> letter < ' ');
  }
}
