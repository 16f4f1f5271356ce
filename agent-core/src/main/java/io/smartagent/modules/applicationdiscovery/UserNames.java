package io.smartagent.modules.applicationdiscovery;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names of the host's users by number, as its /etc/passwd has them. Never by NSS: its modules would
 * be the host's code in this process (CVE-2019-14271).
 */
record UserNames(Map<Long, String> byUid) {

  /** Without any user. */
  static final UserNames NONE = new UserNames(Map.of());

  /** Copies the names. */
  UserNames {
    byUid = Map.copyOf(byUid);
  }

  /**
   * Returns the users in {@code passwd}: passwd(5). The first line of a uid counts; broken ones do
   * not.
   */
  static UserNames parse(String passwd) {
    Map<Long, String> names = new HashMap<>();
    for (String line : passwd.split("\n", -1)) {
      String[] fields = line.split(":", 4);
      if (fields.length == 4 && !fields[0].isEmpty() && fields[2].matches("\\d{1,10}")) {
        names.putIfAbsent(Long.valueOf(fields[2]), fields[0]);
      }
    }
    return new UserNames(names);
  }

  /** Returns the user's name; null where the host has none. */
  @Nullable String name(long uid) {
    return byUid.get(uid);
  }
}
