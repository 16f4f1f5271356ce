package io.smartagent.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value that is asked for what it should hold. What is not there, or is of another kind, is
 * empty: the text may be of another version.
 */
public final class JsonTree {

  /** What is there where there is nothing. */
  public static final JsonTree NOTHING = new JsonTree(null);

  private final @Nullable Object value;

  private JsonTree(@Nullable Object value) {
    this.value = value;
  }

  /**
   * Parses a text.
   *
   * @throws IOException where it is not JSON
   */
  public static JsonTree parse(byte[] json) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      parser.nextToken();
      return new JsonTree(read(parser));
    }
  }

  private static @Nullable Object read(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new IOException("there is no JSON in it");
    }
    if (token == JsonToken.START_OBJECT) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        object.put(name, read(parser));
      }
      return object;
    }
    if (token == JsonToken.START_ARRAY) {
      List<@Nullable Object> array = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        array.add(read(parser));
      }
      return array;
    }
    if (token.isNumeric()) {
      return parser.getNumberValue();
    }
    if (token.isBoolean()) {
      return parser.getBooleanValue();
    }
    return token == JsonToken.VALUE_NULL ? null : parser.getText();
  }

  /** Returns the value called {@code name} of an object. */
  public JsonTree get(String name) {
    return value instanceof Map<?, ?> map ? new JsonTree(map.get(name)) : NOTHING;
  }

  /** Returns the names of an object's values, in their order. */
  public List<String> names() {
    return value instanceof Map<?, ?> map
        ? map.keySet().stream().map(String::valueOf).toList()
        : List.of();
  }

  /** Returns the values of an array, in their order. */
  public List<JsonTree> items() {
    return value instanceof List<?> list ? list.stream().map(JsonTree::new).toList() : List.of();
  }

  /** Returns the texts of an array. */
  public List<String> texts() {
    return items().stream().map(JsonTree::text).toList();
  }

  /** Returns a text; a number or a boolean as it is written; empty for anything else. */
  public String text() {
    return value instanceof String || value instanceof Number || value instanceof Boolean
        ? value.toString()
        : "";
  }

  /** Returns a text; null if absent. */
  public @Nullable String textOrNull() {
    return value instanceof String text ? text : null;
  }

  /** Returns a whole number, 0 for anything else. */
  public long number() {
    return value instanceof Number number ? number.longValue() : 0;
  }

  /** Returns a boolean, false for anything else. */
  public boolean isTrue() {
    return Boolean.TRUE.equals(value);
  }
}
