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
    Optional<ProgramFacts> program) {

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
}
