package io.smartagent.modules.containermetrics;

/**
 * What a container may use.
 *
 * @param memoryBytes 0 where there is no limit, as cAdvisor has it; {@link KeyedText#ABSENT} where
 *     the control groups do not say
 * @param cpuQuotaMicroseconds of CPU time in each period; {@link KeyedText#ABSENT} without a limit
 * @param cpuPeriodMicroseconds how long a period is; {@link KeyedText#ABSENT} where it is unknown
 * @param threads 0 where there is no limit; {@link KeyedText#ABSENT} where it is unknown
 */
record Limits(
    long memoryBytes, long cpuQuotaMicroseconds, long cpuPeriodMicroseconds, long threads) {

  /** The kernel's word for no limit in version 1: PAGE_COUNTER_MAX in whole pages of any size. */
  private static final long NO_MEMORY_LIMIT = 0x7fff_ffff_0000_0000L;

  /** Returns the memory limit of a number in memory.limit_in_bytes. */
  static long memoryOfVersion1(long limit) {
    return limit >= NO_MEMORY_LIMIT ? 0 : limit;
  }

  /** Returns the limit in a file that holds a number or {@code max}. */
  static long orMax(byte[] text) {
    return text.length >= 3 && text[0] == 'm' && text[1] == 'a' && text[2] == 'x'
        ? 0
        : KeyedText.number(text);
  }
}
