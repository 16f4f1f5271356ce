package io.smartagent.telemetry;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartagent.module.Event;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The examples of the documentation, as the events that they are written from. */
final class DocumentedEvent {

  private DocumentedEvent() {}

  /** Returns the event that is written as {@code line}. */
  @SuppressWarnings({"unchecked", "NullAway"}) // It does not see that the record takes null values.
  static Event of(String line) throws IOException {
    Map<String, @Nullable Object> attributes =
        new LinkedHashMap<>(new ObjectMapper().readValue(line, Map.class));
    Instant time = Instant.parse((String) attributes.remove("time"));
    attributes.remove("module");
    return new Event(time, (String) attributes.remove("type"), attributes);
  }
}
