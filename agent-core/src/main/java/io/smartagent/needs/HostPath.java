package io.smartagent.needs;

/**
 * A file or a directory of the host, with all below it.
 *
 * @param path on the host, absolute
 * @param writable whether it is written to
 */
public record HostPath(String path, boolean writable) {

  /** Returns whether {@code other} is this path or below it. */
  public boolean covers(String other) {
    return other.startsWith(path)
        && (path.endsWith("/")
            || other.length() == path.length()
            || other.charAt(path.length()) == '/');
  }
}
