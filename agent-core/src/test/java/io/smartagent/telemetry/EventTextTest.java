package io.smartagent.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.module.Event;
import io.smartagent.text.TextLines;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EventTextTest {

  private static final Instant TIME = Instant.parse("2026-11-01T16:21:39.25Z");
  private static final String ID =
      "3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";

  private final EventText text = new EventText(ZoneOffset.UTC);
  private final Map<String, @Nullable Object> attributes = new LinkedHashMap<>();

  @SuppressWarnings("NullAway") // It does not see that the compiled record takes null values.
  private String line(String type) {
    return text.line(DocumentedEvents.of(type, TIME, attributes), TIME);
  }

  private void put(@Nullable Object... namesAndValues) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      attributes.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
  }

  private void putContainer() {
    put("containerId", ID, "containerName", "web", "containerRuntime", "docker");
  }

  static List<Event> documented() {
    return DocumentedEvents.all();
  }

  @ParameterizedTest
  @MethodSource("documented")
  void saysEveryEventInOneLineOfWords(Event event) {
    assertThat(text.line(event, event.time()))
        .matches("\\d\\d:\\d\\d:\\d\\d {2}[A-Z/]\\S*( \\S+){0,3} {2,}\\S.*")
        .hasSizeLessThanOrEqualTo(TextLines.WIDTH)
        .doesNotContain("{\"", "null", "  ,", ", ,");
  }

  @Test
  void saysWhichContainerHasStarted() {
    putContainer();
    put("image", "nginx:1.27");

    assertThat(line("ContainerStarted"))
        .isEqualTo("16:21:39  Container started    web (docker 3f1c9a7b5d2e, image nginx:1.27)");
  }

  @Test
  void saysWhichApplicationHasStartedAndWhereItListens() {
    put("pid", 812, "name", "redis-server", "product", "Redis", "version", "7.0.15");
    put("ports", List.of(Map.of("protocol", "tcp", "address", "::", "port", 6379)));
    putContainer();
    put("podName", "cache-0", "podNamespace", "shop");

    assertThat(line("ApplicationStarted"))
        .isEqualTo(
            "16:21:39  Application started  Redis 7.0.15, pid 812, port 6379, in container web of"
                + " pod shop/cache-0");
  }

  @Test
  void saysWhatAProgramOfNoKnownProductRuns() {
    put("pid", 9, "name", "java", "product", null, "language", "Java", "languageVersion", "21.0.2");
    put("entryPoint", "shop.Main", "version", null, "ports", null);

    assertThat(line("ApplicationStarted")).contains("java shop.Main (Java 21.0.2), pid 9");
  }

  @Test
  void saysHowAnApplicationHasEnded() {
    put("pid", 812, "name", "redis-server", "exitCode", null, "signal", "SIGKILL");

    assertThat(line("ApplicationEnded"))
        .isEqualTo("16:21:39  Application ended    redis-server, pid 812, ended by SIGKILL");
  }

  @Test
  void saysOfALogWhoWritesIt() {
    put("path", "/var/log/syslog", "process", "rsyslogd", "pid", 601);

    assertThat(line("LogFileFound"))
        .isEqualTo("16:21:39  Log file found       /var/log/syslog, written by rsyslogd, pid 601");
  }

  @Test
  void namesTheProcessThatTheKernelHasKilled() {
    put("count", 1, "scope", "container", "pid", 7024, "process", "java");
    put("limitBytes", 268_435_456L);
    putContainer();

    assertThat(line("PodOOMKilling"))
        .isEqualTo(
            "16:21:39  OOM kill             java, pid 7024, scope container, limit 256 MiB, in"
                + " container web");
  }

  @Test
  void saysAnEventOfATypeThatItDoesNotKnow() {
    put("subject", "eth0", "burstSeconds", 3, "lost", true, "kept", false, "unknown", null);
    put("list", List.of(1), "map", Map.of("a", 1), "containerId", ID);

    assertThat(line("PacketBurstSeen"))
        .isEqualTo(
            "16:21:39  Packet burst seen    subject eth0, burst seconds 3, lost, in container"
                + " 3f1c9a7b5d2e");
  }

  @Test
  void letsNoProcessWriteToTheTerminalWhatItLikes() {
    put("process", "a\u001b[2J\u0007\r\n\u202e\ud83d", "pid", 1);
    put("podName", "\u009b31m");

    assertThat(line("OOMKilling").chars())
        .allMatch(character -> character >= ' ' && character <= '~');
    assertThat(
            text.line(DocumentedEvents.of("\u001b[2J", TIME, Map.of("\u001b", "\u001b")), TIME)
                .chars())
        .allMatch(character -> character >= ' ' && character <= '~');
  }

  @Test
  void cutsWhatIsWiderThanTheTerminal() {
    put("path", "/" + "x".repeat(500));
    assertThat(line("LogFileGone")).hasSize(TextLines.WIDTH - 1).endsWith("x...");

    put("path", "/" + "\u6f22".repeat(500));
    assertThat(line("LogFileGone")).hasSizeLessThan(80).endsWith("\u6f22...");
  }

  @Test
  void showsTheDateOfWhatWasNotToday() {
    Event event = DocumentedEvents.of("Tick", TIME, Map.of());

    assertThat(text.line(event, TIME.plusSeconds(86_400))).isEqualTo("2026-11-01 16:21:39  Tick");
  }

  @Test
  void showsTheTimeOfTheHost() {
    EventText berlin = new EventText(ZoneId.of("Europe/Berlin"));

    assertThat(berlin.line(DocumentedEvents.of("Tick", TIME, Map.of()), TIME))
        .isEqualTo("17:21:39  Tick");
  }
}
