package io.smartagent.modules.hostevents;

import org.jspecify.annotations.Nullable;

/** What has been counted between two looks at the kernel's counters. */
sealed interface CounterReport {

  /** Returns how many, at least 1. */
  long count();

  /**
   * Processes that were killed for want of memory.
   *
   * @param memoryCgroup the cgroup of a container or pod that counted them; null where none did, or
   *     has been removed since
   */
  record OomKills(@Nullable String memoryCgroup, long count) implements CounterReport {}

  /** Tasks that have not run for too long. */
  record HungTasks(long count) implements CounterReport {}
}
