package io.smartagent.kubernetes.event;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.events.v1.Event;
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
    Event event = series.count() > 1 ? change(series) : named(series);
    event.setEventTime(time(first.time()));
    event.setReportingController(CONTROLLER);
    event.setReportingInstance(instance(node));
    event.setAction("Observed");
    event.setReason(first.reason());
    event.setNote(first.note());
    event.setType(first.warning() ? "Warning" : "Normal");
    event.setRegarding(regarding(first.regarding()));
    return event;
  }

  /** Returns the merge patch that updates how often it has happened. */
  static Event change(EventSeries series) {
    Event event = named(series);
    event.setSeries(
        new io.fabric8.kubernetes.api.model.events.v1.EventSeries(
            (int) Math.min(Integer.MAX_VALUE, series.count()), time(series.lastAt())));
    return event;
  }

  private static Event named(EventSeries series) {
    ObjectMeta metadata = new ObjectMeta();
    metadata.setName(series.name());
    metadata.setNamespace(series.first().regarding().eventNamespace());
    Event event = new Event();
    event.setMetadata(metadata);
    return event;
  }

  private static String instance(String node) {
    return node.isEmpty() ? "unknown" : node.substring(0, Math.min(MAX_INSTANCE, node.length()));
  }

  private static ObjectReference regarding(Regarding regarding) {
    ObjectReference reference = new ObjectReference();
    reference.setApiVersion("v1");
    reference.setKind(regarding.kind());
    reference.setName(regarding.name());
    reference.setUid(regarding.uid());
    if (!regarding.namespace().isEmpty()) {
      reference.setNamespace(regarding.namespace());
    }
    if (regarding.container() != null) {
      reference.setFieldPath("spec.containers{" + regarding.container() + "}");
    }
    return reference;
  }

  private static MicroTime time(Instant time) {
    return new MicroTime(MICRO_TIME.format(time));
  }
}
