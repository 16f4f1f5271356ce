package io.smartagent.probe;

import org.jspecify.annotations.Nullable;

/**
 * Whether the container has an ability.
 *
 * @param ability that was tried
 * @param available whether it worked
 * @param blockedBy what stood between; null where it worked
 * @param detail the call and its error, and what they mean; null where it worked
 */
public record AbilityFact(
    Ability ability, boolean available, @Nullable Blocker blockedBy, @Nullable String detail) {

  /** Returns that it worked. */
  public static AbilityFact available(Ability ability) {
    return new AbilityFact(ability, true, null, null);
  }

  /** Returns that it did not work. */
  public static AbilityFact blocked(Ability ability, Blocker blocker, String detail) {
    return new AbilityFact(ability, false, blocker, detail);
  }
}
