package io.smartagent.modules.hostevents;

import org.jspecify.annotations.Nullable;

/** What the kernel has said of one thing that went wrong. */
sealed interface KernelReport {

  /** Returns when the decisive line was written, in microseconds of the log's clock. */
  long microseconds();

  /**
   * A process that the kernel killed for want of memory.
   *
   * @param pid of the victim, in the host's namespace
   * @param process the victim's name (comm), 15 bytes at most
   * @param uid of the victim; null where this kernel does not tell
   * @param scope what had run out of memory
   * @param exhausted the path of the memory cgroup that had reached its limit; null for the machine
   * @param memoryCgroup the path of the victim's memory cgroup; null where the kernel did not tell
   * @param limitBytes the limit of the exhausted cgroup; null where none is known
   * @param totalVmBytes the victim's address space
   * @param anonRssBytes the victim's resident anonymous memory
   */
  record OomKill(
      long microseconds,
      int pid,
      String process,
      @Nullable Long uid,
      OomScope scope,
      @Nullable String exhausted,
      @Nullable String memoryCgroup,
      @Nullable Long limitBytes,
      long totalVmBytes,
      long anonRssBytes)
      implements KernelReport {}

  /**
   * A task that has not run for too long while it waited in the kernel.
   *
   * @param pid the task's id (a thread's), in the host's namespace
   * @param process the task's name (comm)
   * @param blockedSeconds for how long, at least
   * @param inIoWait whether it waits for input or output, as far as this kernel tells
   * @param blocker what the kernel says of who is likely to hold the lock; null where it says
   *     nothing
   */
  record HungTask(
      long microseconds,
      int pid,
      String process,
      long blockedSeconds,
      boolean inIoWait,
      @Nullable Blocker blocker)
      implements KernelReport {}

  /** Who is likely to hold the lock that a hung task waits for. */
  record Blocker(int pid, String process, String lock) {}
}
