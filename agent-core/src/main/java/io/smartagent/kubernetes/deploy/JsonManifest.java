package io.smartagent.kubernetes.deploy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes objects as one List, which is what a program applies. */
final class JsonManifest {

  private JsonManifest() {}

  static byte[] of(List<Yaml.Mapping> objects) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("apiVersion", "v1");
      json.writeStringField("kind", "List");
      json.writeArrayFieldStart("items");
      for (Yaml.Mapping object : objects) {
        write(json, object);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException memoryCannotFail) {
      throw new UncheckedIOException(memoryCannotFail);
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, Yaml value) throws IOException {
    switch (value) {
      case Yaml.Mapping map -> {
        json.writeStartObject();
        for (Yaml.Entry entry : map.entries()) {
          json.writeFieldName(entry.name());
          write(json, entry.value());
        }
        json.writeEndObject();
      }
      case Yaml.Sequence list -> {
        json.writeStartArray();
        for (Yaml.Entry item : list.items()) {
          write(json, item.value());
        }
        json.writeEndArray();
      }
      case Yaml.Text text -> json.writeString(text.value());
      case Yaml.Whole number -> json.writeNumber(number.value());
      case Yaml.Flag flag -> json.writeBoolean(flag.value());
    }
  }
}
