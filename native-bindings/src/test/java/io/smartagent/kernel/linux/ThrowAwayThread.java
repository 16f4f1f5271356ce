package io.smartagent.kernel.linux;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs something on a thread of its own: what it changes of its credentials, capabilities and mount
 * namespace ends with it.
 */
final class ThrowAwayThread {

  private ThrowAwayThread() {}

  /** Something that may fail. */
  @FunctionalInterface
  interface Body {
    void run() throws Exception;
  }

  static void run(Body body) throws Exception {
    call(() -> {
      body.run();
      return true;
    });
  }

  static <T> T call(Callable<T> body) throws Exception {
    FutureTask<T> task = new FutureTask<>(body);
    Thread.ofPlatform().name("throw-away").start(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception exception -> throw exception;
        case Error error -> throw error;
        case null, default -> throw e;
      }
    }
  }
}
