package io.smartagent.modules.kernelstacks;

/**
 * A task that was found in uninterruptible sleep.
 *
 * @param pid the id of its process, in the host's namespace
 * @param tid its own id: the process's for a main thread
 * @param process the process's name (comm)
 * @param thread its own name (comm)
 * @param kernelThread whether it is the kernel's
 * @param startTicks when it started: an id may be another's later
 * @param switches how often it has been given up or taken off a processor: as long as that stays
 *     the same, it has not run
 */
record WaitingTask(
    int pid,
    int tid,
    String process,
    String thread,
    boolean kernelThread,
    long startTicks,
    long switches) {

  /** Returns whether the other is the same task, that has not run in between. */
  boolean isStill(WaitingTask other) {
    return tid == other.tid && startTicks == other.startTicks && switches == other.switches;
  }
}
