package io.smartagent.modules.process;

import io.smartagent.kernel.ErrnoException;
import java.io.FileInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads files of which a read may never return. Command line and environment are in the process's
 * memory: whoever reads them waits for its lock, and, before Linux 4.17, for the FUSE file system
 * that a hostile process may have put there (CVE-2018-1120). So another thread waits, and is left
 * behind if it has to wait too long.
 */
public final class PatientReader implements AutoCloseable {

  /**
   * More threads than this are not left behind: then nothing of this kind is read until one
   * returns.
   */
  private static final int STUCK_AT_MOST = 8;

  private final Duration patience;
  private final AtomicInteger stuck = new AtomicInteger();
  private @Nullable ExecutorService thread;

  /**
   * @param patience how long a read may take
   */
  public PatientReader(Duration patience) {
    this.patience = patience;
  }

  /**
   * Returns the start of a file; null where it cannot be read, because the process has ended or
   * access is denied, or where the read does not return in time.
   */
  public byte @Nullable [] read(String path, int limit) {
    return call(() -> {
      try (FileInputStream file = new FileInputStream(path)) {
        return file.readNBytes(limit);
      }
    });
  }

  /**
   * Does what may never return: on another thread, which has the capabilities of the one that first
   * called this. Where it is left behind it may end at any time later, so it has to close itself
   * what it opens.
   *
   * @return null where it fails with IOException or ErrnoException, or does not return in time
   */
  public <T> @Nullable T call(Callable<@Nullable T> work) {
    if (stuck.get() >= STUCK_AT_MOST) {
      return null;
    }
    if (thread == null) {
      // Made by the calling thread, whose capabilities it inherits.
      thread =
          Executors.newSingleThreadExecutor(
              Thread.ofPlatform().daemon().name("process-memory-reader").factory());
    }
    AtomicInteger counted = new AtomicInteger();
    Future<@Nullable T> result =
        thread.submit(() -> {
          try {
            return work.call();
          } finally {
            if (counted.incrementAndGet() == 2) {
              stuck.decrementAndGet();
            }
          }
        });
    try {
      return result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException || e.getCause() instanceof ErrnoException) {
        return null;
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      if (counted.incrementAndGet() == 1) {
        stuck.incrementAndGet();
      }
      close();
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      return null;
    }
  }

  /** Returns how many reads have not returned yet. */
  public int stuckReads() {
    return Math.max(0, stuck.get());
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.shutdownNow();
      thread = null;
    }
  }
}
