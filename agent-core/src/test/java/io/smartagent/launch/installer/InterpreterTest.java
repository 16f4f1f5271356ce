package io.smartagent.launch.installer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class InterpreterTest {

  private static Interpreter of(String script) {
    return Interpreter.of(script.getBytes(StandardCharsets.UTF_8));
  }

  static Stream<Arguments> firstLines() {
    return Stream.of(
        Arguments.of("#!/bin/bash\nexit", "/bin/bash", List.of()),
        Arguments.of("#! /bin/bash -eu -x \nexit", "/bin/bash", List.of("-eu -x")),
        Arguments.of("#!/usr/bin/env\tpython3\n", "/usr/bin/env", List.of("python3")),
        Arguments.of("#!/bin/sh", "/bin/sh", List.of()),
        Arguments.of("#!\necho", "/bin/sh", List.of()),
        Arguments.of("echo #!/bin/bash\n", "/bin/sh", List.of()),
        Arguments.of("", "/bin/sh", List.of()));
  }

  @ParameterizedTest
  @MethodSource("firstLines")
  void isWhatTheFirstLineSaysElseAShell(String script, String path, List<String> arguments) {
    assertThat(of(script)).isEqualTo(new Interpreter(path, arguments));
  }

  @Test
  void knowsTheLineEndsOfWindows() {
    assertThat(of("#!/bin/sh\r\n").hasCarriageReturn()).isTrue();
    assertThat(of("#!/bin/sh -e\r\n").hasCarriageReturn()).isTrue();
    assertThat(of("#!/bin/sh -e\n").hasCarriageReturn()).isFalse();
  }
}
