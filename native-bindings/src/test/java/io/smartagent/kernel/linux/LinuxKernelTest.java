package io.smartagent.kernel.linux;

import static io.smartagent.kernel.capability.Capability.CAP_BPF;
import static io.smartagent.kernel.capability.Capability.CAP_PERFMON;
import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.process.ResourceLimits.Limit;
import io.smartagent.kernel.process.ResourceLimits.Resource;
import io.smartagent.kernel.security.SeccompMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Limits, signals, log, security state, namespaces and probes on the kernel that is there. */
final class LinuxKernelTest {

  private final LinuxKernel kernel = new LinuxKernel();

  private void withoutCapabilities(ThrowAwayThread.Body body) throws Exception {
    ThrowAwayThread.run(() -> {
      CapabilitySet none = CapabilitySet.NONE;
      kernel.capabilities().set(none, none, none);
      body.run();
    });
  }

  private static void assertFails(Errno errno, ThrowingCallable body) {
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(body)
        .satisfies(e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @Test
  void readsAndSetsLimits() throws Exception {
    Limit before = kernel.resourceLimits().get(Resource.RLIMIT_CORE);
    try {
      kernel.resourceLimits().set(Resource.RLIMIT_CORE, new Limit(0, before.hard()));

      assertThat(kernel.resourceLimits().get(Resource.RLIMIT_CORE))
          .isEqualTo(new Limit(0, before.hard()));
      assertThat(limitLine("Max core file size")).startsWith("0 ");
    } finally {
      kernel.resourceLimits().set(Resource.RLIMIT_CORE, before);
    }
  }

  @Test
  void readsEachLimitAsProcShowsIt() throws Exception {
    assertThat(limitLine("Max open files"))
        .startsWith(kernel.resourceLimits().get(Resource.RLIMIT_NOFILE).soft() + " ");
    long locked = kernel.resourceLimits().get(Resource.RLIMIT_MEMLOCK).hard();
    assertThat(limitLine("Max locked memory"))
        .contains(locked == -1 ? "unlimited" : Long.toString(locked));
  }

  private static String limitLine(String name) throws Exception {
    return Files.readAllLines(Path.of("/proc/self/limits")).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aLimitThatCannotBeRaisedNamesTheCall() throws Exception {
    withoutCapabilities(() ->
        assertThatExceptionOfType(ErrnoException.class)
            .isThrownBy(() -> kernel.resourceLimits().set(Resource.RLIMIT_NOFILE, new Limit(1, -1)))
            .withMessage("setrlimit(RLIMIT_NOFILE, 1, -1): EPERM (Operation not permitted)"));
  }

  @Test
  void unblocksTheSignalsOfOneThread() throws Exception {
    ThrowAwayThread.run(() -> {
      // The JVM lets only its own thread take SIGQUIT.
      assertThat(ProcStatus.ofThisThread().hex("SigBlk") & 1 << 2).isNotZero();

      kernel.signals().unblockAll();

      assertThat(ProcStatus.ofThisThread().hex("SigBlk")).isZero();
    });
  }

  @Test
  void readsTheSameLogAsDmesg() throws Exception {
    Requires.capabilities(CAP_SYSLOG);
    Requires.program("dmesg");
    List<String> seen = Program.run("dmesg", "-S", "-r").output().lines().toList();
    assumeTrue(!seen.isEmpty(), "skipped: the kernel's log is empty");

    byte[] log = kernel.log().readAll(kernel.log().bufferSize());

    assertThat(new String(log, StandardCharsets.ISO_8859_1).lines().map(String::strip).toList())
        .containsAll(
            seen.subList(Math.max(0, seen.size() - 20), seen.size()).stream()
                .map(String::strip)
                .toList());
  }

  @Test
  void readsTheLastBytesOfTheLogOnly() throws Exception {
    Requires.capabilities(CAP_SYSLOG);

    assertThat(kernel.log().readAll(100)).hasSizeLessThanOrEqualTo(100);
    assertThat(kernel.log().readAll(0)).isEmpty();
  }

  @Test
  void theLogNeedsSyslogWhereItIsRestricted() throws Exception {
    assumeTrue(
        kernel.security().sysctl("kernel/dmesg_restrict").equals(java.util.Optional.of(1L)),
        "skipped: kernel.dmesg_restrict is not 1");
    withoutCapabilities(() -> assertFails(Errno.EPERM, () -> kernel.log().readAll(100)));
  }

  @Test
  void readsSysctlsAndWhatTheKernelIs() throws Exception {
    assertThat(kernel.security().release()).isEqualTo(Program.run("uname", "-r").text());
    assertThat(kernel.security().machine()).isEqualTo(Program.run("uname", "-m").text());
    assertThat(kernel.security().sysctl("kernel/cap_last_cap"))
        .contains((long) kernel.capabilities().last());
    assertThat(kernel.security().sysctl("kernel/absent")).isEmpty();
    assertThat(kernel.security().sysctl("kernel/ostype")).isEmpty();
  }

  @Test
  void seccompIsAsProcShowsIt() throws Exception {
    String mode = ProcStatus.ofThisThread().field("Seccomp");
    assertThat(kernel.security().seccomp())
        .isEqualTo(mode.equals("0") ? SeccompMode.DISABLED : SeccompMode.FILTER);
  }

  @Test
  void theUserNamespaceIsInitialUnlessItIsMapped() throws Exception {
    String map = Files.readString(Path.of("/proc/self/uid_map")).strip();
    assertThat(kernel.namespaces().userNamespaceIsInitial())
        .isEqualTo(map.matches("0\\s+0\\s+4294967295"));
  }

  @Test
  void entersANetworkNamespaceAndNamesTheDescriptorWhereItCannot() throws Exception {
    Requires.capabilities(CAP_SYS_ADMIN);
    try (Descriptor own = new Descriptor(openNamespace(), kernel.descriptors())) {
      ThrowAwayThread.run(() -> kernel.namespaces().enterNetworkNamespace(own));
      withoutCapabilities(() ->
          assertThatExceptionOfType(ErrnoException.class)
              .isThrownBy(() -> kernel.namespaces().enterNetworkNamespace(own))
              .withMessage("setns(" + own + ", CLONE_NEWNET): EPERM (Operation not permitted)"));
    }
  }

  private static int openNamespace() throws ErrnoException {
    return (int)
        new SystemCalls()
            .check(
                "open(net)",
                SystemCall.OPENAT,
                SystemCalls.AT_FDCWD,
                "/proc/self/ns/net",
                02000000,
                0);
  }

  @Test
  void everyTrialIsAllowedWithEveryCapability() throws Exception {
    Requires.capabilities(CAP_SYS_ADMIN, CAP_BPF, CAP_PERFMON);
    assumeTrue(
        kernel.security().seccomp() == SeccompMode.DISABLED, "skipped: system calls are filtered");
    int before = openDescriptors();
    for (int i = 0; i < 20; i++) {
      assertThatCode(kernel.syscallProbes()::pivotRoot).doesNotThrowAnyException();
      assertThatCode(kernel.syscallProbes()::mountSetattr).doesNotThrowAnyException();
      assertThatCode(kernel.syscallProbes()::openTree).doesNotThrowAnyException();
      assertThatCode(kernel.syscallProbes()::tracingProgram).doesNotThrowAnyException();
      assertThatCode(kernel.syscallProbes()::cpuClock).doesNotThrowAnyException();
      kernel.syscallProbes().readDevice("/dev/null");
    }
    assertThat(openDescriptors()).isLessThan(before + 20);
  }

  private static int openDescriptors() {
    String[] names = Path.of("/proc/self/fd").toFile().list();
    return names == null ? 0 : names.length;
  }

  @Test
  void trialsFailWithoutCapabilities() throws Exception {
    withoutCapabilities(() -> {
      assertFails(Errno.EPERM, kernel.syscallProbes()::pivotRoot);
      assertFails(Errno.EPERM, kernel.syscallProbes()::openTree);
      assertFails(Errno.EPERM, kernel.syscallProbes()::tracingProgram);
      assertFails(Errno.EPERM, kernel.syscallProbes()::mountSetattr);
    });
    assertFails(Errno.ENOENT, () -> kernel.syscallProbes().readDevice("/dev/absent"));
  }

  @Test
  void theCpuClockNeedsPerfmonWhereTheKernelIsParanoid() throws Exception {
    assumeTrue(
        kernel.security().sysctl("kernel/perf_event_paranoid").orElse(0L) >= 1,
        "skipped: kernel.perf_event_paranoid is below 1");
    withoutCapabilities(() -> assertFails(Errno.EACCES, kernel.syscallProbes()::cpuClock));
  }
}
