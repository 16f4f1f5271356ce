package io.smartagent.kubernetes.event;

import io.smartagent.kubernetes.client.ApiClient;
import io.smartagent.kubernetes.client.ApiCondition;
import io.smartagent.kubernetes.client.ApiFailure.Kind;
import io.smartagent.kubernetes.client.ApiRequestException;
import io.smartagent.limit.Backoff;
import io.smartagent.module.Event;
import io.smartagent.module.EventSink;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports to Kubernetes what happens to the node and its pods. A caller never waits: a queue of
 * fixed length lies between, and one thread writes. While the server is not available, what is
 * alike becomes one Event.
 */
public final class KubernetesEvents implements EventSink {

  private static final Logger LOG = LoggerFactory.getLogger(KubernetesEvents.class);

  private static final int CAPACITY = 256;

  /** Between two looks at what is due, where nothing happens. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(2);
  private static final Duration MAX_BACKOFF = Duration.ofMinutes(2);

  private final EventTranslator translator;
  private final EventStore store;
  private final ApiCondition condition;
  private final LongSupplier nanoseconds;
  private final EventAggregator aggregator;
  private final Backoff backoff;
  private final BlockingQueue<Occurrence> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final AtomicLong overflown = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private long notBefore;

  /**
   * @param node the Node's name; empty where it is not known
   * @param condition receives what keeps Events from being written
   * @param nanoseconds a monotonic clock
   */
  KubernetesEvents(
      String node,
      EventStore store,
      ApiCondition condition,
      LongSupplier nanoseconds,
      RandomGenerator random) {
    this.translator = new EventTranslator(node);
    this.store = store;
    this.condition = condition;
    this.nanoseconds = nanoseconds;
    this.notBefore = nanoseconds.getAsLong();
    this.aggregator =
        new EventAggregator(() -> HexFormat.of().toHexDigits(random.nextLong()), notBefore);
    this.backoff = new Backoff(FIRST_BACKOFF, MAX_BACKOFF, random);
  }

  /**
   * Returns the one that reports to a cluster.
   *
   * @param node the Node's name; empty where it is not known
   */
  public static KubernetesEvents of(
      ApiClient api, String node, ApiCondition condition, RandomGenerator random) {
    return new KubernetesEvents(
        node, new ClusterEventStore(api, node), condition, System::nanoTime, random);
  }

  @Override
  public void accept(String module, Event event) {
    Occurrence occurrence = translator.translate(event);
    if (occurrence != null && !queue.offer(occurrence)) {
      overflown.addAndGet(occurrence.count());
    }
  }

  /** Waits for what happens, or for what is due, and writes it. */
  public void turn() throws InterruptedException {
    Occurrence next = queue.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    writeDue(next);
  }

  /**
   * Takes what has happened and writes what is due.
   *
   * @param next what was taken of the queue already; null where nothing was
   */
  void writeDue(@Nullable Occurrence next) {
    Occurrence first = next == null ? queue.poll() : next;
    for (Occurrence each = first; each != null; each = queue.poll()) {
      aggregator.add(each, nanoseconds.getAsLong());
    }
    while (nanoseconds.getAsLong() - notBefore >= 0) {
      EventSeries due = aggregator.next(nanoseconds.getAsLong());
      if (due == null) {
        return;
      }
      write(due);
    }
  }

  private void write(EventSeries series) {
    try {
      if (series.isWritten()) {
        store.update(series);
      } else {
        store.create(series);
      }
      series.hasBeenWritten(nanoseconds.getAsLong());
      written.incrementAndGet();
      condition.recovered();
      backoff.reset();
    } catch (ApiRequestException e) {
      failures.incrementAndGet();
      if (series.isWritten() && e.isObjectMissing()) {
        series.isGone();
      } else if (isRefused(e)) {
        aggregator.refuse(series);
      } else {
        condition.failed(e.failure());
        notBefore = nanoseconds.getAsLong() + backoff.next(e.retryAfter()).toNanos();
      }
    } catch (RuntimeException e) {
      // It would be thrown again and again, and the others would wait for that.
      LOG.warn("An Event could not be written: {}.", e.toString());
      LOG.debug("The exception was:", e);
      aggregator.refuse(series);
    }
  }

  /** Another attempt would end the same, and others need not. */
  private static boolean isRefused(ApiRequestException e) {
    return e.isNamespaceTerminating() || e.isObjectMissing() || e.failure().kind() == Kind.INVALID;
  }

  /** Returns how often an Event was created or changed. */
  public long written() {
    return written.get();
  }

  /** Returns how often the server did not do what it was asked. */
  public long failures() {
    return failures.get();
  }

  /** Returns how many events were dropped, by reason; every reason is there. */
  public Map<DropReason, Long> dropped() {
    Map<DropReason, Long> all = new EnumMap<>(DropReason.class);
    Map<DropReason, Long> counted = aggregator.dropped();
    for (DropReason reason : DropReason.values()) {
      all.put(reason, counted.getOrDefault(reason, 0L));
    }
    all.merge(DropReason.QUEUE, overflown.get(), Long::sum);
    return all;
  }
}
