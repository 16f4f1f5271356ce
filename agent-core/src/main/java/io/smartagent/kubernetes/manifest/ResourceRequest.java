package io.smartagent.kubernetes.manifest;

import java.util.Optional;

/**
 * What a container requests of one resource, as Kubernetes writes quantities.
 *
 * @param request what is set aside for it
 * @param limit what it gets at most; empty for no limit
 */
public record ResourceRequest(String request, Optional<String> limit) {

  /** Without a limit: one would slow the agent down just when it has much to report. */
  public static final ResourceRequest CPU = new ResourceRequest("50m", Optional.empty());

  /** The agent with its informers takes about 160 MiB; the limit is what ends a leak. */
  public static final ResourceRequest MEMORY = new ResourceRequest("192Mi", Optional.of("384Mi"));

  /** Returns it as {@code REQUEST} or {@code REQUEST:LIMIT}. */
  @Override
  public String toString() {
    return limit.map(most -> request + ":" + most).orElse(request);
  }
}
