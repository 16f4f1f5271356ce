package io.smartagent.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The user that {@code --user} names.
 *
 * @param name of the user, or its number as text
 * @param group by name or number; null where the user's own is meant
 */
public record UserSpec(String name, @Nullable String group) {

  /** (uid_t) -1 means "leave it alone" to the kernel, so no user has it. */
  public static final long MAX_ID = 0xffff_fffeL;

  /** Returns the user's number where it was given as one. */
  public Optional<Long> uid() {
    return Numbers.parse(name, MAX_ID);
  }

  /** Returns whether root is named, as every host calls it. */
  public boolean isRoot() {
    return name.equals("root") || uid().filter(uid -> uid == 0).isPresent();
  }

  /** Returns the user as it was written. */
  @Override
  public String toString() {
    return group == null ? name : name + ":" + group;
  }
}
