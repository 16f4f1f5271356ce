package io.smartagent.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.smartagent.kernel.capability.CapabilitySet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Collection;

/** Writes the documents of the contract: one object each, in UTF-8. */
public final class JsonText {

  private static final int SCHEMA_VERSION = 1;

  private JsonText() {}

  /** Loads what {@link #document} needs: a tenth of the time to exec, if not loaded earlier. */
  public static void load() {
    document(json -> {});
  }

  /** Writes the fields of an object. */
  @FunctionalInterface
  public interface Fields {

    /**
     * Writes them.
     *
     * @throws IOException if it cannot be written; never where it goes to memory
     */
    void write(JsonGenerator json) throws IOException;
  }

  /**
   * Returns an object with a schemaVersion and these fields, indented, with a newline at its end.
   */
  public static byte[] document(Fields fields) {
    return write(true, fields);
  }

  /** Returns an object with a schemaVersion and these fields in one line. */
  public static byte[] line(Fields fields) {
    return write(false, fields);
  }

  /**
   * Writes an object with a schemaVersion and these fields, indented, with a newline at its end.
   * The stream stays open.
   *
   * @throws IOException if it cannot be written
   */
  public static void document(OutputStream out, Fields fields) throws IOException {
    write(out, true, fields);
    out.write('\n');
  }

  private static byte[] write(boolean indented, Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
    try {
      write(bytes, indented, fields);
    } catch (IOException memoryCannotFail) {
      throw new UncheckedIOException(memoryCannotFail);
    }
    if (indented) {
      bytes.write('\n');
    }
    return bytes.toByteArray();
  }

  private static void write(OutputStream out, boolean indented, Fields fields) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      if (indented) {
        json.useDefaultPrettyPrinter();
      }
      json.writeStartObject();
      json.writeNumberField("schemaVersion", SCHEMA_VERSION);
      fields.write(json);
      json.writeEndObject();
    }
  }

  /** Writes a field with an array of texts. */
  public static void texts(JsonGenerator json, String name, Collection<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  /** Writes a field with the sorted names of capabilities. */
  public static void names(JsonGenerator json, String name, CapabilitySet set) throws IOException {
    texts(json, name, set.names());
  }

  /** Writes a field with an array of ids, which are unsigned. */
  public static void ids(JsonGenerator json, String name, Collection<Integer> ids)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (int id : ids) {
      json.writeNumber(Integer.toUnsignedLong(id));
    }
    json.writeEndArray();
  }
}
