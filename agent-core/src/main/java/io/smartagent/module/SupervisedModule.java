package io.smartagent.module;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A module over all its lives: what it said, how often it failed, when it is due again. */
final class SupervisedModule {

  private static final Logger LOG = LoggerFactory.getLogger(SupervisedModule.class);

  /** Of virtual memory; the pages that a module never touches cost nothing. */
  private static final long STACK_SIZE = 512 * 1024;

  private final ModulePlan plan;
  private final ModuleHost host;
  private final RestartPolicy policy;
  private final Runnable changed;

  /** For a module that was requested to end, so that it can be started with other settings. */
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);

  private volatile ModuleSettings settings;
  private @Nullable String leftOut;
  private boolean renewing;
  private long endBy;
  private @Nullable ModuleRun run;
  private @Nullable Thread thread;
  private boolean started;
  private boolean stopped;
  private int failures;
  private long restarts;
  private long runningSince;
  private long dueAt = System.nanoTime();
  private boolean degraded;
  private @Nullable String lastError;
  private @Nullable String observed;
  private @Nullable Instant observedAt;

  /**
   * @param changed called, on the module's thread, when it has ended
   */
  SupervisedModule(ModulePlan plan, ModuleHost host, RestartPolicy policy, Runnable changed) {
    this.plan = plan;
    this.host = host;
    this.policy = policy;
    this.changed = changed;
    this.settings = host.settings();
  }

  ModulePlan plan() {
    return plan;
  }

  /** Returns what holds now, also while it is requested to end because of it. */
  ModuleSettings settings() {
    return settings;
  }

  private boolean isWanted() {
    return plan.state() != ModuleState.DISABLED && leftOut == null;
  }

  /**
   * Takes other settings. Where the module is concerned it is requested to end, and is started
   * again once it has ended, as if it had never failed.
   *
   * @param affected whether it uses a setting that has changed
   * @param reason why it is not to run; null where it is
   */
  synchronized void configure(ModuleSettings next, boolean affected, @Nullable String reason) {
    boolean wasLeftOut = leftOut != null;
    boolean switched = wasLeftOut != (reason != null);
    settings = next;
    leftOut = reason;
    if (plan.state() == ModuleState.DISABLED || stopped || !(switched || affected)) {
      return;
    }
    renewing = true;
    failures = 0;
    degraded = false;
    dueAt = System.nanoTime();
    if (run != null && !run.isStopping()) {
      run.stop();
      endBy = System.nanoTime() + ENDS_WITHIN.toNanos();
    }
  }

  /**
   * Starts it where it is due, on a new thread of the caller's capabilities.
   *
   * @return how long it is until it will be due, in nanoseconds; {@link Long#MAX_VALUE} where it
   *     runs or is never to
   */
  synchronized long startIfDue() {
    if (run != null && !stopped && run.isStopping()) {
      return hurry();
    }
    if (!isWanted() || stopped || run != null) {
      return Long.MAX_VALUE;
    }
    long wait = dueAt - System.nanoTime();
    if (wait > 0) {
      return wait;
    }
    start();
    return run == null ? Math.max(1, dueAt - System.nanoTime()) : Long.MAX_VALUE;
  }

  /** Ends its pause, where it makes one. */
  synchronized void wakeUp() {
    if (run != null) {
      run.wakeUp();
    }
  }

  /** A module that waits for something is woken up, again and again. */
  private long hurry() {
    long wait = endBy - System.nanoTime();
    if (wait > 0) {
      return wait;
    }
    if (thread != null) {
      thread.interrupt();
    }
    if (!degraded) {
      hasDegraded("it does not end, so it still runs with its former settings");
    }
    endBy = System.nanoTime() + ENDS_WITHIN.toNanos();
    return ENDS_WITHIN.toNanos();
  }

  private void start() {
    if (failures > 0) {
      restarts++;
    }
    degraded = false;
    runningSince = System.nanoTime();
    ModuleRun next = new ModuleRun(this, host);
    Thread body = BackgroundThread.named(plan.id(), STACK_SIZE).unstarted(next);
    run = next;
    thread = body;
    try {
      body.start();
    } catch (OutOfMemoryError noThread) {
      run = null;
      thread = null;
      failed("no thread could be made for it; raise the container's limit of pids or memory");
    }
  }

  synchronized void hasStarted() {
    started = true;
    renewing = false;
  }

  /**
   * @param failure why it ended; null where it was requested to
   */
  void hasEnded(@Nullable String failure) {
    synchronized (this) {
      run = null;
      thread = null;
      if (failure != null) {
        failed(failure);
      }
    }
    changed.run();
  }

  private void failed(String failure) {
    started = true;
    renewing = false;
    failures = isWell() ? 1 : failures + 1;
    lastError = failure;
    Duration pause = policy.pauseAfter(failures);
    dueAt = System.nanoTime() + pause.toNanos();
    LOG.warn(
        "Module {} failed: {}. It is started again in {} s; the other modules go on.",
        plan.id(),
        failure,
        pause.toSeconds());
  }

  /** Whether what went wrong before this run is forgotten. */
  private boolean isWell() {
    return failures == 0 || System.nanoTime() - runningSince >= policy.wellAfter().toNanos();
  }

  synchronized void hasObserved(String what) {
    observed = what;
    observedAt = Instant.now();
  }

  synchronized void hasDegraded(String what) {
    boolean wasDegraded = degraded;
    degraded = !what.isEmpty();
    if (degraded && !(wasDegraded && what.equals(lastError))) {
      LOG.warn("Module {} is degraded: {}.", plan.id(), what);
    } else if (wasDegraded && !degraded) {
      LOG.info("Module {} is well again.", plan.id());
    }
    if (degraded) {
      lastError = what;
    }
  }

  /** Requests it to end, and never starts it again. */
  synchronized void stop() {
    stopped = true;
    if (run != null) {
      run.stop();
    }
  }

  /** Keeps it from ever starting, and says why. */
  synchronized void refuse(String why) {
    stop();
    if (isWanted()) {
      lastError = why;
    }
  }

  /** Returns its thread, null where it does not run. */
  synchronized @Nullable Thread thread() {
    return thread;
  }

  synchronized boolean isStartedIfWanted() {
    return !isWanted() || started;
  }

  synchronized ModuleStatus status() {
    @Nullable String why = leftOut;
    return why == null || plan.state() == ModuleState.DISABLED
        ? new ModuleStatus(
            plan, new ModuleHealth(state(), lastError, observed, observedAt, restarts))
        : new ModuleStatus(
            plan.leftOut(why), new ModuleHealth(HealthState.DISABLED, null, null, null, restarts));
  }

  private HealthState state() {
    if (!isWanted()) {
      return HealthState.DISABLED;
    }
    if (stopped) {
      return HealthState.STOPPED;
    }
    if (!started || renewing) {
      return HealthState.STARTING;
    }
    return run != null && !degraded && isWell() ? HealthState.HEALTHY : HealthState.UNHEALTHY;
  }
}
