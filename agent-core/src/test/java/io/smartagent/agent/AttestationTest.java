package io.smartagent.agent;

import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.kernel.process.UserIds;
import io.smartagent.launch.LaunchRecord;
import io.smartagent.module.ModuleSettings;
import io.smartagent.telemetry.AttestationReport;
import io.smartagent.telemetry.AttestationReport.Check;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AttestationTest {

  private static final int NOBODY = 65534;
  private static final CapabilitySet KEPT = CapabilitySet.of(CAP_SYSLOG);
  private static final Check THREADS = new Check("other-threads", true, "none has any");

  private final RecordingKernel kernel = new RecordingKernel();

  @BeforeEach
  void launched() {
    kernel.capabilities(new ThreadCapabilities(KEPT, KEPT, KEPT, KEPT, KEPT));
    UserIds nobody = new UserIds(NOBODY, NOBODY, NOBODY);
    kernel.credentials(nobody, nobody, List.of(4));
    kernel.noNewPrivileges(true);
  }

  private AttestationReport attest(boolean sealed) throws InterruptedException {
    LaunchRecord record =
        new LaunchRecord(
            "1.2.3",
            sealed ? "read-only" : "full",
            sealed,
            List.of(),
            "nobody",
            NOBODY,
            NOBODY,
            false,
            KEPT,
            CapabilitySet.NONE,
            true,
            "127.0.0.1:9871",
            "/var/lib/bonree",
            "",
            List.of(),
            ModuleSettings.STANDARD,
            List.of());
    return new Attestation(
            kernel,
            record,
            new OpenDescriptors(List.of(), null),
            new StrayDescriptors(Path.of("/jre"), Set.of(), List.of()))
        .attest(THREADS);
  }

  @Test
  void passesWhereEveryPromiseHolds() throws Exception {
    AttestationReport report = attest(false);

    assertThat(report.failures()).isEmpty();
    assertThat(report.checks())
        .extracting(Check::name)
        .containsExactly(
            "other-threads",
            "stray-descriptors",
            "user",
            "no-new-privileges",
            "dropped-capabilities");
  }

  @Test
  void triesTheHostWhereItWasSealed() throws Exception {
    kernel.mountTable("100 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n");

    assertThat(attest(true).failures()).extracting(Check::name).containsExactly("sealed-host");
  }

  @Test
  void failsWhereTheUserCouldBecomeAnother() throws Exception {
    kernel.credentials(
        new UserIds(NOBODY, NOBODY, 0), new UserIds(NOBODY, NOBODY, NOBODY), List.of());

    AttestationReport report = attest(false);

    assertThat(report.passed()).isFalse();
    assertThat(report.failures().getFirst().detail()).contains("65534 65534 0");
  }

  @Test
  void failsWhereNoNewPrivilegesIsNotSet() throws Exception {
    kernel.noNewPrivileges(false);

    assertThat(attest(false).failures())
        .extracting(Check::name)
        .containsExactly("no-new-privileges");
  }

  @Test
  void doesNotPassWhatItCannotCheck() throws Exception {
    kernel.failOn("capget()", Errno.ENOSYS);

    AttestationReport report = attest(false);

    assertThat(report.failures()).extracting(Check::name).containsExactly("dropped-capabilities");
    assertThat(report.failures().getFirst().detail()).contains("capget(): ENOSYS");
  }
}
