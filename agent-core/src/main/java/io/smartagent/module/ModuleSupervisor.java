package io.smartagent.module;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Starts modules, and starts those again that fail.
 *
 * <p>A thread gets its capabilities from the thread that creates it, so every module's thread is
 * made by the one thread that calls {@link #run}.
 */
public final class ModuleSupervisor {

  private final List<SupervisedModule> modules;
  private final Semaphore changes = new Semaphore(0);
  private volatile boolean stopping;

  /**
   * @param plans of all modules, those that are disabled too
   * @param host what the modules are given
   * @param policy when those that fail are started again
   */
  public ModuleSupervisor(List<ModulePlan> plans, ModuleHost host, RestartPolicy policy) {
    this.modules =
        plans.stream()
            .map(plan -> new SupervisedModule(plan, host, policy, changes::release))
            .toList();
  }

  /**
   * Starts modules, on the calling thread, until {@link #stop}.
   *
   * @throws InterruptedException where the calling thread is interrupted
   */
  public void run() throws InterruptedException {
    while (!stopping) {
      long wait = Long.MAX_VALUE;
      for (SupervisedModule module : modules) {
        wait = Math.min(wait, module.startIfDue());
      }
      boolean changed = changes.tryAcquire(wait, TimeUnit.NANOSECONDS);
      if (changed) {
        changes.drainPermits();
      }
    }
  }

  /** Has modules take other settings; those that are not concerned go on untouched. */
  public void configure(ModuleChange change) {
    for (SupervisedModule module : modules) {
      String id = module.plan().id();
      module.configure(change.settings(), change.affected().contains(id), change.leftOut().get(id));
      if (change.following().contains(id)) {
        module.wakeUp();
      }
    }
    changes.release();
  }

  /**
   * Requests every module to end, interrupts those that do not in time, and starts none again.
   *
   * @param timeout how long it waits for all of them together, twice where some have to be
   *     interrupted
   * @return whether all have ended
   */
  public boolean stop(Duration timeout) throws InterruptedException {
    stopping = true;
    modules.forEach(SupervisedModule::stop);
    changes.release();
    if (join(timeout)) {
      return true;
    }
    for (SupervisedModule module : modules) {
      Thread thread = module.thread();
      if (thread != null) {
        thread.interrupt();
      }
    }
    return join(timeout);
  }

  private boolean join(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    for (SupervisedModule module : modules) {
      Thread thread = module.thread();
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      if (thread != null && !thread.join(left)) {
        return false;
      }
    }
    return true;
  }

  /** Keeps every module from starting, and has {@link #statuses} say why. */
  public void refuse(String why) {
    modules.forEach(module -> module.refuse(why));
  }

  /** Returns whether every module that is to run has been started at least once. */
  public boolean allStarted() {
    return modules.stream().allMatch(SupervisedModule::isStartedIfWanted);
  }

  /** Returns all modules, disabled ones too, in the order of their plans. */
  public List<ModuleStatus> statuses() {
    return modules.stream().map(SupervisedModule::status).toList();
  }
}
