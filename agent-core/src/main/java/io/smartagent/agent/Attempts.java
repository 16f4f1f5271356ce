package io.smartagent.agent;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.capability.ThreadCapabilities;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tries things on a throw-away thread on which everything is effective that the creating thread has
 * permitted: what that thread cannot do, no module can. An attempt that hangs, as on a mount whose
 * server is gone, is left to its thread, and the next ones get another.
 */
final class Attempts implements AutoCloseable {

  private static final long STACK_SIZE = 512 * 1024;

  private final Kernel kernel;
  private final Duration patience;
  private ThreadPoolExecutor worker = worker();

  /**
   * @param patience how long one attempt may take
   */
  Attempts(Kernel kernel, Duration patience) {
    this.kernel = kernel;
    this.patience = patience;
  }

  private ThreadPoolExecutor worker() {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        Thread.ofPlatform().name("attestation").daemon().stackSize(STACK_SIZE).factory());
  }

  /**
   * Returns what {@code attempt} returns.
   *
   * @throws ErrnoException what it throws
   * @throws TimeoutException where it hangs
   */
  <T> T make(Callable<T> attempt) throws ErrnoException, TimeoutException, InterruptedException {
    Future<T> future =
        worker.submit(() -> {
          makeAllEffective();
          return attempt.call();
        });
    try {
      return future.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ErrnoException refused) {
        throw refused;
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      worker.shutdownNow();
      worker = worker();
      throw e;
    }
  }

  private void makeAllEffective() throws ErrnoException {
    ThreadCapabilities own = kernel.capabilities().read();
    if (!own.effective().equals(own.permitted())) {
      kernel.capabilities().set(own.permitted(), own.permitted(), own.inheritable());
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
