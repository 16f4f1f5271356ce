package io.smartagent.kubernetes.client;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.smartagent.kubernetes.ClusterAccess;
import io.smartagent.limit.Backoff;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Knows the objects of one kind: as they are while the API reports changes, else as they were last.
 * An informer lists and watches them. Where that fails in any way it is closed and a new one is
 * made after a pause, with a new connection, token and authorities: so there is one way back,
 * whatever has happened.
 *
 * <p>Nothing here waits: its user calls {@link #poll} every second or so.
 */
public final class ResourceWatch<T extends HasMetadata, R> implements AutoCloseable {

  private final ClusterAccess access;
  private final Watched<T, R> watched;
  private final Function<ClusterAccess, KubernetesClient> clients;
  private final WatchTiming timing;
  private final LongSupplier nanoTime;
  private final Backoff backoff;

  private @Nullable Attempt attempt;
  private long nextAttemptAt;
  private long seenChanges = -1;
  private boolean listed;
  private Map<String, R> objects = Map.of();
  private @Nullable ApiFailure failure;

  /**
   * @param access how the API is reached
   */
  public ResourceWatch(ClusterAccess access, Watched<T, R> watched, WatchTiming timing) {
    this(access, watched, ClusterClient::of, timing, System::nanoTime, new Random());
  }

  ResourceWatch(
      ClusterAccess access,
      Watched<T, R> watched,
      Function<ClusterAccess, KubernetesClient> clients,
      WatchTiming timing,
      LongSupplier nanoTime,
      RandomGenerator random) {
    this.access = access;
    this.watched = watched;
    this.clients = clients;
    this.timing = timing;
    this.nanoTime = nanoTime;
    this.nextAttemptAt = nanoTime.getAsLong();
    this.backoff = new Backoff(timing.first(), timing.longest(), random);
  }

  /**
   * Returns what is known, by {@code NAMESPACE/NAME} or {@code NAME}; empty before the first list.
   */
  public Map<String, R> objects() {
    return objects;
  }

  /** Returns whether everything was listed once. */
  public boolean isListed() {
    return listed;
  }

  /** Returns whether it pauses after a failure. */
  boolean isWaiting() {
    return attempt == null;
  }

  /** Returns why changes may be missed; null where none are. */
  public @Nullable ApiFailure failure() {
    return failure;
  }

  /** Continues the watch, and returns whether {@link #objects} has changed. */
  public boolean poll() {
    long now = nanoTime.getAsLong();
    if (attempt == null && now - nextAttemptAt >= 0) {
      begin(now);
    }
    Attempt current = attempt;
    if (current == null) {
      return false;
    }
    Throwable thrown = current.thrown();
    if (thrown != null) {
      end(current, ApiFailure.of(thrown, access.server(), watched.permission()), now);
      return false;
    }
    return current.started.isDone() ? follow(current, now) : await(current, now);
  }

  private void begin(long now) {
    try {
      attempt = new Attempt(clients.apply(access), now);
    } catch (RuntimeException e) {
      fail(ApiFailure.of(e, access.server(), watched.permission()), now);
    }
  }

  private boolean await(Attempt current, long now) {
    if (isOver(timing.start(), current.since, now)) {
      end(current, unanswered("does not answer in time", ApiFailure.Kind.TIMEOUT), now);
    }
    return false;
  }

  private boolean follow(Attempt current, long now) {
    if (current.informer.isWatching()) {
      current.lastWatching = now;
      listed = true;
      failure = null;
      if (isOver(timing.wellAfter(), current.since, now)) {
        backoff.reset();
      }
    } else if (isOver(timing.silence(), current.lastWatching, now)) {
      end(current, unanswered("no longer reports changes", ApiFailure.Kind.UNREACHABLE), now);
      return false;
    }
    long changes = current.store.changes();
    if (changes == seenChanges) {
      return false;
    }
    seenChanges = changes;
    objects = Map.copyOf(current.store.kept());
    return true;
  }

  private ApiFailure unanswered(String what, ApiFailure.Kind kind) {
    return new ApiFailure(
        kind,
        "The API server at "
            + access.server()
            + " "
            + what
            + ", asked for "
            + String.join(", ", watched.permission().resources())
            + ".",
        "Look at its load, and at network policies and firewalls between it and this node.");
  }

  private static boolean isOver(Duration time, long since, long now) {
    return now - since >= time.toNanos();
  }

  private void end(Attempt current, ApiFailure why, long now) {
    current.close();
    attempt = null;
    seenChanges = -1;
    fail(why, now);
  }

  private void fail(ApiFailure why, long now) {
    failure = why;
    nextAttemptAt = now + backoff.next(null).toNanos();
  }

  /** Ends the watch; what is known stays. */
  @Override
  public void close() {
    Attempt current = attempt;
    if (current != null) {
      current.close();
      attempt = null;
      seenChanges = -1;
    }
  }

  /** One life of an informer, with its own client. */
  private final class Attempt {

    private final KubernetesClient client;
    private final ReducedStore<T, R> store = new ReducedStore<>(watched.empty(), watched.reduce());
    private final SharedIndexInformer<T> informer;
    private final CompletableFuture<Void> started;
    private final CompletableFuture<Void> stopped;
    private final long since;
    private long lastWatching;

    private Attempt(KubernetesClient client, long now) {
      this.client = client;
      this.since = now;
      this.lastWatching = now;
      try {
        informer =
            watched
                .query()
                .apply(client)
                .runnableInformer(0)
                .itemStore(store)
                .exceptionHandler((wasStarted, thrown) -> false);
        started = informer.start().toCompletableFuture();
        stopped = informer.stopped().toCompletableFuture();
      } catch (RuntimeException e) {
        client.close();
        throw e;
      }
    }

    @Nullable Throwable thrown() {
      if (started.isCompletedExceptionally()) {
        return started.exceptionNow();
      }
      return stopped.isCompletedExceptionally() ? stopped.exceptionNow() : null;
    }

    void close() {
      informer.stop();
      client.close();
    }
  }
}
