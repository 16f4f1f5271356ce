package io.smartagent.needs;

import java.util.ArrayList;
import java.util.List;

/**
 * What is opened of the host and called of its kernel.
 *
 * @param paths that are read or written
 * @param mounts that have to be there
 * @param sockets that are opened
 * @param systemCalls by their names in syscalls(2), beside those that a JVM makes anyway
 */
public record HostAccess(
    List<HostPath> paths, List<Mount> mounts, List<Socket> sockets, List<String> systemCalls) {

  /** Nothing. */
  public static final HostAccess NONE = new HostAccess(List.of(), List.of(), List.of(), List.of());

  /** Copies the lists. */
  public HostAccess {
    paths = List.copyOf(paths);
    mounts = List.copyOf(mounts);
    sockets = List.copyOf(sockets);
    systemCalls = List.copyOf(systemCalls);
  }

  /** Returns this, with files and directories that are read too. */
  public HostAccess reads(String... more) {
    return reads(List.of(more));
  }

  /** Returns this, with files and directories that are read too. */
  public HostAccess reads(List<String> more) {
    return and(new HostAccess(paths(more, false), List.of(), List.of(), List.of()));
  }

  /** Returns this, with files and directories that are written too. */
  public HostAccess writes(String... more) {
    return and(new HostAccess(paths(List.of(more), true), List.of(), List.of(), List.of()));
  }

  private static List<HostPath> paths(List<String> paths, boolean writable) {
    List<HostPath> all = new ArrayList<>();
    for (String path : paths) {
      all.add(new HostPath(path, writable));
    }
    return all;
  }

  /** Returns this, with a file system that has to be mounted too. */
  public HostAccess mount(String type, String path) {
    return and(new HostAccess(List.of(), List.of(new Mount(type, path)), List.of(), List.of()));
  }

  /** Returns this, with a socket that is opened too. */
  public HostAccess socket(String family, String protocol) {
    return and(
        new HostAccess(List.of(), List.of(), List.of(new Socket(family, protocol)), List.of()));
  }

  /** Returns this, with system calls that are made too. */
  public HostAccess systemCalls(String... names) {
    return and(new HostAccess(List.of(), List.of(), List.of(), List.of(names)));
  }

  /** Returns this and {@code other} together. */
  public HostAccess and(HostAccess other) {
    return new HostAccess(
        joined(paths, other.paths),
        joined(mounts, other.mounts),
        joined(sockets, other.sockets),
        joined(systemCalls, other.systemCalls));
  }

  private static <T> List<T> joined(List<T> some, List<T> more) {
    List<T> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }

  /** Returns whether {@code path} is one of the paths or below one. */
  public boolean covers(String path) {
    for (HostPath each : paths) {
      if (each.covers(path)) {
        return true;
      }
    }
    return false;
  }
}
