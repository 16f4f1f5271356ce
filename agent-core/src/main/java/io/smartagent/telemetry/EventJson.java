package io.smartagent.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.smartagent.module.Event;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Events as lines of JSON. */
final class EventJson implements EventFormat {

  /** Said of every event; an attribute of such a name must not say it a second time. */
  private static final Set<String> RESERVED = Set.of("time", "module", "type");

  private final JsonFactory json = new JsonFactory();

  EventJson() {}

  @Override
  public byte[] accept(String module, Event event) throws IOException {
    // Not straight to bytes: there, half a surrogate pair in a text is an error.
    StringWriter line = new StringWriter(256);
    try (JsonGenerator generator = json.createGenerator(line)) {
      generator.writeStartObject();
      generator.writeStringField("time", event.time().toString());
      generator.writeStringField("module", module);
      generator.writeStringField("type", event.type().name());
      for (Map.Entry<String, @Nullable Object> attribute : event.attributes().entrySet()) {
        String name = attribute.getKey();
        generator.writeFieldName(RESERVED.contains(name) ? name + "_" : name);
        write(generator, attribute.getValue());
      }
      generator.writeEndObject();
    }
    return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void write(JsonGenerator generator, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> generator.writeNull();
      case String text -> generator.writeString(text);
      case Integer number -> generator.writeNumber(number);
      case Long number -> generator.writeNumber(number);
      case Double number -> generator.writeNumber(number);
      case Boolean flag -> generator.writeBoolean(flag);
      case Map<?, ?> map -> writeMap(generator, map);
      case Iterable<?> list -> writeList(generator, list);
      default -> generator.writeString(value.toString());
    }
  }

  private static void writeMap(JsonGenerator generator, Map<?, ?> map) throws IOException {
    generator.writeStartObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      generator.writeFieldName(String.valueOf(entry.getKey()));
      write(generator, entry.getValue());
    }
    generator.writeEndObject();
  }

  private static void writeList(JsonGenerator generator, Iterable<?> list) throws IOException {
    generator.writeStartArray();
    for (Object element : list) {
      write(generator, element);
    }
    generator.writeEndArray();
  }
}
