package io.smartagent.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.ThreadCapabilities;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class AttemptsTest {

  private final RecordingKernel kernel = new RecordingKernel();

  @Test
  void leavesAnAttemptThatHangsAndMakesTheNext() throws Exception {
    Semaphore serverIsBack = new Semaphore(0);
    try (Attempts attempts = new Attempts(kernel, Duration.ofSeconds(1))) {
      assertThatThrownBy(() ->
              attempts.make(() -> {
                serverIsBack.acquireUninterruptibly();
                return "";
              }))
          .isInstanceOf(TimeoutException.class);
      assertThat(attempts.make(() -> "made")).isEqualTo("made");
    } finally {
      serverIsBack.release();
    }
  }

  @Test
  void throwsWhatTheKernelSaid() {
    ErrnoException refusal = new ErrnoException("mkdir(\"/etc\")", Errno.EROFS);
    try (Attempts attempts = new Attempts(kernel, Duration.ofSeconds(30))) {
      assertThatThrownBy(() ->
              attempts.make(() -> {
                throw refusal;
              }))
          .isSameAs(refusal);
    }
  }

  @Test
  void triesWithEverythingThatIsPermitted() throws Exception {
    CapabilitySet kept = CapabilitySet.of(Capability.CAP_DAC_READ_SEARCH);
    kernel.capabilities(
        new ThreadCapabilities(CapabilitySet.NONE, kept, kept, kept, CapabilitySet.NONE));
    try (Attempts attempts = new Attempts(kernel, Duration.ofSeconds(30))) {
      assertThat(attempts.make(() -> kernel.capabilities().read().effective())).isEqualTo(kept);
    }
  }
}
