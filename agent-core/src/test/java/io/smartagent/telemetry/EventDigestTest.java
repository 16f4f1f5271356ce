package io.smartagent.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.text.TextLines;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EventDigestTest {

  private static final Instant START = Instant.parse("2026-11-01T16:21:39Z");

  private Duration uptime = Duration.ZERO;

  private final EventDigest digest =
      new EventDigest(
          new EventText(ZoneOffset.UTC), () -> START.plus(uptime), () -> uptime.toNanos());

  private final StringBuilder screen = new StringBuilder();

  /** Goes on as the thread that writes does: it looks again when something is due. */
  private void after(Duration time) {
    Duration end = uptime.plus(time);
    while (digest.nanosUntilDue() <= end.minus(uptime).toNanos()) {
      uptime = uptime.plusNanos(Math.max(0, digest.nanosUntilDue()));
      String due = new String(digest.due(), StandardCharsets.UTF_8);
      screen.append(due);
    }
    uptime = end;
  }

  private void emit(String module, String type, Object... namesAndValues) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      attributes.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    byte[] lines = digest.accept(module, DocumentedEvents.of(type, START.plus(uptime), attributes));
    screen.append(new String(lines, StandardCharsets.UTF_8));
  }

  private void emitApplication(String type, int pid, @Nullable Duration started) {
    String startedAt = String.valueOf(started == null ? null : START.plus(started));
    emit("application-discovery", type, "pid", pid, "name", "app", "startedAt", startedAt);
  }

  private List<String> lines() {
    return screen.toString().lines().toList();
  }

  private void passStart() {
    after(Duration.ofSeconds(61));
    screen.setLength(0);
  }

  @Test
  void countsWhatWasFoundAtTheStart() {
    for (int pid = 1; pid <= 200; pid++) {
      emit("application-discovery", "ApplicationFound", "pid", pid, "name", "sleep");
    }
    emit("application-discovery", "ApplicationFound", "product", "Redis", "version", "7.0.15");
    emit("container-metrics", "ContainerFound", "containerName", "web");
    after(Duration.ofSeconds(1));
    emit("log-discovery", "LogFileFound", "path", "/var/log/a");
    emit("log-discovery", "LogFileFound", "path", "/var/log/b");
    assertThat(lines()).isEmpty();

    after(Duration.ofSeconds(2));

    assertThat(lines())
        .containsExactly(
            "16:21:42  Found: 201 applications, 1 container, 2 log files",
            "16:21:42  Among them: Redis 7.0.15");
  }

  @Test
  void printsWhatIsFoundLater() {
    passStart();

    emit("log-discovery", "LogFileFound", "path", "/var/log/new");

    assertThat(lines()).containsExactly("16:22:40  Log file found       /var/log/new");
  }

  @Test
  void doesNotWaitForTheEndOfALookThatTakesLong() {
    for (int second = 0; second < 10; second++) {
      emit("log-discovery", "LogFileFound", "path", "/var/log/" + second);
      after(Duration.ofSeconds(1));
    }

    assertThat(lines()).containsExactly("16:21:49  Found: 10 log files");
  }

  @Test
  void countsWhatAModuleFindsAtItsFirstLookThatBeginsLate() {
    emit("container-metrics", "ContainerFound", "containerName", "web");
    after(Duration.ofSeconds(30));
    for (int file = 0; file < 30; file++) {
      emit("log-discovery", "LogFileFound", "path", "/var/log/" + file);
    }
    after(Duration.ofSeconds(3));

    assertThat(lines())
        .containsExactly("16:21:41  Found: 1 container", "16:22:11  Found: 30 log files");
  }

  @Test
  void printsWhatIsFoundByALaterLook() {
    emit("log-discovery", "LogFileFound", "path", "/var/log/first");
    after(Duration.ofSeconds(30));

    emit("log-discovery", "LogFileFound", "path", "/var/log/second");

    assertThat(lines().getLast()).endsWith("Log file found       /var/log/second");
  }

  @Test
  void printsAnApplicationThatGoesOnRunning() {
    passStart();

    emitApplication("ApplicationStarted", 812, uptime);
    assertThat(lines()).isEmpty();
    after(Duration.ofSeconds(3));

    assertThat(lines()).containsExactly("16:22:43  Application started  app, pid 812");
  }

  @Test
  void printsAnApplicationWithItsPortsOnceTheyAreKnown() {
    passStart();
    emitApplication("ApplicationStarted", 812, uptime);
    after(Duration.ofSeconds(2));

    List<Map<String, Object>> ports = List.of(Map.of("protocol", "tcp", "port", 6379));
    emit(
        "application-discovery",
        "ApplicationPortsChanged",
        "pid",
        812,
        "name",
        "app",
        "ports",
        ports,
        "opened",
        ports);
    after(Duration.ofSeconds(20));

    assertThat(lines()).containsExactly("16:22:42  Application started  app, pid 812, port 6379");
  }

  @Test
  void countsApplicationsThatEndAtOnce() {
    passStart();
    for (int pid = 1; pid <= 17; pid++) {
      emitApplication("ApplicationStarted", pid, uptime);
      emitApplication("ApplicationEnded", pid, uptime);
    }
    for (int pid = 1; pid <= 40; pid++) {
      emit("application-discovery", "ProcessVanished", "pid", pid);
    }
    after(Duration.ofSeconds(20));

    assertThat(lines())
        .containsExactly(
            "16:22:50  74 more: 40 processes vanished, 17 applications started, 17 applications"
                + " ended. All of them: --events json");
  }

  @Test
  void printsTheEndOfAnApplicationThatHasRunForLong() {
    passStart();

    emitApplication("ApplicationEnded", 1, Duration.ofSeconds(1));
    emitApplication("ApplicationEnded", 2, uptime.minusSeconds(1));
    emitApplication("ApplicationEnded", 3, null);

    assertThat(lines())
        .containsExactly(
            "16:22:40  Application ended    app, pid 1",
            "16:22:40  Application ended    app, pid 3");
  }

  @Test
  void countsWhatComesFasterThanItCanBeRead() {
    passStart();
    for (int i = 0; i < 100; i++) {
      emit("container-metrics", "ContainerStarted", "containerName", "web-" + i);
    }
    after(Duration.ofSeconds(10));

    assertThat(lines()).hasSize(7);
    assertThat(lines().getLast())
        .isEqualTo("16:22:50  94 more: 94 containers started. All of them: --events json");

    screen.setLength(0);
    emit("container-metrics", "ContainerStarted", "containerName", "later");
    assertThat(lines()).hasSize(1);
    emit("application-discovery", "ProcessVanished", "pid", 3);
    after(Duration.ofSeconds(10));
    assertThat(lines().getLast()).endsWith("1 more: 1 process vanished");
  }

  @Test
  void letsNoProgramHideTheOthersThatStart() {
    passStart();
    for (int pid = 1; pid <= 20; pid++) {
      emitApplication("ApplicationStarted", pid, uptime);
    }
    emit("application-discovery", "ApplicationStarted", "pid", 812, "product", "Redis");
    after(Duration.ofSeconds(13));

    assertThat(lines())
        .containsExactly(
            "16:22:43  Application started  app, pid 1",
            "16:22:43  Application started  app, pid 2",
            "16:22:43  Application started  Redis, pid 812",
            "16:22:53  18 more: 18 applications started. All of them: --events json");
  }

  @Test
  void printsEveryFaultOfTheHostAndOfTheAgent() {
    for (int i = 0; i < 100; i++) {
      emit("host-events", "OOMKilling", "process", "hog", "pid", i);
      emit("agent", "EventsLost", "lostModule", "host-events", "count", 12);
    }

    assertThat(lines()).hasSize(200);
  }

  @Test
  void printsOnlySomeFaultsOfThePastAndCountsTheRest() {
    for (int i = 0; i < 30; i++) {
      emit("host-events", "OOMKilling", "process", "hog", "pid", i, "historical", true);
    }
    after(Duration.ofSeconds(10));

    assertThat(lines()).hasSize(6);
    assertThat(lines().getLast()).contains("25 more: 25 OOM killings.");
  }

  @Test
  void countsApplicationsThatAreFoundAgain() {
    passStart();

    emit("application-discovery", "ApplicationFound", "pid", 1, "name", "app");
    after(Duration.ofSeconds(10));

    assertThat(lines()).containsExactly("16:22:42  Found: 1 application");
  }

  @Test
  void losesNothingAtTheEnd() {
    emit("application-discovery", "ApplicationFound", "pid", 1, "name", "app");
    emitApplication("ApplicationStarted", 2, uptime);
    emit("application-discovery", "ProcessVanished", "pid", 3);

    screen.append(new String(digest.end(), StandardCharsets.UTF_8));

    assertThat(lines())
        .containsExactly(
            "16:21:39  Found: 1 application",
            "16:21:39  2 more: 1 process vanished, 1 application started. All of them: --events"
                + " json");
    assertThat(digest.nanosUntilDue()).isEqualTo(EventFormat.NEVER);
  }

  @Test
  void isNoWiderThanATerminalAndCountsEveryTypeAllTheSame() {
    passStart();
    long emitted = 0;
    for (int type = 0; type < 60; type++) {
      for (int i = 0; i < 30; i++) {
        emit("some-module", "ThingOfKind" + (char) ('A' + type % 26) + "x" + type, "a", 1);
        emitted++;
      }
    }
    long printed = lines().size();
    after(Duration.ofSeconds(10));

    assertThat(lines()).allMatch(line -> line.length() <= TextLines.WIDTH);
    assertThat(lines().getLast())
        .contains("  " + (emitted - printed) + " more: ")
        .contains(" others");
  }

  @Test
  void waitsForNothingWhereNothingHappens() {
    after(Duration.ofSeconds(60));

    assertThat(lines()).isEmpty();
    assertThat(digest.nanosUntilDue()).isEqualTo(EventFormat.NEVER);
  }
}
