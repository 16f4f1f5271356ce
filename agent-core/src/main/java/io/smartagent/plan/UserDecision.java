package io.smartagent.plan;

import io.smartagent.host.HostUser;

/**
 * Whom the agent becomes, and why.
 *
 * @param user of the host
 * @param reason as a sentence
 */
public record UserDecision(HostUser user, String reason) {

  /** Returns whether it is root. */
  public boolean isRoot() {
    return user.uid() == 0;
  }
}
