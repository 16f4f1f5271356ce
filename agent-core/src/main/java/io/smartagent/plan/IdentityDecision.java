package io.smartagent.plan;

/**
 * What the launching thread becomes: its user, its capabilities, and what locks both.
 *
 * @param user that the agent becomes
 * @param setGroups whether the container may set groups
 * @param setUser whether the container may set users
 * @param capabilities what becomes of them
 * @param carrier of the kept capabilities over the execve
 * @param locks that keep dropped privileges from coming back
 */
public record IdentityDecision(
    UserDecision user,
    boolean setGroups,
    boolean setUser,
    CapabilityDecision capabilities,
    CapabilityCarrier carrier,
    PrivilegeLocks locks) {

  /** Of a launch that is refused: nothing is kept and nothing is locked. */
  static IdentityDecision refused(UserDecision user) {
    return new IdentityDecision(
        user, false, false, CapabilityDecision.NONE, CapabilityCarrier.USER, PrivilegeLocks.NONE);
  }
}
