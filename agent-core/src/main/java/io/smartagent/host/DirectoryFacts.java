package io.smartagent.host;

import java.util.List;

/**
 * What is at a path of the host that has to be a directory.
 *
 * @param path on the host
 * @param state what was found
 * @param detail the part of the path that it was found at, or the error; empty for a directory
 * @param readOnly whether its mount is read-only
 * @param uid of its owner
 * @param gid of its group
 * @param tooClosed the levels of the path, itself among them, that not everybody may pass: with the
 *     mode in octal behind each
 * @param entries the names in it that were asked for and are there
 */
public record DirectoryFacts(
    String path,
    State state,
    String detail,
    boolean readOnly,
    int uid,
    int gid,
    List<String> tooClosed,
    List<String> entries) {

  /** What is at a path. */
  public enum State {
    DIRECTORY,
    ABSENT,
    LINK,
    NOT_A_DIRECTORY,
    UNREADABLE
  }

  /** Copies the lists. */
  public DirectoryFacts {
    tooClosed = List.copyOf(tooClosed);
    entries = List.copyOf(entries);
  }

  /** Returns whether it is there and a directory. */
  public boolean isDirectory() {
    return state == State.DIRECTORY;
  }
}
