package io.smartagent.kubernetes.audit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Paths of the host, as volumes name them. */
final class HostPaths {

  /** Parts of what is dangerous as a whole, that agents mount to write their own there. */
  private static final List<String> HARMLESS =
      List.of("/sys/fs/bpf", "/sys/kernel/debug", "/sys/kernel/tracing", "/sys/fs/pstore");

  private HostPaths() {}

  /**
   * Returns the path without {@code .}, {@code ..} and slashes too many, and as it is on today's
   * hosts: /var/run is a link to /run.
   */
  static String normalized(String path) {
    Deque<String> names = new ArrayDeque<>();
    for (String name : path.split("/", -1)) {
      if (name.equals("..")) {
        names.pollLast();
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.addLast(name);
      }
    }
    String normal = "/" + String.join("/", names);
    return contains("/var/run", normal) ? normal.substring("/var".length()) : normal;
  }

  /** Returns whether {@code path} is {@code directory} or lies below it. */
  static boolean contains(String directory, String path) {
    return directory.equals("/")
        || path.equals(directory)
        || (path.startsWith(directory) && path.charAt(directory.length()) == '/');
  }

  /** Returns whether it is a part of a dangerous path that is not dangerous itself. */
  static boolean isHarmless(String path) {
    return HARMLESS.stream().anyMatch(harmless -> contains(harmless, path));
  }
}
