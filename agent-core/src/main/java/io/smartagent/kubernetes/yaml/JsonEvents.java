package io.smartagent.kubernetes.yaml;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** JSON by jackson-core: several times as fast as reading it as the YAML that it is too. */
final class JsonEvents implements Events {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(DocumentSplitter.VALUE_LIMIT)
                  .maxNestingDepth(ObjectReader.DEPTH_LIMIT * 4)
                  .build())
          .build();

  private final JsonParser parser;
  private final int linesBefore;
  private String text = "";
  private boolean plain;

  /** Reads {@code document}, which {@code linesBefore} lines stand before. */
  JsonEvents(InputStream document, int linesBefore) throws IOException {
    this.parser = FACTORY.createParser(document);
    this.linesBefore = linesBefore;
  }

  @Override
  public Kind next() throws IOException {
    try {
      JsonToken token = parser.nextToken();
      if (token == null) {
        return Kind.END;
      }
      return switch (token) {
        case START_OBJECT -> Kind.MAPPING_START;
        case END_OBJECT -> Kind.MAPPING_END;
        case START_ARRAY -> Kind.SEQUENCE_START;
        case END_ARRAY -> Kind.SEQUENCE_END;
        case FIELD_NAME, VALUE_STRING -> scalar(false);
        case VALUE_NUMBER_INT,
            VALUE_NUMBER_FLOAT,
            VALUE_TRUE,
            VALUE_FALSE,
            VALUE_NULL,
            VALUE_EMBEDDED_OBJECT,
            NOT_AVAILABLE ->
            scalar(true);
      };
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
      throw new InvalidManifest(
          lineOf(line),
          "It is not JSON: " + firstLine(e.getOriginalMessage()) + ".",
          "Write JSON, or YAML that does not begin with a brace.");
    }
  }

  private Kind scalar(boolean withoutQuotes) throws IOException {
    text = parser.getText();
    plain = withoutQuotes;
    return Kind.SCALAR;
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "it ends too early" : message.lines().findFirst().orElse("");
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public boolean plain() {
    return plain;
  }

  @Override
  public @Nullable String anchor() {
    return null;
  }

  @Override
  public int line() {
    return lineOf(parser.currentTokenLocation().getLineNr());
  }

  private int lineOf(int lineOfDocument) {
    return linesBefore + lineOfDocument;
  }
}
