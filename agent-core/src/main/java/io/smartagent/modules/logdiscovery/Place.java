package io.smartagent.modules.logdiscovery;

/**
 * Where a log file is meant to be: after a rotation another file is there.
 *
 * @param namespace the mount namespace that the path is of, as the link /proc/PID/ns/mnt names it;
 *     {@link #HOST} for the host's
 * @param path as the processes of that namespace see it; on the host, from its root, also where a
 *     process has another one
 */
record Place(String namespace, String path) {

  static final String HOST = "host";

  static Place onHost(String path) {
    return new Place(HOST, path);
  }

  boolean isOnHost() {
    return namespace.equals(HOST);
  }

  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * Returns whether the file that was here may have been given the name {@code other} by a
   * rotation: {@code app.log} becomes {@code app.log.1} or {@code app-2026-03-01.log}. Anything
   * else is another file, with the number of one that was removed.
   */
  boolean mayBecome(Place other) {
    String name = name();
    int dot = name.indexOf('.', 1);
    return namespace.equals(other.namespace)
        && other.name().startsWith(dot < 0 ? name : name.substring(0, dot));
  }
}
