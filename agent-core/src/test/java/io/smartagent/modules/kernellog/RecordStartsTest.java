package io.smartagent.modules.kernellog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RecordStartsTest {

  private final RecordStarts starts = new RecordStarts();

  private boolean believes(int priority, long stamp, long sequence, boolean understood) {
    boolean believed = starts.believes(new KernelLogLine(priority, stamp, sequence, "x"));
    starts.understood(believed && understood);
    return believed;
  }

  @Test
  void doesNotBelieveTheRestOfARecordThatMeansNothing() {
    assertThat(believes(3, 10, KernelLogLine.NO_SEQUENCE, false)).isTrue();
    assertThat(believes(3, 10, KernelLogLine.NO_SEQUENCE, true)).isFalse();
    assertThat(believes(3, 10, KernelLogLine.NO_SEQUENCE, true)).isFalse();
    assertThat(believes(3, 11, KernelLogLine.NO_SEQUENCE, true)).isTrue();
  }

  @Test
  void believesSentencesThatFollowEachOtherAtOnce() {
    assertThat(believes(3, 10, KernelLogLine.NO_SEQUENCE, true)).isTrue();
    assertThat(believes(3, 10, KernelLogLine.NO_SEQUENCE, true)).isTrue();
    assertThat(believes(4, 10, KernelLogLine.NO_SEQUENCE, true)).isTrue();
  }

  @Test
  void believesRecordsWithNumbers() {
    assertThat(believes(3, 10, 1, false)).isTrue();
    assertThat(believes(3, 10, 2, true)).isTrue();
  }
}
