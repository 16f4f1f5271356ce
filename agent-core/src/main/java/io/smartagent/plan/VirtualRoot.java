package io.smartagent.plan;

import io.smartagent.config.Mode;
import java.util.Optional;
import java.util.Set;

/**
 * What the agent sees of the host, and how it gets there.
 *
 * @param mode never {@link Mode#AUTO}
 * @param remount whether the launch mounts anything
 * @param entry how it becomes the root
 * @param tree what it is made of, where anything is mounted
 * @param seal how the host becomes read-only; empty where it does not
 * @param runtime where the agent's runtime is
 */
record VirtualRoot(
    Mode mode,
    boolean remount,
    RootEntry entry,
    RootTree tree,
    Optional<TreeSeal> seal,
    RuntimeHome runtime) {

  /** Returns whether the host becomes read-only. */
  boolean sealed() {
    return seal.isPresent();
  }

  /** Returns the directories of a sealed host that stay writable. */
  Set<String> writable() {
    return seal.isPresent() ? seal.get().writableWithTmp() : Set.of();
  }
}
