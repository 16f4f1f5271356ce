package io.smartagent.modules.containermetrics;

import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.Event;
import io.smartagent.module.EventType;
import io.smartagent.modules.container.ContainerAttributes;
import java.time.Instant;
import java.util.Map;

/** The events of {@code container-metrics}. */
final class ContainerEvents {

  private static final String ATTRIBUTES =
      " startedAt is that of its first process, sandbox whether it only holds a pod's namespaces,"
          + " and labels are its user's, not those that runtimes set themselves.";

  static final EventType FOUND =
      EventType.info(
              "ContainerFound", "A container ran already when the module started." + ATTRIBUTES)
          .shownAs("Container found", "container");

  static final EventType STARTED =
      EventType.info(
              "ContainerStarted",
              "A container has started; the event's time is its start." + ATTRIBUTES)
          .shownAs("Container started", "container");

  static final EventType ENDED =
      EventType.info(
              "ContainerEnded",
              "A container's last process has ended; the event's time is that of the pass that"
                  + " did not find it any more."
                  + ATTRIBUTES)
          .shownAs("Container ended", "container");

  private ContainerEvents() {}

  /** Returns the event of this type for a container. */
  static Event of(EventType type, Instant time, Container container) {
    ContainerIdentity identity = container.identity();
    Instant startedAt = container.startedAt();
    return Event.of(type, time)
        .owner(ContainerAttributes.of(container.owner(), identity))
        .put("state", container.state())
        .put("startedAt", startedAt == null ? null : startedAt.toString())
        .put("sandbox", container.isSandbox())
        .put("labels", identity == null ? Map.of() : identity.labels())
        .build();
  }
}
