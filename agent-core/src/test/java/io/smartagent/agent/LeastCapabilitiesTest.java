package io.smartagent.agent;

import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.RecordingKernel;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.telemetry.AttestationReport.Check;
import org.junit.jupiter.api.Test;

final class LeastCapabilitiesTest {

  private static final CapabilitySet KEPT = CapabilitySet.of(CAP_SYSLOG, CAP_SYS_PTRACE);

  private final RecordingKernel kernel = new RecordingKernel();

  private Check checkWith(CapabilitySet permitted) throws Exception {
    kernel.capabilities(
        new ThreadCapabilities(permitted, permitted, permitted, permitted, permitted));
    return new LeastCapabilities(kernel.capabilities(), KEPT).check();
  }

  @Test
  void passesWhereNothingElseCanBeHadAgain() throws Exception {
    Check check = checkWith(KEPT);

    assertThat(check.passed()).isTrue();
    assertThat(check.detail()).contains("kept: SYSLOG SYS_PTRACE");
    assertThat(kernel.calls())
        .contains("prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN): EPERM")
        .allMatch(call -> call.endsWith(": EPERM"));
  }

  @Test
  void failsWhereADroppedCapabilityIsStillThere() throws Exception {
    Check check = checkWith(KEPT.with(CAP_SYS_ADMIN));

    assertThat(check.passed()).isFalse();
    assertThat(check.detail()).contains("SYS_ADMIN");
  }

  @Test
  void failsWhereAKeptCapabilityIsMissing() throws Exception {
    Check check = checkWith(CapabilitySet.of(CAP_SYSLOG));

    assertThat(check.passed()).isFalse();
    assertThat(check.detail()).contains("missing: SYS_PTRACE");
  }

  @Test
  void doesNotAskForAmbientCapabilitiesThatTheKernelDoesNotHave() throws Exception {
    kernel.withoutAmbientCapabilities();

    assertThat(checkWith(KEPT).passed()).isTrue();
  }
}
