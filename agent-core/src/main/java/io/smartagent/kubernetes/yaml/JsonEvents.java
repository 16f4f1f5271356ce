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

  /** Reads {@code document}, which {@code linesBefore} lines precede. */
  JsonEvents(InputStream document, int linesBefore) throws IOException {
    this.parser = FACTORY.createParser(document);
    this.linesBefore = linesBefore;
  }

  @Override
  public Token next() throws IOException {
    try {
      JsonToken token = parser.nextToken();
      if (token == null) {
        return token(Kind.END);
      }
      return switch (token) {
        case START_OBJECT -> token(Kind.MAPPING_START);
        case END_OBJECT -> token(Kind.MAPPING_END);
        case START_ARRAY -> token(Kind.SEQUENCE_START);
        case END_ARRAY -> token(Kind.SEQUENCE_END);
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

  private Token token(Kind kind) {
    return new Token(kind, "", false, null, line());
  }

  private Token scalar(boolean plain) throws IOException {
    return new Token(Kind.SCALAR, parser.getText(), plain, null, line());
  }

  private int line() {
    return lineOf(parser.currentTokenLocation().getLineNr());
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "it ends too early" : message.lines().findFirst().orElse("");
  }

  private int lineOf(int lineOfDocument) {
    return linesBefore + lineOfDocument;
  }
}
