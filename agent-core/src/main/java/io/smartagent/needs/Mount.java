package io.smartagent.needs;

/**
 * A file system that has to be mounted.
 *
 * @param type as filesystems(5) and Kubernetes' volumes have it, such as {@code cgroup2}
 * @param path that it is mounted at
 */
public record Mount(String type, String path) {}
