package io.smartagent.host;

import java.util.List;
import java.util.Optional;

/**
 * What is known of the host's root before anything is changed.
 *
 * @param mountPoint where it is in the container
 * @param state what was found there
 * @param detail the error, or what is missing for a root; empty for a root
 * @param readOnly whether it is mounted read-only
 * @param isMountPoint whether something is mounted exactly there
 * @param passwd the accounts; empty where there is no readable /etc/passwd
 * @param passwdDetail why not
 * @param install the installation directory
 * @param runtime the agent's data directory
 * @param runtimeParent the directory that the data directory is in
 * @param pruned the entries of / that an agent has no business with, sorted, links left out
 * @param hasProc whether /proc is a procfs
 * @param hasProcDirectory whether there is a /proc to mount one on
 * @param hasTmp whether there is a /tmp
 * @param program that {@code run} shall become; empty for the built-in agent
 * @param layout what lies where, for mode minimal and for a change of paths
 * @param accounts what an account can be made with
 * @param mounts what can be written through
 */
public record HostFacts(
    String mountPoint,
    State state,
    String detail,
    boolean readOnly,
    boolean isMountPoint,
    Optional<HostUsers> passwd,
    String passwdDetail,
    DirectoryFacts install,
    DirectoryFacts runtime,
    DirectoryFacts runtimeParent,
    List<PrunedEntry> pruned,
    boolean hasProc,
    boolean hasProcDirectory,
    boolean hasTmp,
    Optional<ProgramFacts> program,
    LayoutFacts layout,
    AccountFacts accounts,
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
   * An entry of / to hide.
   *
   * @param path on the host
   * @param directory whether it is a directory, else a file
   */
  public record PrunedEntry(String path, boolean directory) {}

  /** Copies the list. */
  public HostFacts {
    pruned = List.copyOf(pruned);
  }

  /** Returns these facts with another program and another layout. */
  public HostFacts with(Optional<ProgramFacts> otherProgram, LayoutFacts otherLayout) {
    return new HostFacts(
        mountPoint,
        state,
        detail,
        readOnly,
        isMountPoint,
        passwd,
        passwdDetail,
        install,
        runtime,
        runtimeParent,
        pruned,
        hasProc,
        hasProcDirectory,
        hasTmp,
        otherProgram,
        otherLayout,
        accounts,
        mounts);
  }
}
