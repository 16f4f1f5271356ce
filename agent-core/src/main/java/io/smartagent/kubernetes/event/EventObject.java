package io.smartagent.kubernetes.event;

import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Events of {@code events.k8s.io/v1}, as pkg/apis/core/validation/events.go of Kubernetes takes
 * them.
 */
final class EventObject {

  private static final String CONTROLLER = "smartagent.io/agent";
  private static final int MAX_INSTANCE = 128;

  /** Six digits, neither more nor less: MicroTime. */
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private EventObject() {}

  /**
   * Returns the object of a series.
   *
   * @param node that reports it; empty if its name is unknown
   */
  static Event of(EventSeries series, String node) {
    Occurrence first = series.first();
    EventBuilder event =
        new EventBuilder(series.count() > 1 ? change(series) : named(series).build())
            .withNewEventTime(time(first.time()))
            .withReportingController(CONTROLLER)
            .withReportingInstance(instance(node))
            .withAction("Observed")
            .withReason(first.reason())
            .withNote(first.note())
            .withType(first.warning() ? "Warning" : "Normal")
            .withRegarding(regarding(first.regarding()).build());
    return event.build();
  }

  /** Returns the merge patch that updates how often it has happened. */
  static Event change(EventSeries series) {
    return named(series)
        .withNewSeries()
        .withCount((int) Math.min(Integer.MAX_VALUE, series.count()))
        .withNewLastObservedTime(time(series.lastAt()))
        .endSeries()
        .build();
  }

  private static EventBuilder named(EventSeries series) {
    return new EventBuilder()
        .withNewMetadata()
        .withName(series.name())
        .withNamespace(series.first().regarding().eventNamespace())
        .endMetadata();
  }

  private static String instance(String node) {
    return node.isEmpty() ? "unknown" : node.substring(0, Math.min(MAX_INSTANCE, node.length()));
  }

  private static ObjectReferenceBuilder regarding(Regarding regarding) {
    ObjectReferenceBuilder reference =
        new ObjectReferenceBuilder()
            .withApiVersion("v1")
            .withKind(regarding.kind())
            .withName(regarding.name())
            .withUid(regarding.uid());
    if (!regarding.namespace().isEmpty()) {
      reference.withNamespace(regarding.namespace());
    }
    if (regarding.container() != null) {
      reference.withFieldPath("spec.containers{" + regarding.container() + "}");
    }
    return reference;
  }

  private static String time(Instant time) {
    return MICRO_TIME.format(time);
  }
}
