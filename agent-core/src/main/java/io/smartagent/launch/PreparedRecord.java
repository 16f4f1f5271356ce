package io.smartagent.launch;

import io.smartagent.plan.LaunchPlan;
import org.jspecify.annotations.Nullable;

/**
 * The launch record of a plan, made on a separate thread while the launching one is busy with the
 * kernel: a twentieth of the way to exec.
 */
final class PreparedRecord {

  private final LaunchPlan plan;
  private final Thread thread;
  private byte @Nullable [] record;

  /** Starts to make it. */
  PreparedRecord(LaunchPlan plan) {
    this.plan = plan;
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("record")
            .uncaughtExceptionHandler((where, what) -> {})
            .start(this::make);
  }

  private void make() {
    record = PlanJson.toJson(plan);
  }

  /** Returns it as soon as it is there. What kept that thread from making it is thrown here. */
  byte[] get() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    byte[] made = record;
    return made == null ? PlanJson.toJson(plan) : made;
  }
}
