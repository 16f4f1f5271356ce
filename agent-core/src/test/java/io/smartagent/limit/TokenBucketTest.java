package io.smartagent.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TokenBucketTest {

  private static final long SECOND = 1_000_000_000;

  @Test
  void allowsANumberAtOnceAndARateAfterThat() {
    long time = -5;
    TokenBucket bucket = TokenBucket.perSecond(3, 2, time);

    assertThat(bucket.tryTake(3, time)).isTrue();
    assertThat(bucket.tryTake(time)).isFalse();

    time += SECOND / 2;
    assertThat(bucket.tryTake(time)).isTrue();
    assertThat(bucket.tryTake(time)).isFalse();

    time += 3600 * SECOND;
    assertThat(bucket.tryTake(4, time)).isFalse();
    assertThat(bucket.tryTake(3, time)).isTrue();
  }
}
