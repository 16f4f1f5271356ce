package io.smartagent.host;

import io.smartagent.config.Numbers;
import io.smartagent.config.UserSpec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The accounts in the texts of the host's passwd and group. Never through NSS: that would load the
 * host's libraries into a privileged process (CVE-2019-14271).
 */
public final class HostUsers {

  private static final int PASSWD_FIELDS = 7;
  private static final int GROUP_FIELDS = 4;

  private final String passwd;
  private final String group;

  /**
   * Returns the accounts in two texts.
   *
   * @param passwd as in passwd(5)
   * @param group as in group(5); empty without one
   */
  public HostUsers(String passwd, String group) {
    this.passwd = passwd;
    this.group = group;
  }

  /** Returns the first account with this name. */
  public Optional<HostUser> byName(String name) {
    return account(find(passwd, PASSWD_FIELDS, 0, name));
  }

  /** Returns the first account with this number. */
  public Optional<HostUser> byUid(long uid) {
    return account(find(passwd, PASSWD_FIELDS, 2, Long.toString(uid)));
  }

  /** Returns the number of the group with this name, or of this number. */
  public Optional<Integer> gid(String nameOrNumber) {
    return Numbers.parse(nameOrNumber, UserSpec.MAX_ID)
        .or(() ->
            find(group, GROUP_FIELDS, 0, nameOrNumber)
                .flatMap(fields -> Numbers.parse(fields[2], UserSpec.MAX_ID)))
        .map(Long::intValue);
  }

  /** Only a newline ends a line: a carriage return in a full name must not start one. */
  private static String[] lines(String text) {
    return text.split("\n", -1);
  }

  /** Returns the fields of the first line in which the one with this index is {@code wanted}. */
  private static Optional<String[]> find(String text, int fieldCount, int index, String wanted) {
    for (String line : lines(text)) {
      // A host may have tens of thousands of accounts: few lines are worth to be taken apart.
      if (line.contains(wanted)) {
        String[] fields = line.split(":", -1);
        if (fields.length == fieldCount && fields[index].equals(wanted)) {
          return Optional.of(fields);
        }
      }
    }
    return Optional.empty();
  }

  private Optional<HostUser> account(Optional<String[]> line) {
    if (line.isEmpty()) {
      return Optional.empty();
    }
    String[] fields = line.get();
    Optional<Long> uid = Numbers.parse(fields[2], UserSpec.MAX_ID);
    Optional<Long> gid = Numbers.parse(fields[3], UserSpec.MAX_ID);
    if (uid.isEmpty() || gid.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new HostUser(
            fields[0],
            uid.get().intValue(),
            gid.get().intValue(),
            groupsOf(fields[0], gid.get()),
            fields[5]));
  }

  /**
   * Returns the numbers below {@code limit} that a user or a group has, also one that is only the
   * group of a user.
   */
  public BitSet idsBelow(int limit) {
    BitSet ids = new BitSet(limit);
    addIds(ids, passwd, 4, limit);
    addIds(ids, group, 3, limit);
    return ids;
  }

  /** In both files the third field is the number; in passwd the fourth is the group's. */
  private static void addIds(BitSet ids, String text, int end, int limit) {
    for (String line : text.split("\n", -1)) {
      String[] fields = line.split(":", -1);
      for (int i = 2; i < Math.min(fields.length, end); i++) {
        Numbers.parse(fields[i], limit - 1L).ifPresent(id -> ids.set(id.intValue()));
      }
    }
  }

  private List<Integer> groupsOf(String name, long own) {
    TreeSet<Long> gids = new TreeSet<>();
    gids.add(own);
    for (int gid : groupsWithMember(name)) {
      gids.add(Integer.toUnsignedLong(gid));
    }
    List<Integer> ascending = new ArrayList<>();
    for (long gid : gids) {
      ascending.add((int) gid);
    }
    return ascending;
  }

  /** Returns the numbers of the groups that name a member, whether he has an account or not. */
  public List<Integer> groupsWithMember(String name) {
    List<Integer> gids = new ArrayList<>();
    for (String line : lines(group)) {
      if (line.contains(name)) {
        String[] fields = line.split(":", GROUP_FIELDS);
        if (fields.length == GROUP_FIELDS && hasMember(fields[3], name)) {
          Optional<Long> gid = Numbers.parse(fields[2], UserSpec.MAX_ID);
          if (gid.isPresent()) {
            gids.add(gid.get().intValue());
          }
        }
      }
    }
    return gids;
  }

  /** glibc skips blanks before a member, and takes those behind one for a part of his name. */
  private static boolean hasMember(String members, String name) {
    for (String member : members.split(",", -1)) {
      if (member.stripLeading().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A line of passwd that is no account.
   *
   * @param number of the line, from 1
   * @param name the text before its first colon
   */
  public record BrokenLine(int number, String name) {}

  /**
   * Returns the lines of passwd that are no accounts, ascending. Lines that NIS reads ({@code +},
   * {@code -}) and comments are none either, but nothing is wrong with them.
   */
  public List<BrokenLine> brokenLines() {
    List<BrokenLine> broken = new ArrayList<>();
    int number = 0;
    for (String line : lines(passwd)) {
      number++;
      if (!line.isBlank() && "+-#".indexOf(line.charAt(0)) < 0 && !isAccount(line)) {
        int colon = line.indexOf(':');
        broken.add(new BrokenLine(number, colon < 0 ? line : line.substring(0, colon)));
      }
    }
    return broken;
  }

  /**
   * Counts by hand: a host may have tens of thousands of accounts, and a person waits for the
   * start.
   */
  private static boolean isAccount(String line) {
    int second = line.indexOf(':', line.indexOf(':') + 1);
    int third = line.indexOf(':', second + 1);
    int fourth = line.indexOf(':', third + 1);
    int colons = 0;
    for (int i = line.indexOf(':'); i >= 0; i = line.indexOf(':', i + 1)) {
      colons++;
    }
    return colons == PASSWD_FIELDS - 1
        && line.indexOf(':') > 0
        && Numbers.parse(line.substring(second + 1, third), UserSpec.MAX_ID).isPresent()
        && Numbers.parse(line.substring(third + 1, fourth), UserSpec.MAX_ID).isPresent();
  }
}
