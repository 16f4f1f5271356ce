package io.smartagent.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.integration.machine.HostState;
import org.junit.jupiter.api.Test;

/** What all the launches of the other tests have left on this machine: nothing. */
final class HostAfterwardsIT {

  @Test
  void isAsItWasBefore() throws Exception {
    assertThat(HostState.now()).isEqualTo(HostState.remembered());
  }
}
