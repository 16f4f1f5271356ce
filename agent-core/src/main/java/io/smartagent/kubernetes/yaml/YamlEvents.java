package io.smartagent.kubernetes.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * YAML by snakeyaml-engine, the parser that the Kubernetes client brings along, event by event: it
 * neither builds a tree nor follows an alias.
 */
final class YamlEvents implements Events {

  private static final String STRING_TAG = "tag:yaml.org,2002:str";
  private static final int BUFFER_SIZE = 8192;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setBufferSize(BUFFER_SIZE)
          .setCodePointLimit(Integer.MAX_VALUE)
          // Kubernetes reads YAML 1.1; no %YAML directive changes that.
          .setVersionFunction(version -> version)
          .build();

  private final ParserImpl parser;
  private final int linesBefore;
  private int lastLine;

  /** Reads {@code document}, which {@code linesBefore} lines precede. */
  YamlEvents(InputStream document, int linesBefore) throws IOException {
    this.linesBefore = linesBefore;
    this.lastLine = linesBefore + 1;
    InputStreamReader reader =
        new InputStreamReader(
            document,
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT));
    this.parser = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, reader));
  }

  @Override
  public Token next() throws IOException {
    while (true) {
      Event found = parse();
      found.getStartMark().ifPresent(mark -> lastLine = linesBefore + mark.getLine() + 1);
      switch (found.getEventId()) {
        case StreamEnd -> {
          return token(Kind.END, "", false, null);
        }
        case MappingStart -> {
          return token(Kind.MAPPING_START, "", false, anchor((NodeEvent) found));
        }
        case MappingEnd -> {
          return token(Kind.MAPPING_END, "", false, null);
        }
        case SequenceStart -> {
          return token(Kind.SEQUENCE_START, "", false, anchor((NodeEvent) found));
        }
        case SequenceEnd -> {
          return token(Kind.SEQUENCE_END, "", false, null);
        }
        case Scalar -> {
          ScalarEvent scalar = (ScalarEvent) found;
          return token(Kind.SCALAR, scalar.getValue(), isPlain(scalar), anchor(scalar));
        }
        case Alias -> {
          return token(Kind.ALIAS, ((AliasEvent) found).getAlias().getValue(), false, null);
        }
        case StreamStart, DocumentStart, DocumentEnd, Comment -> {
          // Where a document begins and ends is seen by its one value.
        }
      }
    }
  }

  private Token token(Kind kind, String text, boolean plain, @Nullable String anchor) {
    return new Token(kind, text, plain, anchor, lastLine);
  }

  private static @Nullable String anchor(NodeEvent event) {
    return event.getAnchor().map(Anchor::getValue).orElse(null);
  }

  private static boolean isPlain(ScalarEvent scalar) {
    return scalar.getTag().isPresent()
        ? !scalar.getTag().get().equals(STRING_TAG)
        : scalar.getScalarStyle() == ScalarStyle.PLAIN;
  }

  private Event parse() throws IOException {
    try {
      return parser.next();
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      String context = e.getContext() == null ? "" : " (" + plainWords(e.getContext()) + ")";
      throw new InvalidManifest(
          mark.map(at -> linesBefore + at.getLine() + 1).orElse(lastLine),
          "It is not YAML: " + plainWords(String.valueOf(e.getProblem())) + context + ".",
          remedyFor(e.getProblem()));
    } catch (ReaderException e) {
      throw new InvalidManifest(
          lastLine,
          "This line is followed by the character U+"
              + Integer.toHexString(e.getCodePoint()).toUpperCase(Locale.ROOT)
              + ", which YAML does not allow.",
          "Remove it, or escape it in a text with double quotes.");
    } catch (YamlEngineException e) {
      throw causeOf(e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static String remedyFor(@Nullable String problem) {
    return problem != null && problem.contains("\\t(TAB)")
        ? "Indent with blanks: YAML allows no tabs there."
        : "Correct it; kubectl apply --dry-run=client refuses it too.";
  }

  /** A message of the parser as part of a sentence. */
  private static String plainWords(String message) {
    String words = message.strip();
    return words.endsWith(".") ? words.substring(0, words.length() - 1) : words;
  }

  private IOException causeOf(YamlEngineException e) {
    if (e.getCause() instanceof CharacterCodingException) {
      return new InvalidManifest(
          lastLine, "Bytes that are not UTF-8 follow this line.", "Save it as UTF-8.");
    }
    if (e.getCause() instanceof IOException cause) {
      return cause;
    }
    return new InvalidManifest(
        lastLine,
        "It is not YAML: " + plainWords(String.valueOf(e.getMessage())) + ".",
        remedyFor(null));
  }
}
