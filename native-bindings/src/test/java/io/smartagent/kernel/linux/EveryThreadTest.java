package io.smartagent.kernel.linux;

import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JVM that the tests run in keeps its capabilities: each attempt is another JVM's. */
final class EveryThreadTest {

  private static List<String> busyProcess(String collector) {
    List<String> command = Program.java(BusyProcess.class);
    command.addAll(1, List.of(collector, "-Xmx64m", "-XX:TieredStopAtLevel=1"));
    return command;
  }

  @RepeatedTest(4)
  void noThreadKeepsACapability() throws Exception {
    Requires.capabilities(CAP_SYSLOG);

    Program.Result result = Program.run(busyProcess("-XX:+UseSerialGC"));

    assertThat(result.text()).isEqualTo("ok");
    assertThat(result.exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:+UseParallelGC", "-XX:+UseG1GC"})
  void norDoThreadsOfACollector(String collector) throws Exception {
    Requires.capabilities(CAP_SYSLOG);

    assertThat(Program.run(busyProcess(collector)).text()).isEqualTo("ok");
  }

  /** As in a container without the host's pid namespace, inside the host's root. */
  @Test
  void norDoThoseOfAPidNamespaceThatProcDoesNotKnow() throws Exception {
    Requires.capabilities(CAP_SYS_ADMIN);
    Requires.program("unshare");
    List<String> command = new ArrayList<>(List.of("unshare", "--pid", "--fork"));
    command.addAll(busyProcess("-XX:+UseSerialGC"));

    assertThat(Program.run(command).text()).isEqualTo("ok");
  }

  @Test
  void writesTheCodeOfEachMachine() {
    assertThat(Architecture.X86_64.systemCallWithTwoPointers(126, 0x1122334455667788L, 2))
        .containsExactly(
            bytes(
                "b8 7e 00 00 00  48 bf 88 77 66 55 44 33 22 11  48 be 02 00 00 00 00 00 00 00"
                    + "  0f 05  c3"));
    assertThat(Architecture.AARCH64.systemCallWithTwoPointers(91, 0x1122334455667788L, 2))
        .containsExactly(
            bytes(
                "c0 00 00 58  e1 00 00 58  68 0b 80 d2  01 00 00 d4  c0 03 5f d6  1f 20 03 d5"
                    + "  88 77 66 55 44 33 22 11  02 00 00 00 00 00 00 00"));
  }

  private static byte[] bytes(String hex) {
    return java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
