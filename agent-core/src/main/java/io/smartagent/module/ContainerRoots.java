package io.smartagent.module;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Directories of the host that a container runtime keeps its state in, beside the usual ones.
 *
 * @param paths by the runtime's name
 */
public record ContainerRoots(Map<String, List<String>> paths) {

  /** The runtimes that a root can be given for. */
  public static final List<String> RUNTIMES =
      List.of("containerd", "cri-o", "crun", "docker", "podman", "runc");

  /** Copies the map. */
  public ContainerRoots {
    paths = Map.copyOf(paths);
  }

  /** Returns the roots that were given for a runtime, in their order; empty where none was. */
  public List<String> of(String runtime) {
    return paths.getOrDefault(runtime, List.of());
  }

  /**
   * Returns the roots in {@code RUNTIME=PATH[,RUNTIME=PATH...]}, each once and without a slash at
   * its end; empty where the text is something else.
   */
  public static Optional<ContainerRoots> parse(String text) {
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
    return Optional.of(new ContainerRoots(roots));
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
