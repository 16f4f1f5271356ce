package io.smartagent.kernel.linux;

import static io.smartagent.kernel.capability.Capability.CAP_CHOWN;
import static io.smartagent.kernel.capability.Capability.CAP_NET_RAW;
import static io.smartagent.kernel.capability.Capability.CAP_SETFCAP;
import static io.smartagent.kernel.capability.Capability.CAP_SETPCAP;
import static io.smartagent.kernel.capability.Capability.CAP_SETUID;
import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.capability.Capabilities;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.FileCapabilities;
import io.smartagent.kernel.capability.Securebits;
import io.smartagent.kernel.capability.ThreadCapabilities;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LinuxCapabilitiesTest {

  private final LinuxKernel kernel = new LinuxKernel();
  private final Capabilities capabilities = kernel.capabilities();
  private ThreadCapabilities before = none();

  private static ThreadCapabilities none() {
    CapabilitySet none = CapabilitySet.NONE;
    return new ThreadCapabilities(none, none, none, none, none);
  }

  @BeforeEach
  void rememberOwn() throws Exception {
    before = capabilities.read();
  }

  @AfterEach
  void theTestsThreadIsAsItWas() throws Exception {
    assertThat(capabilities.read()).isEqualTo(before);
  }

  @Test
  void readsWhatProcShows() throws Exception {
    assertThatThisThreadHas(capabilities.read());
  }

  private static void assertThatThisThreadHas(ThreadCapabilities sets) throws Exception {
    ProcStatus status = ProcStatus.ofThisThread();
    assertThat(sets.effective().bits()).isEqualTo(status.hex("CapEff"));
    assertThat(sets.permitted().bits()).isEqualTo(status.hex("CapPrm"));
    assertThat(sets.inheritable().bits()).isEqualTo(status.hex("CapInh"));
    assertThat(sets.bounding().bits()).isEqualTo(status.hex("CapBnd"));
    assertThat(sets.ambient().bits()).isEqualTo(status.hex("CapAmb"));
  }

  @Test
  void readsTheBoundingSetThatCapshPrints() throws Exception {
    Requires.program("capsh");
    String names =
        Program.run("capsh", "--print")
            .text()
            .lines()
            .filter(line -> line.startsWith("Bounding set ="))
            .map(line -> line.substring("Bounding set =".length()))
            .findFirst()
            .orElseThrow();

    assertThat(capabilities.read().bounding().names())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(names.split(","))
                .filter(name -> !name.isEmpty())
                .map(name -> name.toUpperCase(Locale.ROOT))
                .toList());
  }

  @Test
  void knowsTheLastCapability() throws Exception {
    assertThat(Program.run("cat", "/proc/sys/kernel/cap_last_cap").text())
        .isEqualTo(Integer.toString(capabilities.last()));
  }

  @Test
  void setsTheThreeSetsOfOneThreadOnly() throws Exception {
    Requires.capabilities(CAP_CHOWN, CAP_NET_RAW, CAP_SYSLOG);
    ThrowAwayThread.run(() -> {
      CapabilitySet effective = CapabilitySet.of(CAP_SYSLOG);
      CapabilitySet permitted = CapabilitySet.of(CAP_SYSLOG, CAP_CHOWN, CAP_NET_RAW);
      CapabilitySet inheritable = CapabilitySet.of(CAP_CHOWN);

      capabilities.set(effective, permitted, inheritable);

      ThreadCapabilities sets = capabilities.read();
      assertThat(sets.effective()).isEqualTo(effective);
      assertThat(sets.permitted()).isEqualTo(permitted);
      assertThat(sets.inheritable()).isEqualTo(inheritable);
      assertThatThisThreadHas(sets);
    });
  }

  @Test
  void setsCapabilitiesAboveTheFirstWord() throws Exception {
    Requires.capabilities(Capability.CAP_BPF);
    CapabilitySet high = CapabilitySet.of(Capability.CAP_BPF);
    ThrowAwayThread.run(() -> {
      capabilities.set(high, high, high);

      assertThatThisThreadHas(capabilities.read());
      assertThat(capabilities.read().inheritable()).isEqualTo(high);
    });
  }

  @Test
  void refusesToGrowThePermittedSet() throws Exception {
    ThrowAwayThread.run(() -> {
      capabilities.set(CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE);

      assertFails(
          Errno.EPERM,
          "capset(effective: none; permitted: SYSLOG; inheritable: none)",
          () ->
              capabilities.set(
                  CapabilitySet.NONE, CapabilitySet.of(CAP_SYSLOG), CapabilitySet.NONE));
    });
  }

  private static void assertFails(Errno errno, String call, ThrowingCallable body) {
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(body)
        .satisfies(e -> {
          assertThat(e.call()).isEqualTo(call);
          assertThat(e.errno()).isEqualTo(errno);
        });
  }

  @Test
  void raisesAmbientWhatIsPermittedAndInheritable() throws Exception {
    Requires.capabilities(CAP_SYSLOG);
    ThrowAwayThread.run(() -> {
      CapabilitySet one = CapabilitySet.of(CAP_SYSLOG);
      capabilities.set(one, one, CapabilitySet.NONE);
      assertFails(
          Errno.EPERM,
          "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYSLOG)",
          () -> capabilities.raiseAmbient(CAP_SYSLOG.number()));
      capabilities.set(one, one, one);

      capabilities.raiseAmbient(CAP_SYSLOG.number());

      assertThat(capabilities.ambientIsSupported()).isTrue();
      assertThat(capabilities.read().ambient()).isEqualTo(one);
      assertThatThisThreadHas(capabilities.read());
    });
  }

  @Test
  void dropsFromTheBoundingSetForGood() throws Exception {
    Requires.capabilities(CAP_SETPCAP, CAP_NET_RAW);
    ThrowAwayThread.run(() -> {
      capabilities.dropFromBoundingSet(CAP_NET_RAW.number());

      assertThat(capabilities.read().bounding())
          .isEqualTo(before.bounding().minus(CapabilitySet.of(CAP_NET_RAW)));
      assertThatThisThreadHas(capabilities.read());
    });
  }

  @Test
  void cannotDropFromTheBoundingSetWithoutSetpcap() throws Exception {
    ThrowAwayThread.run(() -> {
      capabilities.set(CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE);

      assertFails(
          Errno.EPERM,
          "prctl(PR_CAPBSET_DROP, CAP_CHOWN)",
          () -> capabilities.dropFromBoundingSet(0));
    });
  }

  @Test
  void locksSecurebits() throws Exception {
    Requires.capabilities(CAP_SETPCAP, CAP_SYSLOG);
    ThrowAwayThread.run(() -> {
      CapabilitySet kept = CapabilitySet.of(CAP_SYSLOG, CAP_SETPCAP);
      capabilities.set(kept, kept, kept);

      capabilities.setSecurebits(Securebits.lockedDown());

      assertThat(capabilities.securebits()).isEqualTo(Securebits.lockedDown());
      assertFails(
          Errno.EPERM,
          "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYSLOG)",
          () -> capabilities.raiseAmbient(CAP_SYSLOG.number()));
      assertThatExceptionOfType(ErrnoException.class)
          .isThrownBy(() -> capabilities.setSecurebits(Securebits.NONE))
          .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
    });
    assertThat(capabilities.securebits()).isNotEqualTo(Securebits.lockedDown());
  }

  @Test
  void setsNoNewPrivilegesOfOneThreadOnly() throws Exception {
    ThrowAwayThread.run(() -> {
      capabilities.setNoNewPrivileges();

      assertThat(capabilities.noNewPrivileges()).isTrue();
      assertThat(ProcStatus.ofThisThread().field("NoNewPrivs")).isEqualTo("1");
    });
    assertThat(capabilities.noNewPrivileges())
        .isEqualTo(ProcStatus.ofThisThread().field("NoNewPrivs").equals("1"));
  }

  @Test
  void keepsPermittedOverAChangeOfUserOnlyWhereAsked() throws Exception {
    Requires.root();
    Requires.capabilities(CAP_SETUID);
    ThrowAwayThread.run(() -> {
      capabilities.keepOverChangeOfUser(true);
      kernel.credentials().setUser(65534);

      assertThat(capabilities.read().permitted()).isEqualTo(before.permitted());
      assertThat(capabilities.read().effective()).isEqualTo(CapabilitySet.NONE);
    });
    ThrowAwayThread.run(() -> {
      capabilities.keepOverChangeOfUser(true);
      capabilities.keepOverChangeOfUser(false);
      kernel.credentials().setUser(65534);

      assertThat(capabilities.read().permitted()).isEqualTo(CapabilitySet.NONE);
    });
  }

  @Test
  void givesAFileTheCapabilitiesThatGetcapShows(@TempDir Path directory) throws Exception {
    Requires.capabilities(CAP_SETFCAP);
    Requires.program("getcap");
    Path program = Files.writeString(directory.resolve("program"), "");
    FileCapabilities wanted =
        new FileCapabilities(
            CapabilitySet.of(CAP_NET_RAW, Capability.CAP_BPF),
            CapabilitySet.of(CAP_SYSLOG, Capability.CAP_CHECKPOINT_RESTORE),
            true);
    assertThat(capabilities.ofFile(program.toString())).isEmpty();

    capabilities.setOfFile(program.toString(), wanted);

    assertThat(capabilities.ofFile(program.toString())).contains(wanted);
    assertThat(Program.run("getcap", program.toString()).text())
        .contains("cap_net_raw", "cap_bpf", "cap_syslog", "cap_checkpoint_restore");
    String text = "cap_net_raw,cap_bpf=ep cap_syslog,cap_checkpoint_restore=ei";
    assertThat(Program.run("setcap", "-v", text, program.toString()).exitCode()).isZero();
  }

  @Test
  void readsTheCapabilitiesThatSetcapGave(@TempDir Path directory) throws Exception {
    Requires.capabilities(CAP_SETFCAP);
    Requires.program("setcap");
    Path program = Files.writeString(directory.resolve("program"), "");
    Program.run("setcap", "cap_net_raw,cap_perfmon=p cap_syslog=pi", program.toString());

    assertThat(capabilities.ofFile(program.toString()))
        .contains(
            new FileCapabilities(
                CapabilitySet.of(CAP_NET_RAW, CAP_SYSLOG, Capability.CAP_PERFMON),
                CapabilitySet.of(CAP_SYSLOG),
                false));
  }

  @Test
  void aFileThatIsNotThereHasAnErrno() {
    assertFails(
        Errno.ENOENT,
        "getxattr(\"/nonexistent\", security.capability)",
        () -> capabilities.ofFile("/nonexistent"));
  }
}
