package io.smartagent.modules.applicationdiscovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProcessFormatTest {

  @Test
  void splitsACommandLineAtItsNuls() {
    assertThat(commandLine("a\0b c\0\0d\ne\0").arguments()).containsExactly("a", "b c", "", "d\ne");
    assertThat(commandLine("title without nul").arguments()).containsExactly("title without nul");
    assertThat(commandLine("title\0\0\0\0").arguments()).containsExactly("title");
    assertThat(commandLine("").arguments()).isEmpty();
    assertThat(CommandLine.parse(new byte[] {'a', (byte) 0xff, 0}, 100).arguments())
        .containsExactly("a\uFFFD");
  }

  @Test
  void leavesOutAnArgumentThatMayHaveBeenCut() {
    byte[] content = "app\0--password=sec".getBytes(StandardCharsets.UTF_8);

    assertThat(CommandLine.parse(content, content.length))
        .isEqualTo(new CommandLine(List.of("app"), true));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          JAVA_VERSION=21.0.2+13,      21.0.2+13
          JAVA_VERSION=jdk-21.0.2+13,  jdk-21.0.2+13
          JAVA_VERSION=8u402,          8u402
          JAVA_VERSION=v20.1.0-rc.1,   v20.1.0-rc.1
          JAVA_VERSION=,               -
          JAVA_VERSION=s3cret pass,    -
          JAVA_VERSION=Geheimnis,      -
          SECRET=21.0.2,               -
          MY_JAVA_VERSION=21,          -
          """)
  void takesNothingButVersionsFromAnEnvironment(String assignment, @Nullable String version) {
    byte[] environ = ("PATH=/bin\0" + assignment + "\0X=1\0").getBytes(StandardCharsets.UTF_8);

    Environment environment = Environment.parse(environ, Set.of("JAVA_VERSION"));

    assertThat(environment.version(List.of("JAVA_VERSION"), null))
        .isEqualTo(version == null ? null : new Version(version, Version.Origin.ENVIRONMENT));
  }

  @Test
  void readsUsersAndPassesOverBrokenLines() {
    UserNames users =
        UserNames.parse(
            "root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:\n\n# no\nbad:x:abc:0::/:\n:x:7:7::/:\n"
                + "nobody:x:65534:65534::/:\nbig:x:4294967294:1::/:\nhuge:x:99999999999:1::/:\nshort:x");

    assertThat(users.name(0)).isEqualTo("root");
    assertThat(users.name(65534)).isEqualTo("nobody");
    assertThat(users.name(4294967294L)).isEqualTo("big");
    assertThat(users.name(7)).isNull();
    assertThat(users.byUid()).hasSize(3);
  }

  private static CommandLine commandLine(String content) {
    return CommandLine.parse(content.getBytes(StandardCharsets.UTF_8), 1000);
  }
}
