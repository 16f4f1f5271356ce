package io.smartagent.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/**
 * One field of a JSON object, read without what stands behind it: a document may be cut off there.
 */
public final class JsonStart {

  private JsonStart() {}

  /**
   * Returns the text of a field.
   *
   * @param json a document, or its first bytes
   * @param name of a field of the document's own object
   * @return empty where no such text stands in these bytes, or they are no JSON
   */
  public static Optional<String> text(byte[] json, String name) {
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = name.equals(parser.currentName());
        JsonToken value = parser.nextToken();
        if (found) {
          return value == JsonToken.VALUE_STRING ? Optional.of(parser.getText()) : Optional.empty();
        }
        parser.skipChildren();
      }
    } catch (IOException cutOffOrNoJson) {
      // Then it does not say.
    }
    return Optional.empty();
  }
}
