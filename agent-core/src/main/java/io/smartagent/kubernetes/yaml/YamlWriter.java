package io.smartagent.kubernetes.yaml;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.api.lowlevel.Serialize;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Writes values as YAML 1.2 that Kubernetes' parser of YAML 1.1 reads the same, and as JSON. */
public final class YamlWriter {

  private static final int WIDTH = 100;

  /** What no parser takes for anything but a text; everything else is quoted. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z/][-A-Za-z0-9_./]*(?::[A-Za-z0-9_./-]+)*");

  /** Truth values and nulls of YAML 1.1. */
  private static final Set<String> RESERVED =
      Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf");

  private static final DumpSettings SETTINGS =
      DumpSettings.builder()
          .setDumpComments(true)
          .setDereferenceAliases(true)
          .setSplitLines(false)
          .build();

  private YamlWriter() {}

  /** Returns the documents with comments, each behind a line of three dashes. */
  public static String yaml(List<Yaml.Mapping> documents) {
    StringBuilder text = new StringBuilder();
    for (Yaml.Mapping document : documents) {
      text.append("---\n").append(yaml(document));
    }
    return text.toString();
  }

  /** Returns the fields of a map with comments. */
  public static String yaml(Yaml.Mapping fields) {
    return wrapComments(liftComments(emit(fields.node())));
  }

  private static String emit(Node node) {
    return new Present(SETTINGS)
        .emitToString(new Serialize(SETTINGS).serializeOne(node).iterator());
  }

  /** The library writes the comment of an item behind its dash: people expect it above. */
  private static String liftComments(String yaml) {
    StringBuilder text = new StringBuilder();
    int dash = -1;
    for (String line : yaml.split("\n", -1)) {
      String words = line.stripLeading();
      if (words.startsWith("- #")) {
        dash = line.indexOf('-');
        text.append(line, 0, dash).append(words.substring(2));
      } else if (dash >= 0 && words.startsWith("#")) {
        text.append(line, 0, dash).append(words);
      } else if (dash >= 0) {
        text.append(line, 0, dash).append("- ").append(words);
        dash = -1;
      } else {
        text.append(line);
      }
      text.append('\n');
    }
    text.setLength(text.length() - 1);
    return text.toString();
  }

  /** Returns the same YAML with lines of comments that are at most 100 columns wide. */
  public static String wrapComments(String yaml) {
    StringBuilder text = new StringBuilder();
    for (String line : yaml.split("\n", -1)) {
      int start = line.indexOf('#') + 1;
      if (line.length() > WIDTH && line.stripLeading().startsWith("#")) {
        int at = start;
        text.append(line, 0, start);
        for (String word : line.substring(start).strip().split(" ", -1)) {
          if (at > start && at + 1 + word.length() > WIDTH) {
            text.append('\n').append(line, 0, start);
            at = start;
          }
          text.append(' ').append(word);
          at += 1 + word.length();
        }
      } else {
        text.append(line);
      }
      text.append('\n');
    }
    text.setLength(text.length() - 1);
    return text.toString();
  }

  /** Returns whether a text without quotes is read as that text by any parser. */
  static boolean isText(String text) {
    return PLAIN.matcher(text).matches() && !RESERVED.contains(text.toLowerCase(Locale.ROOT));
  }

  /** Returns a word of a command line in one line, for a comment. */
  public static String word(String word) {
    return word.matches("[-A-Za-z0-9_./:=,@%+]+")
        ? word
        : emit(new ScalarNode(Tag.STR, word, ScalarStyle.DOUBLE_QUOTED)).strip();
  }

  /** Returns objects as one List in JSON, which is what a program applies. */
  public static byte[] json(List<Yaml.Mapping> objects) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("apiVersion", "v1");
      json.writeStringField("kind", "List");
      json.writeArrayFieldStart("items");
      for (Yaml.Mapping object : objects) {
        json(json, object.node());
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException memoryCannotFail) {
      throw new UncheckedIOException(memoryCannotFail);
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private static void json(JsonGenerator json, Node node) throws IOException {
    switch (node) {
      case MappingNode map -> {
        json.writeStartObject();
        for (NodeTuple field : map.getValue()) {
          json.writeFieldName(((ScalarNode) field.getKeyNode()).getValue());
          json(json, field.getValueNode());
        }
        json.writeEndObject();
      }
      case SequenceNode list -> {
        json.writeStartArray();
        for (Node item : list.getValue()) {
          json(json, item);
        }
        json.writeEndArray();
      }
      case ScalarNode text when text.getTag().equals(Tag.STR) -> json.writeString(text.getValue());
      // Whole numbers and booleans are written alike.
      case ScalarNode value -> json.writeRawValue(value.getValue());
      default -> throw new IllegalArgumentException("not part of a manifest: " + node);
    }
  }
}
