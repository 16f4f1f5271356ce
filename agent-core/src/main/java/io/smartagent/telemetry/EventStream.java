package io.smartagent.telemetry;

import io.smartagent.module.BackgroundThread;
import io.smartagent.module.Event;
import io.smartagent.module.EventSink;
import io.smartagent.module.EventType;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events as lines, of JSON or of words. The caller never waits: a queue of fixed length lies
 * between, and one thread writes. Where the reader is too slow, or gone, events are lost, and the
 * next line that gets through has their number.
 */
public final class EventStream implements EventSink {

  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

  private static final EventType LOST =
      EventType.warning(
              "EventsLost",
              "Events of lostModule were not written, because the reader was too slow. Reported in"
                  + " the stream of events itself.")
          .shownAs("Events lost", "lostEvents")
          .notInKubernetes();

  /** A few seconds of a busy host; a queue of large events still stays below ten megabytes. */
  private static final int CAPACITY = 2048;

  private static final long STACK_SIZE = 256 * 1024;

  /**
   * @param event null wakes the writer up without anything to write
   */
  private record Accepted(String module, @Nullable Event event) {}

  private final OutputStream out;
  private final BlockingQueue<Accepted> queue;
  private final Map<String, LongAdder> emitted = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> lost = new ConcurrentHashMap<>();
  private final Thread writer;
  private final EventFormat format;

  /** What has been reported of {@link #lost}; only the writer's. */
  private final Map<String, Long> reported = new HashMap<>();

  private volatile boolean closing;
  private boolean broken;

  /**
   * Makes a stream of JSON lines that does not write yet.
   *
   * @param out where the lines go; each is flushed, nothing else may write there
   */
  public EventStream(OutputStream out) {
    this(out, CAPACITY);
  }

  EventStream(OutputStream out, int capacity) {
    this(out, new EventJson(), capacity);
  }

  private EventStream(OutputStream out, EventFormat format, int capacity) {
    this.out = out;
    this.format = format;
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.writer = BackgroundThread.named("events", STACK_SIZE).unstarted(this::write);
  }

  /**
   * Makes a stream of text lines that does not write yet: what is worth attention one by one, the
   * rest as counts.
   *
   * @param out where the lines go; each is flushed, nothing else may write there
   */
  public static EventStream inWords(OutputStream out) {
    return new EventStream(out, EventDigest.ofThisProcess(), CAPACITY);
  }

  /** Starts the thread that writes; it inherits the capabilities of the calling thread. */
  public void start() {
    writer.start();
  }

  @Override
  public void accept(String module, Event event) {
    if (closing || !queue.offer(new Accepted(module, event))) {
      count(lost, module);
    }
  }

  private static void count(Map<String, LongAdder> counters, String module) {
    counters.computeIfAbsent(module, id -> new LongAdder()).increment();
  }

  private void write() {
    try {
      while (!closing || !queue.isEmpty()) {
        Accepted accepted = queue.poll(format.nanosUntilDue(), TimeUnit.NANOSECONDS);
        if (accepted != null && accepted.event() != null) {
          write(accepted.module(), accepted.event());
        }
        writeLines(format::due);
      }
      writeLines(format::end);
    } catch (InterruptedException e) {
      LOG.debug("The writer of events was interrupted.", e);
    }
  }

  private void write(String module, Event event) {
    try {
      reportLosses();
      print(format.accept(module, event));
      count(emitted, module);
      if (broken) {
        broken = false;
        LOG.info("Events can be written again.");
      }
    } catch (RuntimeException e) {
      count(lost, module);
      LOG.warn("An event of module {} cannot be written: {}.", module, e.toString());
      LOG.debug("The exception was:", e);
    } catch (IOException e) {
      count(lost, module);
      reportBroken(e);
    }
  }

  /** Their events were counted when they came. */
  private void writeLines(Supplier<byte[]> lines) {
    try {
      print(lines.get());
    } catch (RuntimeException e) {
      LOG.warn("Events that were counted cannot be written: {}.", e.toString());
      LOG.debug("The exception was:", e);
    } catch (IOException e) {
      reportBroken(e);
    }
  }

  private void reportBroken(IOException e) {
    if (!broken) {
      broken = true;
      LOG.warn(
          "Events cannot be written to stdout: {}. They are lost until it can be written again.",
          e.getMessage());
    }
  }

  private void print(byte[] lines) throws IOException {
    if (lines.length > 0) {
      out.write(lines);
      out.flush();
    }
  }

  /** In the stream itself, for there its reader would otherwise believe that nothing happened. */
  private void reportLosses() throws IOException {
    for (Map.Entry<String, LongAdder> entry : lost.entrySet()) {
      String module = entry.getKey();
      long now = entry.getValue().sum();
      long more = now - reported.getOrDefault(module, 0L);
      if (more > 0) {
        print(format.accept(AGENT, lost(Instant.now(), module, more)));
        reported.put(module, now);
        LOG.warn("{} events of module {} are lost: stdout was not read in time.", more, module);
      }
    }
  }

  private static Event lost(Instant time, String module, long count) {
    return Event.of(LOST, time).put("lostModule", module).count(count).build();
  }

  /** Returns an example of each of the stream's own events. */
  public static List<Event> examples() {
    return List.of(lost(Instant.parse("2026-03-01T10:15:30.120Z"), "host-events", 12));
  }

  /**
   * Takes no more events and waits until those that were accepted are written.
   *
   * @param timeout after which what is not written never will be
   * @return whether all are written
   */
  public boolean close(Duration timeout) throws InterruptedException {
    closing = true;
    long deadline = System.nanoTime() + timeout.toNanos();
    if (!queue.offer(new Accepted(AGENT, null), timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    return writer.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
  }

  /** Returns how many events of each module were written. */
  public Map<String, Long> emitted() {
    return sums(emitted);
  }

  /** Returns how many events of each module were not and will not be written. */
  public Map<String, Long> lost() {
    return sums(lost);
  }

  private static Map<String, Long> sums(Map<String, LongAdder> counters) {
    Function<LongAdder, Long> sum = LongAdder::sum;
    Map<String, Long> sums = new HashMap<>();
    counters.forEach((module, counter) -> sums.put(module, sum.apply(counter)));
    return sums;
  }
}
