package io.smartagent.kubernetes.deploy;

import java.util.Optional;

/**
 * What a container asks for of one resource, as Kubernetes writes quantities.
 *
 * @param request what is set aside for it
 * @param limit what it gets at most; empty for no limit
 */
public record ResourceWish(String request, Optional<String> limit) {

  /** Without a limit: one would slow the agent down just when there is much to tell. */
  public static final ResourceWish CPU = new ResourceWish("50m", Optional.empty());

  /** The agent with its informers takes about 160 MiB; the limit is what ends a leak. */
  public static final ResourceWish MEMORY = new ResourceWish("192Mi", Optional.of("384Mi"));

  /** Returns it as {@code REQUEST} or {@code REQUEST:LIMIT}. */
  @Override
  public String toString() {
    return limit.map(most -> request + ":" + most).orElse(request);
  }
}
