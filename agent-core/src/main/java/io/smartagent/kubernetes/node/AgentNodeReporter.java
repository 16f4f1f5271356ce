package io.smartagent.kubernetes.node;

import io.smartagent.kubernetes.client.ApiClient;
import io.smartagent.kubernetes.client.ApiCondition;
import io.smartagent.kubernetes.client.ApiRequestException;
import io.smartagent.limit.Backoff;
import io.smartagent.limit.TokenBucket;
import io.smartagent.telemetry.StatusReport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the node's AgentNode up to date: reports what has changed, and no more often than a cluster
 * of thousands of such nodes can take. FLEET.md has the arithmetic.
 */
public final class AgentNodeReporter {

  /** Between two looks at the agent, which cost nothing: the minimum between two writes. */
  static final Duration LOOK = Duration.ofSeconds(10);

  /** Between two looks at an agent that starts: it is reported once, when it is complete. */
  static final Duration LOOK_AT_START = Duration.ofSeconds(1);

  /** A start that takes longer is reported. */
  static final Duration START = Duration.ofSeconds(60);

  /** Between two looks at the object, which another client may have changed or deleted. */
  static final Duration RESYNC = Duration.ofMinutes(30);

  private static final int WRITES_AT_ONCE = 6;
  private static final Duration ONE_MORE_WRITE = Duration.ofMinutes(1);
  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(2);
  private static final Duration MAX_BACKOFF = Duration.ofMinutes(5);

  private final AgentNodes nodes;
  private final Supplier<StatusReport> reports;
  private final ApiCondition condition;
  private final InstantSource clock;
  private final LongSupplier nanoseconds;
  private final RandomGenerator random;
  private final Backoff backoff;
  private final TokenBucket budget;
  private final long startedAt;
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();

  private @Nullable AgentNodeStatus reported;
  private boolean known;
  private long readAgainAt;

  /**
   * @param nodes where it is kept
   * @param reports what the agent reports about itself now
   * @param condition receives what keeps it from its work
   * @param nanoseconds a monotonic clock
   */
  AgentNodeReporter(
      AgentNodes nodes,
      Supplier<StatusReport> reports,
      ApiCondition condition,
      InstantSource clock,
      LongSupplier nanoseconds,
      RandomGenerator random) {
    this.nodes = nodes;
    this.reports = reports;
    this.condition = condition;
    this.clock = clock;
    this.nanoseconds = nanoseconds;
    this.random = random;
    this.backoff = new Backoff(FIRST_BACKOFF, MAX_BACKOFF, random);
    this.startedAt = nanoseconds.getAsLong();
    this.budget = new TokenBucket(WRITES_AT_ONCE, ONE_MORE_WRITE, startedAt);
  }

  /**
   * Returns the one that keeps a node's object in the cluster.
   *
   * @param node the Node's name; one that {@link NodeName} takes
   */
  public static AgentNodeReporter of(
      ApiClient api,
      String node,
      Supplier<StatusReport> reports,
      ApiCondition condition,
      RandomGenerator random) {
    return new AgentNodeReporter(
        new ClusterAgentNodes(api, node),
        reports,
        condition,
        InstantSource.system(),
        System::nanoTime,
        random);
  }

  /** Does what is to be done now, and returns how long nothing is to be done then. */
  public Duration turn() {
    boolean wasKnown = known;
    try {
      Duration pause = report();
      condition.recovered();
      backoff.reset();
      return pause;
    } catch (ApiRequestException e) {
      failures.incrementAndGet();
      if (e.isObjectMissing()) {
        known = false;
        reported = null;
        if (wasKnown) {
          // Another client has deleted it, which is no failure as long as it can be created.
          return Duration.ZERO;
        }
      }
      condition.failed(e.failure());
      return backoff.next(e.retryAfter());
    }
  }

  private Duration report() throws ApiRequestException {
    StatusReport report = reports.get();
    long now = nanoseconds.getAsLong();
    if (isStarting(report) && now - startedAt < START.toNanos()) {
      return LOOK_AT_START;
    }
    if (!known || now - readAgainAt >= 0) {
      read(now);
    }
    AgentNodeStatus status = StatusSummary.of(report, reported, clock.instant());
    if (status.equals(reported)) {
      return LOOK;
    }
    if (!budget.tryTake(now)) {
      return budget.untilNext(now);
    }
    nodes.write(status);
    writes.incrementAndGet();
    reported = status;
    return LOOK;
  }

  private static boolean isStarting(StatusReport report) {
    return report.attestation() == null || (report.attestation().passed() && !report.allStarted());
  }

  private void read(long now) throws ApiRequestException {
    reported = readOrCreate();
    known = true;
    double shift = 0.8 + 0.4 * random.nextDouble();
    readAgainAt = now + (long) (RESYNC.toNanos() * shift);
  }

  private @Nullable AgentNodeStatus readOrCreate() throws ApiRequestException {
    try {
      return nodes.read();
    } catch (ApiRequestException e) {
      if (!e.isObjectMissing()) {
        throw e;
      }
      nodes.create();
      return null;
    }
  }

  /** Reports the shutdown, if anything was reported before. Tried once. */
  public void end() {
    AgentNodeStatus last = reported;
    if (last == null) {
      return;
    }
    try {
      nodes.write(StatusSummary.ended(last, clock.instant()));
      writes.incrementAndGet();
    } catch (ApiRequestException e) {
      failures.incrementAndGet();
    }
  }

  /** Returns how often the object was written. */
  public long writes() {
    return writes.get();
  }

  /** Returns how often the server did not do what it was asked. */
  public long failures() {
    return failures.get();
  }
}
