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

  private @Nullable ModuleRun run;
  private @Nullable Thread thread;
  private boolean started;
  private boolean stopped;
  private int failures;
  private long restarts;
  private long runningSince;
  private long dueAt = System.nanoTime();
  private boolean troubled;
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
  }

  ModulePlan plan() {
    return plan;
  }

  boolean isWanted() {
    return plan.state() != ModuleState.DISABLED;
  }

  /**
   * Starts it where it is due, on a new thread of the caller's capabilities.
   *
   * @return how long it is until it will be due, in nanoseconds; {@link Long#MAX_VALUE} where it
   *     runs or is never to
   */
  synchronized long startIfDue() {
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

  private void start() {
    if (failures > 0) {
      restarts++;
    }
    troubled = false;
    runningSince = System.nanoTime();
    ModuleRun next = new ModuleRun(this, host);
    Thread body =
        Thread.ofPlatform()
            .name(plan.id())
            .daemon()
            .stackSize(STACK_SIZE)
            .inheritInheritableThreadLocals(false)
            .unstarted(next);
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
  }

  /**
   * @param failure why it ended; null where it was told to
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

  synchronized void hasTrouble(String what) {
    boolean wasTroubled = troubled;
    troubled = !what.isEmpty();
    if (troubled && !(wasTroubled && what.equals(lastError))) {
      LOG.warn("Module {} has trouble: {}.", plan.id(), what);
    } else if (wasTroubled && !troubled) {
      LOG.info("Module {} is well again.", plan.id());
    }
    if (troubled) {
      lastError = what;
    }
  }

  /** Tells it to end, and never starts it again. */
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
    return new ModuleStatus(
        plan, new ModuleHealth(state(), lastError, observed, observedAt, restarts));
  }

  private HealthState state() {
    if (!isWanted()) {
      return HealthState.DISABLED;
    }
    if (stopped) {
      return HealthState.STOPPED;
    }
    if (!started) {
      return HealthState.STARTING;
    }
    return run != null && !troubled && isWell() ? HealthState.HEALTHY : HealthState.UNHEALTHY;
  }
}
