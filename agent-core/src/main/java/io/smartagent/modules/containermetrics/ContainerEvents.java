package io.smartagent.modules.containermetrics;

import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.Event;
import io.smartagent.modules.container.ContainerAttributes;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events of {@code container-metrics}; what they mean is said where they are documented. */
final class ContainerEvents {

  static final String FOUND = "ContainerFound";
  static final String STARTED = "ContainerStarted";
  static final String ENDED = "ContainerEnded";

  private ContainerEvents() {}

  /** Returns the event of this type for a container. */
  static Event of(String type, Instant time, Container container) {
    ContainerIdentity identity = container.identity();
    Instant startedAt = container.startedAt();
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    ContainerAttributes.put(attributes, container.owner(), identity);
    attributes.put("state", container.state());
    attributes.put("startedAt", startedAt == null ? null : startedAt.toString());
    attributes.put("sandbox", container.isSandbox());
    attributes.put("labels", identity == null ? Map.of() : identity.labels());
    return new Event(time, type, attributes);
  }
}
