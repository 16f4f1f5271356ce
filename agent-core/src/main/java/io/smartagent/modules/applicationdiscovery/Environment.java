package io.smartagent.modules.applicationdiscovery;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes a version out of a process's environment, and nothing else: it is full of secrets. */
final class Environment {

  /** Whatever does not look like this is no version. */
  private static final Pattern VERSION =
      Pattern.compile(
          "[vV]?\\d{1,6}(?:[a-z]{1,2}\\d{1,6})?(?:[._+-][A-Za-z0-9]{1,20}){0,6}|jdk-?[\\w.+-]{1,30}");

  private Environment() {}

  /**
   * Returns the first version that one of these variables holds; null where none does.
   *
   * @param environ the content of /proc/PID/environ
   * @param names of the variables that may be looked at
   */
  static @Nullable String version(byte[] environ, Collection<String> names) {
    if (names.isEmpty()) {
      return null;
    }
    for (String assignment : new String(environ, StandardCharsets.UTF_8).split("\0", -1)) {
      int equals = assignment.indexOf('=');
      if (equals > 0 && names.contains(assignment.substring(0, equals))) {
        String value = assignment.substring(equals + 1);
        if (VERSION.matcher(value).matches()) {
          return value;
        }
      }
    }
    return null;
  }
}
