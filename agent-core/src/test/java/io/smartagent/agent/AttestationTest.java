package io.smartagent.agent;

import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.process.UserIds;
import io.smartagent.kernel.security.AccessRight;
import io.smartagent.launch.LaunchRecord;
import io.smartagent.telemetry.AttestationReport;
import io.smartagent.telemetry.AttestationReport.Check;
import java.nio.file.Path;
import java.util.EnumSet;
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
    return attest(sealed, sealed ? "remount" : "none");
  }

  private AttestationReport attest(boolean sealed, String seal) throws InterruptedException {
    LaunchRecord record =
        new LaunchRecord(
            "1.2.3",
            new LaunchRecord.Root(
                sealed ? "read-only" : "full", sealed, List.of(), seal, List.of("/boot"), 0),
            new LaunchRecord.User("nobody", NOBODY, NOBODY, false),
            new LaunchRecord.Privileges(KEPT, CapabilitySet.NONE, true),
            new LaunchRecord.Node("", "127.0.0.1:9871", "/var/lib/bonree", null),
            new LaunchRecord.Decisions(List.of(), List.of()),
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

  private static final String YAML_MOUNTS =
      """
      100 1 8:1 / / ro,relatime - ext4 /dev/sda1 rw
      101 100 8:2 / /boot rw,relatime - vfat /dev/sda2 rw
      """;

  @Test
  void triesTheMountsOfTheYamlWhereNothingWasSealed() throws Exception {
    kernel.mountTable(YAML_MOUNTS);

    AttestationReport report = attest(false, "mounts");

    assertThat(report.failures()).isEmpty();
    assertThat(report.checks()).extracting(Check::name).contains("read-only-mounts");
    assertThat(kernel.calls()).anyMatch(call -> call.startsWith("mkdir(\"/.smartagent-attest"));
  }

  @Test
  void failsWhereTheRootThatTheYamlMadeReadOnlyIsNot() throws Exception {
    kernel.mountTable(YAML_MOUNTS.replace("/ / ro", "/ / rw"));

    assertThat(attest(false, "mounts").failures())
        .extracting(Check::name)
        .containsExactly("read-only-mounts");
  }

  @Test
  void namesTheMountThatWasNotThereWhenTheLaunchWasPlanned() throws Exception {
    kernel.mountTable(YAML_MOUNTS + "102 100 8:3 / /srv rw - ext4 /dev/sda3 rw\n");

    AttestationReport report = attest(false, "mounts");

    assertThat(report.passed()).isTrue();
    assertThat(report.checks())
        .anySatisfy(check ->
            assertThat(check.detail()).endsWith("could not when the launch was planned: /srv"));
  }

  @Test
  void failsWhereLandlockIsNotThere() throws Exception {
    kernel.mountTable(YAML_MOUNTS);

    assertThat(attest(false, "landlock").failures())
        .singleElement()
        .satisfies(check -> {
          assertThat(check.name()).isEqualTo("restricted-writes");
          assertThat(check.detail())
              .isEqualTo("a device could be made in /var/lib/bonree: no Landlock");
        });
  }

  private void restrict(String... places) throws Exception {
    try (Descriptor ruleset = kernel.landlock().createRuleset(EnumSet.of(AccessRight.WRITE_FILE))) {
      for (String path : places) {
        try (Descriptor place = kernel.filesystem().openDirectory(path)) {
          kernel.landlock().allowBeneath(ruleset, place, EnumSet.of(AccessRight.WRITE_FILE));
        }
      }
      kernel.landlock().restrictSelf(ruleset);
    }
  }

  @Test
  void triesEveryMountWhereLandlockIsTheSeal() throws Exception {
    kernel.mountTable(YAML_MOUNTS);
    restrict();

    AttestationReport report = attest(false, "landlock");

    assertThat(report.failures()).isEmpty();
    assertThat(report.checks())
        .extracting(Check::name)
        .containsSubsequence("read-only-mounts", "restricted-writes");
    assertThat(kernel.calls()).anyMatch(call -> call.matches("mkdir\\(\"/boot/.*: EACCES"));
  }

  @Test
  void failsWhereLandlockLetsWriteMoreThanWasPlanned() throws Exception {
    kernel.mountTable(YAML_MOUNTS);
    restrict("/boot");

    assertThat(attest(false, "landlock").failures())
        .extracting(Check::detail)
        .containsExactly("/boot can be written to");
  }
}
