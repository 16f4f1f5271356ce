package io.smartagent.plan;

import io.smartagent.host.HostUser;
import java.util.Optional;

/**
 * The user that the agent becomes, and why.
 *
 * @param user of the host
 * @param reason as a sentence
 * @param account that has to be made on the host first; empty where the user is there
 */
public record UserDecision(HostUser user, String reason, Optional<NewAccount> account) {

  /** A user that exists. */
  public UserDecision(HostUser user, String reason) {
    this(user, reason, Optional.empty());
  }

  /** Returns whether it is root. */
  public boolean isRoot() {
    return user.uid() == 0;
  }
}
