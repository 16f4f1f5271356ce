package io.smartagent.host;

import java.util.List;

/**
 * An account of the host: passwd(5), group(5).
 *
 * @param name of the account
 * @param uid its number, unsigned
 * @param gid of its own group, unsigned
 * @param groups all its groups, its own one among them, ascending by unsigned number
 * @param home its directory
 */
public record HostUser(String name, int uid, int gid, List<Integer> groups, String home) {

  /** The root of any host, also of one whose passwd does not name it. */
  public static final HostUser ROOT = new HostUser("root", 0, 0, List.of(0), "/root");

  /** Copies the groups. */
  public HostUser {
    groups = List.copyOf(groups);
  }

  /** Returns this account with one group and no other: naming a group means just that one. */
  public HostUser withGroup(int group) {
    return new HostUser(name, uid, group, List.of(group), home);
  }
}
