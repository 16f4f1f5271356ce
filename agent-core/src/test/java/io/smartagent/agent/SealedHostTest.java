package io.smartagent.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.telemetry.AttestationReport.Check;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SealedHostTest {

  private static final String SEALED =
      """
      100 1 8:1 / / ro,relatime - ext4 /dev/sda1 rw
      101 100 8:2 / /boot ro,relatime - vfat /dev/sda2 rw
      102 100 0:40 / /media ro,relatime - autofs systemd-1 rw
      103 100 8:3 / /var ro,noatime - ext4 /dev/sda3 rw
      104 103 8:3 /lib/bonree /var/lib/bonree rw,noatime - ext4 /dev/sda3 rw
      105 100 0:41 / /tmp rw,nosuid,nodev - tmpfs tmpfs rw
      106 100 8:1 /hosts /etc/hosts ro,relatime - ext4 /dev/sda1 rw
      """;

  @TempDir private Path root;
  private final RecordingKernel kernel = new RecordingKernel();

  @BeforeEach
  void makeRoot() throws Exception {
    for (String directory : List.of("boot", "etc", "media", "tmp", "var/lib/bonree", "usr")) {
      Files.createDirectories(root.resolve(directory));
    }
    Files.createFile(root.resolve("etc/hosts"));
    kernel.filesystem(root);
  }

  private Check check(String mountinfo) throws Exception {
    kernel.mountTable(mountinfo);
    try (Attempts attempts = new Attempts(kernel, Duration.ofSeconds(10))) {
      return new SealedHost(kernel.filesystem(), attempts, List.of("/tmp", "/var/lib/bonree"), 7)
          .check(kernel.mounts().table());
    }
  }

  @Test
  void passesWhereEveryMountRefusesAWrite() throws Exception {
    Check check = check(SEALED);

    assertThat(check.passed()).as(check.detail()).isTrue();
    assertThat(kernel.calls())
        .contains(
            "mkdir(\"/.smartagent-attestation-7\"): EROFS",
            "mkdir(\"/boot/.smartagent-attestation-7\"): EROFS",
            "mkdir(\"/etc/.smartagent-attestation-7\"): EROFS",
            "mkdir(\"/usr/.smartagent-attestation-7\"): EROFS",
            "mkdir(\"/var/.smartagent-attestation-7\"): EROFS",
            "open(\"/etc/hosts\", O_WRONLY): EROFS");
  }

  @Test
  void leavesAloneWhatIsWritableOnPurposeAndWhatWouldMountSomething() throws Exception {
    check(SEALED);

    assertThat(kernel.calls())
        .noneMatch(call -> call.contains("/tmp/") || call.contains("bonree"))
        .noneMatch(call -> call.contains("/media/"));
  }

  @Test
  void namesTheSubmountThatCanBeWrittenTo() throws Exception {
    Check check = check(SEALED.replace("/boot ro", "/boot rw"));

    assertThat(check.passed()).isFalse();
    assertThat(check.detail()).isEqualTo("/boot can be written to");
  }

  @Test
  void namesTheFileThatCanBeWrittenTo() throws Exception {
    Check check = check(SEALED.replace("/etc/hosts ro", "/etc/hosts rw"));

    assertThat(check.passed()).isFalse();
    assertThat(check.detail()).isEqualTo("/etc/hosts can be written to");
  }

  @Test
  void believesTheMountTableWhereAPlaceCannotBeReached() throws Exception {
    kernel.failOn("mkdir(\"/boot/", Errno.EACCES);

    Check check = check(SEALED);

    assertThat(check.passed()).isTrue();
    assertThat(check.detail()).contains("/boot (EACCES)");
  }

  @Test
  void doesNotTakeARefusalForASealWhereTheMountIsWritable() throws Exception {
    kernel.failOn("mkdir(\"/boot/", Errno.EACCES);

    Check check = check(SEALED.replace("/boot ro", "/boot rw"));

    assertThat(check.passed()).isFalse();
    assertThat(check.detail()).contains("/boot is not on a read-only mount (EACCES)");
  }
}
