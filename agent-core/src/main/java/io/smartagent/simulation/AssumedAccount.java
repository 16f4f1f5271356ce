package io.smartagent.simulation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How an assumed container has the token of its pod's ServiceAccount. */
enum AssumedAccount {
  /** Not at all. */
  NONE("none"),
  /** Where kubelet mounts it by itself. */
  AUTOMOUNTED("automounted"),
  /** As a projected volume below the runtime data directory. */
  PROJECTED("projected");

  private final String id;

  AssumedAccount(String id) {
    this.id = id;
  }

  /** Returns the value of {@code --assume}. */
  String id() {
    return id;
  }

  static List<String> ids() {
    return Arrays.stream(values()).map(AssumedAccount::id).toList();
  }

  static Optional<AssumedAccount> of(String id) {
    return Arrays.stream(values()).filter(account -> account.id.equals(id)).findFirst();
  }
}
