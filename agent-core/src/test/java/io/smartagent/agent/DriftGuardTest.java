package io.smartagent.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.launch.LaunchRecord;
import io.smartagent.module.Event;
import io.smartagent.telemetry.AttestationReport;
import io.smartagent.telemetry.AttestationReport.Check;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DriftGuardTest {

  private static final String SEALED =
      """
      100 1 8:1 / / ro,relatime - ext4 /dev/sda1 rw
      104 100 8:3 /lib/bonree /var/lib/bonree rw,noatime - ext4 /dev/sda3 rw
      """;

  private static final String LATER = "200 100 0:60 / /srv/a\\012b rw - tmpfs some\\040where rw\n";

  private static final AttestationReport ATTESTED =
      new AttestationReport(
          List.of(
              new Check("user", true, "it is"),
              new Check("sealed-host", true, "9 places refused")));

  private final RecordingKernel kernel = new RecordingKernel();
  private final List<Event> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void seal() {
    kernel.mountTable(SEALED);
  }

  private static LaunchRecord record(String mode, boolean sealed) {
    return new LaunchRecord(
        "1.2.3",
        new LaunchRecord.Root(
            mode,
            sealed,
            sealed ? List.of("/var/lib/bonree") : List.of(),
            sealed ? "remount" : "mounts",
            List.of(),
            0),
        new LaunchRecord.User("nobody", 65534, 65534, false),
        new LaunchRecord.Privileges(CapabilitySet.NONE, CapabilitySet.NONE, true),
        new LaunchRecord.Node("", "127.0.0.1:9871", "/var/lib/bonree", null),
        new LaunchRecord.Decisions(List.of(), List.of()),
        List.of());
  }

  private DriftGuard guard(boolean sealed) {
    return new DriftGuard(
        kernel.mounts(), record("read-only", sealed), (module, event) -> events.add(event));
  }

  @Test
  void guardsAllButModeFull() {
    assertThat(DriftGuard.isNeeded(record("full", false))).isFalse();
    assertThat(DriftGuard.isNeeded(record("read-only", false))).isTrue();
    assertThat(DriftGuard.isNeeded(record("minimal", true))).isTrue();
  }

  @Test
  void leavesTheAttestationAsItIsWhereNothingDrifts() throws Exception {
    DriftGuard guard = guard(true);
    assertThat(guard.amend(ATTESTED)).isEqualTo(ATTESTED);
    guard.look();

    assertThat(guard.amend(ATTESTED)).isEqualTo(ATTESTED);
    assertThat(guard.openMounts()).isZero();
    assertThat(events).isEmpty();
  }

  @Test
  void tellsOfAWritableMountAndThatItIsGone() throws Exception {
    DriftGuard guard = guard(true);
    guard.look();
    kernel.mountTable(SEALED + LATER);
    guard.look();
    guard.look();

    assertThat(guard.openMounts()).isOne();
    assertThat(guard.amend(ATTESTED).failures())
        .containsExactly(
            new Check(
                "sealed-host",
                false,
                "writable since the start: \"/srv/a\\nb\" (tmpfs from \"some where\")"));
    assertThat(events)
        .extracting(event -> event.type().name())
        .containsExactly("WritableMountAppeared");
    assertThat(events.getFirst().attributes())
        .containsEntry("mountPoint", "/srv/a\\nb")
        .containsEntry("fileSystem", "tmpfs")
        .containsEntry("source", "some where")
        .containsEntry("device", "0:60")
        .containsEntry("sealed", true);

    kernel.mountTable(SEALED);
    guard.look();
    assertThat(guard.amend(ATTESTED)).isEqualTo(ATTESTED);
    assertThat(guard.openMounts()).isZero();
    assertThat(events)
        .extracting(event -> event.type().name())
        .containsExactly("WritableMountAppeared", "WritableMountGone");
  }

  @Test
  void onlyTellsWhereNothingWasSealed() throws Exception {
    AttestationReport attested = new AttestationReport(List.of(new Check("user", true, "it is")));
    DriftGuard guard = guard(false);
    guard.look();
    assertThat(guard.amend(attested).passed()).isTrue();
    assertThat(guard.amend(attested).checks())
        .extracting(Check::name)
        .containsExactly("user", "new-writable-mounts");

    kernel.mountTable(SEALED + LATER);
    guard.look();
    assertThat(guard.amend(attested).passed()).isTrue();
    assertThat(guard.amend(attested).checks().getLast().detail())
        .startsWith("writable since the start: ");
    assertThat(events.getFirst().attributes()).containsEntry("sealed", false);
  }

  @Test
  void doesNotPassWhatItCannotSee() throws Exception {
    DriftGuard guard = guard(true);
    guard.look();
    guard.loseSight(new ErrnoException("open(\"/proc/thread-self/mountinfo\")", Errno.EMFILE));

    assertThat(guard.amend(ATTESTED).failures())
        .extracting(Check::detail)
        .containsExactly(
            "the mounts cannot be read any more: open(\"/proc/thread-self/mountinfo\"): EMFILE (Too"
                + " many open files)");
    guard.look();
    assertThat(guard.amend(ATTESTED).passed()).isTrue();
  }

  @Test
  void keepsWhatFailedAtTheStart() throws Exception {
    Check failed = new Check("sealed-host", false, "/boot can be written to");
    DriftGuard guard = guard(true);
    kernel.mountTable(SEALED + LATER);
    guard.look();

    assertThat(guard.amend(new AttestationReport(List.of(failed))).checks())
        .containsExactly(failed);
  }

  @Test
  void looksWheneverTheTableChanges() {
    DriftGuard guard = guard(true);
    guard.start();
    await().until(() -> guard.amend(ATTESTED).passed());

    kernel.mountTable(SEALED + LATER);
    await().until(() -> guard.openMounts() == 1);
    kernel.mountTable(SEALED);
    await().until(() -> guard.openMounts() == 0 && events.size() == 2);
  }
}
