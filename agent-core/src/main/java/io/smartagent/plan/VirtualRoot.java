package io.smartagent.plan;

import io.smartagent.config.Mode;
import java.util.Set;

/**
 * What the agent sees of the host, and how it gets there.
 *
 * @param mode never {@link Mode#AUTO}
 * @param modeReason why this one
 * @param remount whether the launch mounts anything
 * @param entry how it becomes the root
 * @param sealed whether the host becomes read-only
 * @param writable the directories of a sealed host that stay writable
 * @param home where the runtime is
 * @param homeIsData whether that is in the data directory
 */
record VirtualRoot(
    Mode mode,
    String modeReason,
    boolean remount,
    RootEntry entry,
    boolean sealed,
    Set<String> writable,
    String home,
    boolean homeIsData) {

  /** Copies the set. */
  VirtualRoot {
    writable = Set.copyOf(writable);
  }
}
