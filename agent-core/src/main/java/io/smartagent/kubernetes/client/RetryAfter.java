package io.smartagent.kubernetes.client;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code Retry-After} of the last response that was an error. An overloaded server sends
 * it with plain text, so it is in no {@code Status}, and the client's exception has no headers.
 */
final class RetryAfter implements Interceptor {

  private static final long MAX_SECONDS = 3600;

  private volatile @Nullable Duration last;

  @Override
  public CompletableFuture<Boolean> afterFailure(
      BasicBuilder request, HttpResponse<?> response, RequestTags tags) {
    last = parse(response.header("Retry-After"));
    return CompletableFuture.completedFuture(false);
  }

  /** The server writes seconds, never a date: RFC 9110, 10.2.3. */
  private static @Nullable Duration parse(@Nullable String seconds) {
    return seconds != null && seconds.matches("[0-9]{1,9}")
        ? Duration.ofSeconds(Math.min(MAX_SECONDS, Long.parseLong(seconds)))
        : null;
  }

  /** Returns how long the server asks clients to wait; null if it does not. */
  @Nullable Duration last() {
    return last;
  }
}
