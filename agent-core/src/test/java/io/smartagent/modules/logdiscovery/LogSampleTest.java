package io.smartagent.modules.logdiscovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class LogSampleTest {

  private static final String JAVA_TRACE =
      """
      2026-03-01 10:15:30,120 ERROR [main] c.e.Shop - cannot pay
      java.lang.IllegalStateException: no money
      \tat com.example.Shop.pay(Shop.java:42)
      \tat com.example.Shop.main(Shop.java:7)
      Caused by: java.io.IOException: gone
      \tat com.example.Bank.ask(Bank.java:3)
      \t... 2 more
      2026-03-01 10:15:31,001 INFO  [main] c.e.Shop - goes on
      """;

  private static final String PYTHON_TRACE =
      """
      2026-03-01 10:15:30,120 - root - ERROR - failed
      Traceback (most recent call last):
        File "/app/main.py", line 3, in <module>
          run()
      ValueError: no
      """;

  private static final String GO_TRACE =
      """
      2026/03/01 10:15:30 listening
      panic: runtime error: index out of range

      goroutine 1 [running]:
      main.main()
      \t/app/main.go:7 +0x1d
      """;

  static Stream<Arguments> samples() {
    return Stream.of(
        Arguments.of(
            "{\"level\":\"info\",\"msg\":\"a\"}\n{\"level\":\"warn\",\"msg\":\"b\"}\n",
            "json null null"),
        Arguments.of(
            "{\"log\":\"hello\\n\",\"stream\":\"stdout\",\"time\":\"2026-03-01T10:15:30.1Z\"}\n",
            "docker-json null null"),
        Arguments.of(
            """
            {"log":"x failed\\n","stream":"stderr","time":"2026-03-01T10:15:30.1Z"}
            {"log":"\\tat a.B.c(B.java:1)\\n","stream":"stderr","time":"2026-03-01T10:15:30.1Z"}
            """,
            "docker-json java null"),
        Arguments.of(
            """
            2026-03-01T10:15:30.120120120Z stdout F started
            2026-03-01T10:15:30.120120120Z stderr P half a
            2026-03-01T10:15:30.120120120+01:00 stderr F line
            """,
            "cri null yyyy-MM-dd'T'HH:mm:ss[.SSSSSSSSS]XXX"),
        Arguments.of(
            """
            2026-03-01T10:15:30.120120120Z stderr F panic: oops
            2026-03-01T10:15:30.120120120Z stderr F goroutine 1 [running]:
            """,
            "cri go yyyy-MM-dd'T'HH:mm:ss[.SSSSSSSSS]XXX"),
        Arguments.of(
            "Mar  1 10:15:30 host sshd[812]: Accepted\nMar 11 10:15:30 host cron: x\n",
            "syslog-rfc3164 null MMM d HH:mm:ss"),
        Arguments.of("<34>Mar  1 10:15:30 host su: x\n", "syslog-rfc3164 null MMM d HH:mm:ss"),
        Arguments.of(
            "<34>1 2026-03-01T10:15:30.003Z host su - ID47 - 'su root' failed\n",
            "syslog-rfc5424 null null"),
        Arguments.of(
            "time=\"2026-03-01T10:15:30Z\" level=info msg=\"a b\" n=1\nlevel=warn msg=c\n",
            "logfmt null null"),
        Arguments.of(
            "10.0.0.1 - - [01/Mar/2026:10:15:30 +0000] \"GET / HTTP/1.1\" 200 612 \"-\" \"x\"\n",
            "access-log null null"),
        Arguments.of(JAVA_TRACE, "plain java yyyy-MM-dd HH:mm:ss,SSS"),
        Arguments.of(PYTHON_TRACE, "plain python yyyy-MM-dd HH:mm:ss,SSS"),
        Arguments.of(GO_TRACE, "plain go yyyy/MM/dd HH:mm:ss"),
        Arguments.of(
            "2026-03-01 10:15:30 SELECT 1\n    FROM x\n", "plain indented yyyy-MM-dd HH:mm:ss"),
        Arguments.of(
            "I0301 10:15:30.120120       1 main.go:7] up\n", "plain null MMdd HH:mm:ss.SSSSSS"),
        Arguments.of("no more than words\n", "plain null null"),
        Arguments.of("\u001b[32mgreen\u001b[0m 一二三 ä\n", "plain null null"),
        Arguments.of("half a line", "plain null null"),
        Arguments.of("", "unknown null null"),
        Arguments.of("\0\0\0\0", "unknown null null"),
        Arguments.of("\0\0\0a=1 b=2\n", "logfmt null null"),
        Arguments.of("\n\n\n", "unknown null null"));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void guesses(String content, String expected) {
    LogGuess guess = Objects.requireNonNull(LogSample.guess(content.getBytes(UTF_8)));

    String multiLine = guess.multiLine() == null ? "null" : guess.multiLine().id();
    assertThat(guess.format().id() + " " + multiLine + " " + guess.timestamp()).isEqualTo(expected);
  }

  @Test
  void isNotMisledByALineThatTheLimitHasCut() {
    String line = "{\"message\":\"" + "x".repeat(1000) + "\"}\n";
    byte[] content = line.repeat(20).substring(0, LogSample.LIMIT).getBytes(UTF_8);

    assertThat(LogSample.guess(content)).isEqualTo(new LogGuess(LogFormat.JSON, null, null));
  }

  @Test
  void takesNothingBinaryForALog() {
    byte[] random = new byte[LogSample.LIMIT];
    new Random(1).nextBytes(random);

    assertThat(LogSample.guess(random)).isNull();
    assertThat(LogSample.guess(new byte[] {'S', 'Q', 'L', 0, 1, 2})).isNull();
    assertThat(LogSample.guess(new byte[] {1, 2, 3, 4, 5, 6, 14, 15})).isNull();
  }

  /** Logs of half the world are in another encoding. */
  @Test
  void takesTextInOtherEncodingsForText() {
    byte[] chinese = "2026-03-01 10:15:30 日志文件已打开\n".repeat(9).getBytes(Charset.forName("GBK"));
    byte[] latin = "Öl für Ärzte\n".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(LogSample.guess(chinese))
        .isEqualTo(new LogGuess(LogFormat.PLAIN, null, "yyyy-MM-dd HH:mm:ss"));
    assertThat(LogSample.guess(latin)).isEqualTo(new LogGuess(LogFormat.PLAIN, null, null));
  }

  /** Expressions that go back and forth are a trap for whoever reads what anybody may write. */
  @ParameterizedTest
  @MethodSource("hostile")
  void isDoneInNoTimeWithWhatIsMadeToTakeLong(String content) {
    long begin = System.nanoTime();

    LogSample.guess(content.substring(0, LogSample.LIMIT).getBytes(UTF_8));

    assertThat(System.nanoTime() - begin).isLessThan(2_000_000_000L);
  }

  static Stream<String> hostile() {
    return Stream.of(
        "a=\"" + "\\\"".repeat(20_000),
        "a=".repeat(20_000),
        "a=b ".repeat(20_000),
        "\tat a".repeat(20_000) + "(",
        "  " + "a (".repeat(20_000),
        ("{\"log\":\"x\",\"stream\":\"\",\"time\":\"" + "[".repeat(900) + "}\n").repeat(40),
        "{\"log\":\"x\",\"stream\":\"\",\"time\":\"\",\"a\":" + "[".repeat(20_000),
        "<1>1 ".repeat(20_000),
        "\n".repeat(20_000),
        "x\n".repeat(20_000));
  }
}
