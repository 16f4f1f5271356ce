package io.smartagent.kernel.linux;

import static io.smartagent.kernel.capability.Capability.CAP_NET_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Memory;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.net.ProcessEvent;
import io.smartagent.kernel.net.ProcessEvents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LinuxProcessEventsTest {

  private static final Duration SOON = Duration.ofSeconds(5);
  private static final long FORGED_AT = 12_068_770_112_152L;
  private static final int CLONE_NEWNET = 0x40000000;

  private final LinuxKernel kernel = new LinuxKernel();

  private ProcessEvents open() throws ErrnoException {
    try {
      return kernel.network().openProcessEvents();
    } catch (ErrnoException e) {
      assumeTrue(
          false, () -> "skipped: the kernel does not tell of processes here: " + e.getMessage());
      throw e;
    }
  }

  /** Returns what is told of a process until it has ended. */
  private static List<ProcessEvent> lifeOf(long pid, ProcessEvents events) throws ErrnoException {
    List<ProcessEvent> life = new ArrayList<>();
    long end = System.nanoTime() + SOON.toNanos();
    while (System.nanoTime() < end) {
      for (ProcessEvent event : events.poll(SOON).events()) {
        if (event.pid() == pid) {
          life.add(event);
          if (event instanceof ProcessEvent.Exit) {
            return life;
          }
        }
      }
    }
    return life;
  }

  @Test
  void tellsOfAProcessFromItsStartToItsEnd() throws Exception {
    try (ProcessEvents events = open()) {
      long before = System.nanoTime();
      Process process = new ProcessBuilder("sh", "-c", "exit 3").start();
      List<ProcessEvent> life = lifeOf(process.pid(), events);

      assertThat(life).hasSizeGreaterThanOrEqualTo(3);
      assertThat(life.getFirst()).isInstanceOf(ProcessEvent.Fork.class);
      assertThat(life.get(1)).isInstanceOf(ProcessEvent.Exec.class);
      assertThat(life.getLast())
          .isInstanceOfSatisfying(
              ProcessEvent.Exit.class,
              exit -> {
                assertThat(exit.exitCode()).isEqualTo(3);
                assertThat(exit.signal()).isZero();
              });
      // System.nanoTime() is CLOCK_MONOTONIC too.
      assertThat(life)
          .extracting(ProcessEvent::nanoseconds)
          .isSorted()
          .allMatch(time -> time > before && time < System.nanoTime());
    }
  }

  @Test
  void tellsOfASignalThatEndsAProcess() throws Exception {
    try (ProcessEvents events = open()) {
      Process process = new ProcessBuilder("sleep", "100").start();
      process.destroyForcibly();

      assertThat(lifeOf(process.pid(), events).getLast())
          .isInstanceOfSatisfying(
              ProcessEvent.Exit.class, exit -> assertThat(exit.signal()).isEqualTo(9));
    }
  }

  /** A privileged process may send to the listeners' group; its port is not the kernel's. */
  @Test
  void believesNobodyButTheKernel() throws Exception {
    Requires.capabilities(CAP_NET_ADMIN);
    try (ProcessEvents events = open();
        Descriptor forger =
            new Descriptor(
                (int) new SystemCalls().check("socket()", SystemCall.SOCKET, 16, 3, 11),
                kernel.descriptors())) {
      byte[] forged = HexFormat.of().parseHex(ProcessConnectorTest.EXIT);
      Memory message = new Memory(forged.length);
      message.write(0, forged, 0, forged.length);
      Memory listeners = SystemCalls.zeroed(12);
      listeners.setShort(0, (short) 16);
      listeners.setInt(8, ProcessConnector.GROUP);
      new SystemCalls()
          .check("sendto()", SystemCall.SENDTO, forger, message, forged.length, 0, listeners, 12);
      Process real = new ProcessBuilder("true").start();

      List<ProcessEvent> all = new ArrayList<>();
      long end = System.nanoTime() + SOON.toNanos();
      while (System.nanoTime() < end
          && all.stream()
              .noneMatch(each -> each instanceof ProcessEvent.Exit && each.pid() == real.pid())) {
        all.addAll(events.poll(SOON).events());
      }

      assertThat(all).isNotEmpty().noneMatch(each -> each.nanoseconds() == FORGED_AT);
    }
  }

  @Test
  void isEmptyWhereNothingHappensInTime() throws Exception {
    try (ProcessEvents events = open()) {
      // Other processes of the machine start and end meanwhile, or do not.
      assertThatCode(() -> events.poll(Duration.ZERO)).doesNotThrowAnyException();
    }
  }

  @Test
  void saysSoWhereEventsAreLost() throws Exception {
    try (ProcessEvents events = open()) {
      Process forks =
          new ProcessBuilder("sh", "-c", "i=0; while [ $i -lt 15000 ]; do (:); i=$((i+1)); done")
              .start();
      assertThat(forks.waitFor()).isZero();

      boolean overrun = false;
      ProcessEvents.Batch batch = events.poll(Duration.ZERO);
      while (!batch.events().isEmpty() || batch.overrun()) {
        overrun |= batch.overrun();
        batch = events.poll(Duration.ZERO);
      }
      assertThat(overrun).isTrue();
    }
  }

  @Test
  void leavesNoDescriptorOpen() throws Exception {
    open().close();
    int before = openDescriptors();
    for (int i = 0; i < 20; i++) {
      ProcessEvents events = kernel.network().openProcessEvents();
      events.close();
      events.close();
      kernel.syscallProbes().processEvents();
    }
    assertThat(openDescriptors()).isLessThan(before + 20);
  }

  private static int openDescriptors() {
    String[] names = Path.of("/proc/self/fd").toFile().list();
    return names == null ? 0 : names.length;
  }

  @Test
  void isForTheInitialNetworkNamespaceOnly() throws Exception {
    Requires.capabilities(CAP_SYS_ADMIN, CAP_NET_ADMIN);
    ThrowAwayThread.run(() -> {
      new SystemCalls().check("unshare(CLONE_NEWNET)", SystemCall.UNSHARE, CLONE_NEWNET);
      assertThatExceptionOfType(ErrnoException.class)
          .isThrownBy(kernel.network()::openProcessEvents)
          .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ECONNREFUSED));
    });
  }

  /** Linux 6.6 has opened it to everybody, so this asks both ways what the kernel says. */
  @Test
  void withoutCapabilitiesItWorksOrSaysWhichOneIsMissing() throws Exception {
    open().close();
    ThrowAwayThread.run(() -> {
      kernel.capabilities().set(CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE);
      try (ProcessEvents events = kernel.network().openProcessEvents()) {
        Process process = new ProcessBuilder("true").start();
        assertThat(lifeOf(process.pid(), events)).isNotEmpty();
        assertThat(Files.readString(Path.of("/proc/sys/kernel/osrelease")))
            .matches("(?s)(6\\.[6-9]|6\\.\\d\\d|[789]\\.).*");
      } catch (ErrnoException e) {
        assertThat(e.errno()).isEqualTo(Errno.EPERM);
      }
    });
  }
}
