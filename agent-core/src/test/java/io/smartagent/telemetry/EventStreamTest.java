package io.smartagent.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smartagent.module.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class EventStreamTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  /** A reader of stdout, which may not read. */
  private static final class Reader extends OutputStream {

    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final CountDownLatch writing = new CountDownLatch(1);
    private final CountDownLatch reading = new CountDownLatch(1);
    private volatile boolean gone;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      writing.countDown();
      try {
        reading.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (gone) {
        throw new IOException("Broken pipe");
      }
      synchronized (read) {
        read.write(bytes, offset, length);
      }
    }

    String text() {
      synchronized (read) {
        return read.toString(StandardCharsets.UTF_8);
      }
    }
  }

  private final Reader reader = new Reader();

  private static Event event(int number) {
    return DocumentedEvents.of("Tick", Instant.EPOCH, Map.of("number", number));
  }

  @Test
  void writesWhatWasReportedBeforeItIsClosed() throws InterruptedException {
    EventStream stream = new EventStream(reader);
    reader.reading.countDown();
    stream.start();

    for (int i = 0; i < 100; i++) {
      stream.accept("m", event(i));
    }

    assertThat(stream.close(SOON)).isTrue();
    assertThat(reader.text()).hasLineCount(100).endsWith("\"number\":99}\n");
    assertThat(stream.emitted()).containsExactly(Map.entry("m", 100L));
    assertThat(stream.lost()).isEmpty();
  }

  @Test
  void dropsAndReportsWhatIsNotReadInTimeWithoutBlocking() throws InterruptedException {
    EventStream stream = new EventStream(reader, 4);
    stream.start();
    stream.accept("m", event(0));
    reader.writing.await();

    for (int i = 1; i <= 10; i++) {
      stream.accept("m", event(i));
    }

    assertThat(stream.lost()).containsExactly(Map.entry("m", 6L));
    reader.reading.countDown();
    assertThat(stream.close(SOON)).isTrue();
    assertThat(reader.text())
        .contains("\"module\":\"agent\",\"type\":\"EventsLost\"")
        .contains("\"lostModule\":\"m\"")
        .contains("\"count\":6");
    assertThat(stream.emitted()).containsEntry("m", 5L);
  }

  @Test
  void doesNotWaitForAReaderThatNeverReads() throws InterruptedException {
    EventStream stream = new EventStream(reader, 1);
    stream.start();
    stream.accept("m", event(0));
    reader.writing.await();
    stream.accept("m", event(1));

    assertThat(stream.close(Duration.ofMillis(20))).isFalse();
    reader.reading.countDown();
  }

  @Test
  void countsWhatIsNotReadAndContinuesWhenItIs() throws InterruptedException {
    EventStream stream = new EventStream(reader);
    reader.gone = true;
    reader.reading.countDown();
    stream.start();

    stream.accept("m", event(0));
    await().until(() -> stream.lost().equals(Map.of("m", 1L)));
    reader.gone = false;
    stream.accept("m", event(1));

    assertThat(stream.close(SOON)).isTrue();
    assertThat(stream.emitted()).containsExactly(Map.entry("m", 1L));
    assertThat(reader.text()).contains("\"count\":1").endsWith("\"number\":1}\n");
  }

  @Test
  void survivesAnEventThatCannotBeWritten() throws InterruptedException {
    EventStream stream = new EventStream(reader);
    reader.reading.countDown();
    stream.start();
    Object untellable =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("no words");
          }
        };

    stream.accept("m", DocumentedEvents.of("Tick", Instant.EPOCH, Map.of("what", untellable)));
    stream.accept("m", event(1));

    assertThat(stream.close(SOON)).isTrue();
    assertThat(stream.lost()).containsExactly(Map.entry("m", 1L));
    assertThat(reader.text()).endsWith("\"number\":1}\n");
  }

  @Test
  void countsWhatIsReportedAfterTheEnd() throws InterruptedException {
    EventStream stream = new EventStream(reader);
    reader.reading.countDown();
    stream.start();
    assertThat(stream.close(SOON)).isTrue();

    stream.accept("m", event(0));

    assertThat(stream.lost()).containsExactly(Map.entry("m", 1L));
  }

  @Test
  void writesInWordsWhatIsCountedTooBeforeItIsClosed() throws InterruptedException {
    EventStream stream = EventStream.inWords(reader);
    reader.reading.countDown();
    stream.start();

    stream.accept(
        "host-events", DocumentedEvents.of("OOMKilling", Instant.now(), Map.of("process", "hog")));
    for (int i = 0; i < 100; i++) {
      stream.accept("m", DocumentedEvents.of("ProcessVanished", Instant.now(), Map.of("pid", i)));
    }

    assertThat(stream.close(SOON)).isTrue();
    assertThat(reader.text().lines())
        .satisfiesExactly(
            line -> assertThat(line).endsWith("  OOM kill             hog"),
            line -> assertThat(line).contains("  100 more: 100 processes vanished."));
    assertThat(stream.emitted()).containsOnly(Map.entry("m", 100L), Map.entry("host-events", 1L));
  }

  @Test
  void writesInWordsWhatIsDueWithoutAnotherEvent() throws InterruptedException {
    EventStream stream = EventStream.inWords(reader);
    reader.reading.countDown();
    stream.start();

    stream.accept("m", DocumentedEvents.of("ThingFound", Instant.now(), Map.of()));

    await().atMost(SOON).until(() -> reader.text().contains("Found: 1 thing"));
    assertThat(stream.close(SOON)).isTrue();
  }
}
