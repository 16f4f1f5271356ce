package io.smartagent.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProgramTest {

  /** A word in ISO 8859-1 that is not UTF-8. */
  private static final String NO_TEXT = "a\u00ff\u00feb";

  private static List<String> texts(List<byte[]> words) {
    return words.stream().map(word -> new String(word, StandardCharsets.UTF_8)).toList();
  }

  /** The strings as /proc/self/cmdline and environ have them. */
  private static byte[] strings(String... words) {
    return (String.join("\0", words) + "\0").getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Program ofHost(byte[] environment) {
    return Program.ofHost(strings("java", "run", "--", "agent"), environment, 1, "nobody", "/");
  }

  @Test
  void givesTheAgentANewEnvironmentWithOnlyWhatItNeeds() {
    Program program =
        Program.agent(
            List.of("/home/bin/java", "-jar"),
            Map.of(
                "K8S_NODE_NAME", "node-1",
                "TZ", "Europe/Berlin",
                "PATH", "/evil",
                "LD_PRELOAD", "/evil.so",
                "SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN", "secret",
                "JAVA_TOOL_OPTIONS", "-javaagent:evil.jar"),
            "nobody",
            "/nonexistent");

    assertThat(texts(program.arguments())).containsExactly("/home/bin/java", "-jar");
    assertThat(texts(program.environment()))
        .containsExactly(
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG=C.UTF-8",
            "LOCPATH=/home/lib/locale",
            "HOME=/nonexistent",
            "USER=nobody",
            "MALLOC_ARENA_MAX=2",
            "K8S_NODE_NAME=node-1",
            "TZ=Europe/Berlin");
  }

  @Test
  void givesALoaderWithFileCapabilitiesNothingThatItWouldTakeAway() {
    Program program =
        Program.agent(List.of("/home/bin/java"), Map.of("TZ", "UTC"), "nobody", "/nonexistent")
            .forSecureExecution();

    assertThat(texts(program.arguments())).containsExactly("/home/bin/java");
    assertThat(texts(program.environment()))
        .containsExactly(
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG=C.UTF-8",
            "HOME=/nonexistent",
            "USER=nobody",
            "TZ=UTC");
  }

  @Test
  void keepsArgumentsThatAreNoText() {
    Program program =
        Program.ofHost(
            strings("java", "run", "--", "agent", NO_TEXT, ""), strings("A="), 3, "u", "/");

    assertThat(program.arguments()).hasSize(3);
    assertThat(program.arguments().get(0)).isEqualTo("agent".getBytes(StandardCharsets.UTF_8));
    assertThat(program.arguments().get(1)).isEqualTo(NO_TEXT.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(program.arguments().get(2)).isEmpty();
  }

  @Test
  void passesTheContainersEnvironmentOnButForSecretsAndTheLaunchersOwn() {
    Program program =
        ofHost(
            strings(
                "A=1=2",
                "PATH=/x",
                "SMARTAGENT_INSTALLER_DOWNLOAD_TOKEN=secret",
                "JDK_JAVA_OPTIONS=-Xmx1g",
                "JAVA_TOOL_OPTIONS=-Xmx1g",
                "SMARTAGENT_MODE=full",
                "HOME=/root",
                "USER=root",
                "LOGNAME=root",
                "noValue"));

    assertThat(texts(program.environment()))
        .containsExactly(
            "A=1=2",
            "PATH=/x",
            "SMARTAGENT_MODE=full",
            "noValue",
            "HOME=/",
            "USER=nobody",
            "LOGNAME=nobody");
  }

  @Test
  void keepsVariablesThatAreNoText() {
    assertThat(ofHost(strings("X=" + NO_TEXT)).environment().getFirst())
        .isEqualTo(("X=" + NO_TEXT).getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void givesAPathWhereTheContainerHasNone() {
    assertThat(texts(ofHost(strings("A=1")).environment()))
        .contains("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  }
}
