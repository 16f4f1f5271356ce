package io.smartagent.modules.kernellog;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.log.KernelLog;
import io.smartagent.kernel.log.KernelLogRecords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SyslogSourceTest {

  /** A ring buffer of lines, as syslog(2) shows it. */
  private static final class RingBuffer implements KernelLog {

    private final List<String> lines = new ArrayList<>();
    private final int capacity;

    RingBuffer(int capacity) {
      this.capacity = capacity;
    }

    void write(String... added) {
      lines.addAll(List.of(added));
      while (lines.size() > capacity) {
        lines.removeFirst();
      }
    }

    void clear() {
      lines.clear();
    }

    @Override
    public int bufferSize() {
      return 1 << 18;
    }

    @Override
    public byte[] readAll(int limit) {
      StringBuilder text = new StringBuilder();
      for (String line : lines.reversed()) {
        if (text.length() + line.length() + 1 > limit) {
          break;
        }
        text.insert(0, line + "\n");
      }
      return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public KernelLogRecords openRecords(String device) {
      throw new UnsupportedOperationException("syslog(2) opens no device");
    }
  }

  private static String line(int second) {
    return "<6>[%5d.000000] line %d".formatted(second, second);
  }

  private static String[] lines(int from, int to) {
    return IntStream.range(from, to).mapToObj(SyslogSourceTest::line).toArray(String[]::new);
  }

  private static List<String> texts(SyslogSource source) throws Exception {
    KernelLogSource.Batch batch = source.poll();
    assertThat(batch.caughtUp()).isTrue();
    return batch.lines().stream().map(KernelLogLine::text).toList();
  }

  @Test
  void tellsEveryLineOnce() throws Exception {
    RingBuffer log = new RingBuffer(100);
    log.write(line(1), line(2));
    SyslogSource source = new SyslogSource(log);

    assertThat(texts(source)).containsExactly("line 1", "line 2");
    assertThat(texts(source)).isEmpty();
    log.write(line(3));
    assertThat(texts(source)).containsExactly("line 3");
    assertThat(texts(source)).isEmpty();
  }

  @Test
  void goesOnAfterSomebodyHasClearedTheLog() throws Exception {
    RingBuffer log = new RingBuffer(100);
    log.write(lines(1, 50));
    SyslogSource source = new SyslogSource(log);
    texts(source);

    log.clear();
    assertThat(texts(source)).isEmpty();
    log.write(line(60));
    assertThat(texts(source)).containsExactly("line 60");
    log.clear();
    log.write(line(61), line(62));
    assertThat(texts(source)).containsExactly("line 61", "line 62");
  }

  @Test
  void goesOnAfterTheBufferHasWrapped() throws Exception {
    RingBuffer log = new RingBuffer(10);
    log.write(lines(1, 10));
    SyslogSource source = new SyslogSource(log);
    texts(source);

    log.write(lines(100, 130));

    assertThat(texts(source)).hasSize(10).startsWith("line 120").endsWith("line 129");
  }

  @Test
  void readsAllWhereMoreWasWrittenThanTheEndHolds() throws Exception {
    RingBuffer log = new RingBuffer(100_000);
    log.write(lines(1, 10));
    SyslogSource source = new SyslogSource(log);
    texts(source);

    log.write(lines(10, 5000));

    assertThat(texts(source)).hasSize(4990).startsWith("line 10").endsWith("line 4999");
    log.write(line(5000));
    assertThat(texts(source)).containsExactly("line 5000");
  }

  @Test
  void tellsLinesOfTwoProcessorsThatArriveOutOfOrder() throws Exception {
    RingBuffer log = new RingBuffer(100);
    log.write("<6>[   10.000500] a");
    SyslogSource source = new SyslogSource(log);
    texts(source);

    log.write("<6>[   10.000300] b");

    assertThat(texts(source)).containsExactly("b");
  }

  @Test
  void tellsLinesWithoutStamps() throws Exception {
    RingBuffer log = new RingBuffer(100);
    log.write("<6>a");
    SyslogSource source = new SyslogSource(log);
    texts(source);

    log.write("<6>b");

    assertThat(texts(source)).containsExactly("b");
  }
}
