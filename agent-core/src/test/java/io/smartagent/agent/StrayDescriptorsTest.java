package io.smartagent.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.agent.OpenDescriptors.OpenFile;
import io.smartagent.telemetry.AttestationReport.Check;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StrayDescriptorsTest {

  private final StrayDescriptors strays =
      new StrayDescriptors(
          Path.of("/opt/smartagent/jre"),
          Set.of(Path.of("/opt/smartagent/agent.jar")),
          List.of("/opt/smartagent/agent.aot"));

  private Check check(OpenFile... open) {
    return strays.check(new OpenDescriptors(List.of(open), null));
  }

  @ParameterizedTest
  @CsvSource({
    "/opt/smartagent/jre/lib/modules, false",
    "/opt/smartagent/agent.jar, false",
    "/opt/smartagent/agent.aot.config, true",
    "/dev/urandom, false",
    "/dev/null, true",
    "/tmp/hsperfdata_nobody/7, true",
    "/memfd:java_heap (deleted), true",
  })
  void takesTheRuntimesOwnForNoStray(String target, boolean writable) {
    assertThat(check(new OpenFile(3, target, false, writable)).passed()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "/, true, false",
    "/opt/smartagent/jre, true, false",
    "/etc/shadow, false, false",
    "/opt/smartagent/jre/lib/modules, false, true",
    "/opt/smartagent/jre-other/lib, false, false",
    "/dev/kmsg, false, false",
    "/dev/sda, false, false",
    "socket:[4711], false, true",
    "pipe:[4711], false, false",
    "anon_inode:[eventpoll], false, true",
  })
  void takesEverythingElseForOne(String target, boolean directory, boolean writable) {
    Check check = check(new OpenFile(7, target, directory, writable));

    assertThat(check.passed()).isFalse();
    assertThat(check.detail()).contains("7 -> " + target);
  }

  @Test
  void doesNotPassWhatCouldNotBeLookedAt() {
    Check check = strays.check(new OpenDescriptors(List.of(), "/proc/self/fd could not be read"));

    assertThat(check.passed()).isFalse();
    assertThat(check.detail()).contains("could not be read");
  }

  @Test
  void findsTheCacheInACommandLine() {
    String commandLine = "java\0-XX:AOTCache=/o/a.aot\0-XX:AOTMode=on\0-cp\0x\0Main\0";

    assertThat(StrayDescriptors.caches(commandLine)).containsExactly("/o/a.aot");
  }
}
