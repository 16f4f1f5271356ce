package io.smartagent.modules.applicationdiscovery;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The versions in a process's environment, and nothing else of it: it is full of secrets.
 *
 * @param versions by the variable's name
 */
record Environment(Map<String, Version> versions) {

  /** Without any version. */
  static final Environment NONE = new Environment(Map.of());

  /** Copies the map. */
  Environment {
    versions = Map.copyOf(versions);
  }

  /**
   * Returns those of {@code names} that hold what looks like a version.
   *
   * @param environ the content of /proc/PID/environ
   */
  static Environment parse(byte[] environ, Set<String> names) {
    Map<String, Version> versions = new HashMap<>();
    int start = 0;
    for (int i = 0; i <= environ.length; i++) {
      if (i == environ.length || environ[i] == 0) {
        put(versions, new String(environ, start, i - start, StandardCharsets.UTF_8), names);
        start = i + 1;
      }
    }
    return new Environment(versions);
  }

  private static void put(Map<String, Version> versions, String assignment, Set<String> names) {
    int equals = assignment.indexOf('=');
    if (equals > 0 && names.contains(assignment.substring(0, equals))) {
      Version version = Version.of(assignment.substring(equals + 1), Version.Origin.ENVIRONMENT);
      if (version != null) {
        versions.putIfAbsent(assignment.substring(0, equals), version);
      }
    }
  }

  /**
   * Returns the first version of these variables that does not contradict the executable's path;
   * null where there is none.
   */
  @Nullable Version version(List<String> names, @Nullable Version inPath) {
    for (String name : names) {
      Version version = versions.get(name);
      if (version != null && (inPath == null || version.text().startsWith(inPath.text()))) {
        return version;
      }
    }
    return null;
  }
}
