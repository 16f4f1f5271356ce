package io.smartagent.host;

import java.util.List;
import java.util.Optional;

/**
 * What is known of the host's root before anything is changed.
 *
 * @param root the root itself
 * @param users the accounts of the host
 * @param directories those that the launch uses
 * @param entries what is directly in the root
 * @param program that {@code run} executes; empty for the built-in agent
 * @param layout what lies where, for mode minimal and for a change of paths
 * @param mounts what can be written through
 */
public record HostFacts(
    Root root,
    Users users,
    Directories directories,
    Entries entries,
    Optional<ProgramFacts> program,
    LayoutFacts layout,
    HostMounts mounts) {

  /** What is at the host root's mount point. */
  public enum State {
    ROOT,
    ABSENT,
    NOT_A_DIRECTORY,
    NOT_A_ROOT,
    UNREADABLE
  }

  /**
   * The root of the host.
   *
   * @param mountPoint where it is in the container
   * @param state what was found there
   * @param detail the error, or what is missing for a root; empty for a root
   * @param readOnly whether it is mounted read-only
   * @param isMountPoint whether something is mounted exactly there
   */
  public record Root(
      String mountPoint, State state, String detail, boolean readOnly, boolean isMountPoint) {}

  /**
   * The accounts of the host.
   *
   * @param passwd the accounts; empty where there is no readable /etc/passwd
   * @param detail why not
   * @param accounts what an account can be made with
   */
  public record Users(Optional<HostUsers> passwd, String detail, AccountFacts accounts) {}

  /**
   * The directories of the host that the launch uses.
   *
   * @param install the installation directory
   * @param runtime the agent's data directory
   * @param runtimeParent the directory that the data directory is in
   */
  public record Directories(
      DirectoryFacts install, DirectoryFacts runtime, DirectoryFacts runtimeParent) {}

  /**
   * What is directly in the root.
   *
   * @param pruned the entries that an agent has no business with, sorted, without links
   * @param hasProc whether /proc is a procfs
   * @param hasProcDirectory whether there is a /proc to mount one on
   * @param hasTmp whether there is a /tmp
   */
  public record Entries(
      List<PrunedEntry> pruned, boolean hasProc, boolean hasProcDirectory, boolean hasTmp) {

    /** Copies the list. */
    public Entries {
      pruned = List.copyOf(pruned);
    }
  }

  /**
   * An entry of / to hide.
   *
   * @param path on the host
   * @param directory whether it is a directory, else a file
   */
  public record PrunedEntry(String path, boolean directory) {}

  /** Returns these facts with another program and another layout. */
  public HostFacts with(Optional<ProgramFacts> otherProgram, LayoutFacts otherLayout) {
    return new HostFacts(root, users, directories, entries, otherProgram, otherLayout, mounts);
  }
}
