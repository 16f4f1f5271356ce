package io.smartagent.kubernetes.deploy;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes values as YAML 1.2 that parsers of YAML 1.1 read the same: Kubernetes' is one. */
final class YamlText {

  private static final int WIDTH = 100;

  /** What no parser takes for anything but a text; everything else is quoted. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z/][-A-Za-z0-9_./]*(?::[A-Za-z0-9_./-]+)*");

  /** Truth values and nulls of YAML 1.1. */
  private static final Set<String> RESERVED =
      Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf");

  private final StringBuilder text = new StringBuilder();

  private YamlText() {}

  /** Returns the documents with comments, each behind a line of three dashes. */
  static String of(List<Yaml.Mapping> documents) {
    YamlText writer = new YamlText();
    for (Yaml.Mapping document : documents) {
      writer.text.append("---\n");
      writer.fields(document, 0);
    }
    return writer.text.toString();
  }

  /** Returns the fields of a map with comments. */
  static String of(Yaml.Mapping fields) {
    YamlText writer = new YamlText();
    writer.fields(fields, 0);
    return writer.text.toString();
  }

  private void fields(Yaml.Mapping map, int indent) {
    for (Yaml.Entry entry : map.entries()) {
      comment(entry.comment(), indent);
      field(entry, indent);
    }
  }

  private void field(Yaml.Entry entry, int indent) {
    text.append(" ".repeat(indent)).append(scalar(entry.name())).append(':');
    switch (entry.value()) {
      case Yaml.Mapping map -> {
        if (map.entries().isEmpty()) {
          text.append(" {}\n");
        } else {
          text.append('\n');
          fields(map, indent + 2);
        }
      }
      case Yaml.Sequence list -> {
        if (list.items().isEmpty()) {
          text.append(" []\n");
        } else if (isShort(list)) {
          text.append(' ').append(inline(list)).append('\n');
        } else {
          text.append('\n');
          items(list, indent);
        }
      }
      case Yaml.Text value -> text.append(' ').append(scalar(value.value())).append('\n');
      case Yaml.Whole value -> text.append(' ').append(value.value()).append('\n');
      case Yaml.Flag value -> text.append(' ').append(value.value()).append('\n');
    }
  }

  private void items(Yaml.Sequence list, int indent) {
    for (Yaml.Entry item : list.items()) {
      comment(item.comment(), indent);
      switch (item.value()) {
        case Yaml.Mapping map -> {
          int start = text.length();
          fields(map, indent + 2);
          // The first field stands behind the dash; no first field of ours has a comment.
          text.replace(start + indent, start + indent + 2, "- ");
        }
        case Yaml.Text value -> item(indent, scalar(value.value()));
        case Yaml.Whole value -> item(indent, Long.toString(value.value()));
        case Yaml.Flag value -> item(indent, Boolean.toString(value.value()));
        case Yaml.Sequence nested ->
            throw new IllegalArgumentException("Kubernetes has no list of lists: " + nested);
      }
    }
  }

  private void item(int indent, String value) {
    text.append(" ".repeat(indent)).append("- ").append(value).append('\n');
  }

  private static boolean isShort(Yaml.Sequence list) {
    return list.items().stream()
        .allMatch(item -> item.comment().isEmpty() && item.value() instanceof Yaml.Text);
  }

  private static String inline(Yaml.Sequence list) {
    return "["
        + String.join(
            ", ",
            list.items().stream().map(item -> quoted(((Yaml.Text) item.value()).value())).toList())
        + "]";
  }

  private void comment(String comment, int indent) {
    if (comment.isEmpty()) {
      return;
    }
    String start = " ".repeat(indent) + "#";
    for (String line : comment.split("\n", -1)) {
      int at = start.length();
      text.append(start);
      for (String word : line.split(" ", -1)) {
        if (at > start.length() && at + 1 + word.length() > WIDTH) {
          text.append('\n').append(start);
          at = start.length();
        }
        text.append(' ').append(word);
        at += 1 + word.length();
      }
      text.append('\n');
    }
  }

  private static String scalar(String value) {
    boolean plain =
        PLAIN.matcher(value).matches() && !RESERVED.contains(value.toLowerCase(Locale.ROOT));
    return plain ? value : quoted(value);
  }

  /** Returns a word of a command line in one line, for a comment. */
  static String word(String word) {
    return word.matches("[-A-Za-z0-9_./:=,@%+]+") ? word : quoted(word);
  }

  /** As JSON has it, which YAML reads too. */
  private static String quoted(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char letter = value.charAt(i);
      if (letter == '"' || letter == '\\') {
        quoted.append('\\').append(letter);
      } else if (letter < ' '
          || (letter >= 0x7f && letter < 0xa0)
          || letter == '\u2028'
          || letter == '\u2029') {
        quoted.append("\\u").append(HexFormat.of().toHexDigits(letter));
      } else {
        quoted.append(letter);
      }
    }
    return quoted.append('"').toString();
  }
}
