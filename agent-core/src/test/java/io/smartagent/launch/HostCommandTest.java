package io.smartagent.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smartagent.config.Secret;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.RecordingKernel;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.linux.LinuxKernel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HostCommandTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  private final List<String> lines = new ArrayList<>();

  private int shell(Kernel kernel, String script, Duration timeout) throws ErrnoException {
    return new HostCommand(kernel, lines::add)
        .run(List.of("/bin/sh", "-c", script), List.of("A=b"), CapabilitySet.NONE, timeout);
  }

  @Test
  void passesOnWhatIsPrintedAndHowItEnds() throws Exception {
    int status = shell(new LinuxKernel(), "echo one; echo two $A >&2; printf three; exit 3", LONG);

    assertThat(status).isEqualTo(3);
    assertThat(lines).containsExactly("one", "two b", "three");
  }

  @Test
  void makesWhatIsPrintedHarmless() throws Exception {
    shell(new LinuxKernel(), "printf 'a\\033[31mb\\rc\\td\\302\\233e\\342\\200\\256f\\r\\n'", LONG);

    assertThat(lines).containsExactly("a?[31mb?c d?e?f");
  }

  @Test
  void boundsWhatIsPrinted() throws Exception {
    shell(
        new LinuxKernel(),
        "head -c 5000 /dev/zero | tr '\\0' x; echo; yes | head -n 9999; echo end",
        LONG);

    assertThat(lines.getFirst()).hasSize(1000);
    assertThat(lines).hasSize(2101);
    assertThat(lines.get(2000)).isEqualTo("7901 more lines are not shown.");
    assertThat(lines.getLast()).isEqualTo("end");
  }

  @Test
  void hidesSecretsAlsoWhereALineIsCut() {
    Secret secret = new Secret("s3cret-t0ken");
    OutputLines output = new OutputLines(lines::add, List.of(secret));
    output.add(("a s3cret-t0ken\n" + "x".repeat(995) + "s3cret-t0ken\nends").getBytes(UTF_8));
    output.end();

    assertThat(lines).containsExactly("a ***", "x".repeat(995) + "***", "ends");
  }

  @Test
  void endsWhatTakesTooLong() {
    Duration soon = Duration.ofMillis(300);

    assertThatThrownBy(() -> shell(new LinuxKernel(), "echo first; sleep 1000", soon))
        .isInstanceOfSatisfying(
            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ETIMEDOUT));
    assertThat(lines).containsExactly("first");
  }

  @Test
  void doesNotWaitForWhatIsLeftRunningAndEndsIt() throws Exception {
    shell(new LinuxKernel(), "sleep 1000 & echo $!", LONG);

    await()
        .untilAsserted(() ->
            assertThat(
                    ProcessHandle.of(Long.parseLong(lines.getFirst()))
                        .filter(ProcessHandle::isAlive))
                .isEmpty());
  }

  @Test
  void waitsForWhatHasClosedItsOutput() throws Exception {
    assertThat(shell(new LinuxKernel(), "exec >&- 2>&-; sleep 0.3; exit 5", LONG)).isEqualTo(5);
  }

  @Test
  void givesNoMoreThanItHasItself() throws Exception {
    RecordingKernel kernel = new RecordingKernel();
    CapabilitySet chown = CapabilitySet.of(Capability.CAP_CHOWN);
    kernel.capabilities().set(chown, chown, CapabilitySet.NONE);
    kernel.forgetCalls();

    new HostCommand(kernel, lines::add)
        .run(
            List.of("/sbin/useradd", "x"),
            List.of(),
            CapabilitySet.of(Capability.CAP_CHOWN, Capability.CAP_FOWNER),
            LONG);

    assertThat(kernel.calls()).containsExactly("posix_spawn(\"/sbin/useradd x\", CHOWN)");
  }
}
