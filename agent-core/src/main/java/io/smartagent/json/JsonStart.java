package io.smartagent.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One field of a JSON object, read without what follows it: a document may be cut off there. */
public final class JsonStart {

  private JsonStart() {}

  /**
   * Returns whether a field of the document itself holds {@code text}, as {@link JsonText#document}
   * writes it. Looks without a parser: to load one takes an eighth of the way to exec.
   *
   * @param json a document, or its first bytes
   * @return false too where the field is written in another way
   */
  public static boolean shows(byte[] json, String name, String text) {
    return text.indexOf('"') < 0
        && text.indexOf('\\') < 0
        && new String(json, StandardCharsets.UTF_8)
            .contains("\n  \"" + name + "\" : \"" + text + "\"");
  }

  /**
   * Returns the text of a field.
   *
   * @param json a document, or its first bytes
   * @param name of a field of the document's own object
   * @return empty if these bytes do not contain such a text, or are no JSON
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
