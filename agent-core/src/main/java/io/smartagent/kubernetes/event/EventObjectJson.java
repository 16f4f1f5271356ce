package io.smartagent.kubernetes.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Events of {@code events.k8s.io/v1}, as pkg/apis/core/validation/events.go of Kubernetes takes
 * them.
 */
final class EventObjectJson {

  private static final String CONTROLLER = "smartagent.io/agent";
  private static final int LONGEST_INSTANCE = 128;

  /** Six digits, neither more nor less: MicroTime. */
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private EventObjectJson() {}

  @FunctionalInterface
  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  /**
   * Returns the object.
   *
   * @param node that tells it; empty where its name is not known
   */
  static byte[] object(EventSeries series, String node) {
    Occurrence first = series.first();
    return write(json -> {
      json.writeStringField("apiVersion", "events.k8s.io/v1");
      json.writeStringField("kind", "Event");
      json.writeObjectFieldStart("metadata");
      json.writeStringField("name", series.name());
      json.writeStringField("namespace", first.regarding().eventNamespace());
      json.writeEndObject();
      json.writeStringField("eventTime", MICRO_TIME.format(first.time()));
      json.writeStringField("reportingController", CONTROLLER);
      json.writeStringField("reportingInstance", instance(node));
      json.writeStringField("action", "Observed");
      json.writeStringField("reason", first.reason());
      json.writeStringField("note", first.note());
      json.writeStringField("type", first.warning() ? "Warning" : "Normal");
      writeRegarding(json, first.regarding());
      if (series.count() > 1) {
        writeSeries(json, series);
      }
    });
  }

  /** Returns the merge patch that has the object say how often it has happened. */
  static byte[] change(EventSeries series) {
    return write(json -> writeSeries(json, series));
  }

  private static String instance(String node) {
    return node.isEmpty()
        ? "unknown"
        : node.substring(0, Math.min(LONGEST_INSTANCE, node.length()));
  }

  private static void writeRegarding(JsonGenerator json, Regarding regarding) throws IOException {
    json.writeObjectFieldStart("regarding");
    json.writeStringField("apiVersion", "v1");
    json.writeStringField("kind", regarding.kind());
    json.writeStringField("name", regarding.name());
    json.writeStringField("uid", regarding.uid());
    if (!regarding.namespace().isEmpty()) {
      json.writeStringField("namespace", regarding.namespace());
    }
    if (regarding.container() != null) {
      json.writeStringField("fieldPath", "spec.containers{" + regarding.container() + "}");
    }
    json.writeEndObject();
  }

  private static void writeSeries(JsonGenerator json, EventSeries series) throws IOException {
    json.writeObjectFieldStart("series");
    json.writeNumberField("count", Math.min(Integer.MAX_VALUE, series.count()));
    json.writeStringField("lastObservedTime", time(series.lastAt()));
    json.writeEndObject();
  }

  private static String time(Instant time) {
    return MICRO_TIME.format(time);
  }

  private static byte[] write(Fields fields) {
    // Not straight to bytes: there, half a surrogate pair in a text is an error.
    StringWriter text = new StringWriter(1024);
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException memoryCannotFail) {
      throw new UncheckedIOException(memoryCannotFail);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
