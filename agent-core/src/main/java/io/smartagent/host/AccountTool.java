package io.smartagent.host;

/**
 * The host's own programs that make a group and a user, by their paths on the host.
 *
 * @param kind whose options they understand
 * @param addGroup makes a group
 * @param addUser makes a user
 */
public record AccountTool(Kind kind, String addGroup, String addUser) {

  /** Whose programs they are. */
  public enum Kind {
    /** groupadd(8) and useradd(8) of the shadow suite. */
    SHADOW,
    /** The applets addgroup and adduser of busybox; Debian has scripts of the same names. */
    BUSYBOX
  }
}
