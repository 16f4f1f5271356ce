package io.smartagent.modules.containermetrics;

import java.util.List;

/**
 * What a container has used so far, and uses now, as its control groups count it; {@link
 * KeyedText#ABSENT} for what they do not count. With what control groups below it have used.
 *
 * @param cpuNanoseconds of all processors
 * @param userNanoseconds of them in user mode
 * @param systemNanoseconds of them in the kernel
 * @param periods of the CPU's bandwidth control in which it wanted to run
 * @param throttledPeriods of them in which it was kept from running
 * @param throttledNanoseconds for which its threads were
 * @param memoryBytes charged to it, caches too
 * @param workingSetBytes of them without file pages that have not been used lately
 * @param rssBytes of anonymous memory
 * @param cacheBytes of file pages
 * @param oomKills processes that the kernel killed for lack of memory in it
 * @param devices by the block device's number
 * @param threads that there are
 * @param paused whether it is frozen
 */
record Usage(
    long cpuNanoseconds,
    long userNanoseconds,
    long systemNanoseconds,
    long periods,
    long throttledPeriods,
    long throttledNanoseconds,
    long memoryBytes,
    long workingSetBytes,
    long rssBytes,
    long cacheBytes,
    long oomKills,
    List<DeviceTraffic> devices,
    long threads,
    boolean paused) {

  /** As cAdvisor has it: never below zero, because the two numbers are read one after the other. */
  static long workingSet(long memory, long inactiveFile) {
    return memory < 0 || inactiveFile < 0 ? KeyedText.ABSENT : Math.max(0, memory - inactiveFile);
  }
}
