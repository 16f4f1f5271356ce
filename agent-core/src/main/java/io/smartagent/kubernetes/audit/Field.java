package io.smartagent.kubernetes.audit;

import io.smartagent.kubernetes.yaml.ManifestNode;
import io.smartagent.kubernetes.yaml.ManifestNode.Mapping;
import io.smartagent.kubernetes.yaml.ManifestNode.Scalar;
import io.smartagent.kubernetes.yaml.ManifestNode.Sequence;
import io.smartagent.kubernetes.yaml.ManifestProblem;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A field of an object that is asked for what it should hold. What is of another type is reported,
 * for the API server refuses it, and read as if it were not there.
 */
final class Field {

  // What YAML 1.1 means by them, which the API server reads: goyaml.v2 of sigs.k8s.io/yaml.
  private static final Set<String> TRUE =
      Set.of("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y");
  private static final Set<String> FALSE =
      Set.of("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N");

  private final String source;
  private final String path;
  private final @Nullable ManifestNode node;
  private final int line;
  private final Consumer<ManifestProblem> problems;

  private Field(
      String source,
      String path,
      @Nullable ManifestNode node,
      int line,
      Consumer<ManifestProblem> problems) {
    this.source = source;
    this.path = path;
    this.node = node instanceof Scalar scalar && scalar.isNull() ? null : node;
    this.line = line;
    this.problems = problems;
  }

  /** Returns an object as a whole. */
  static Field of(String source, Mapping object, Consumer<ManifestProblem> problems) {
    return new Field(source, "", object, object.line(), problems);
  }

  /** Returns whether it is there, and not null. */
  boolean isPresent() {
    return node != null;
  }

  /** Returns its line, or that of the nearest field around it that is there. */
  int line() {
    return line;
  }

  /** Returns where in the object it is, such as {@code spec.containers[0].name}. */
  String path() {
    return path;
  }

  /** Returns the field called {@code name} of a map. */
  Field get(String name) {
    return child((path.isEmpty() ? "" : path + ".") + name, fields().get(name));
  }

  /** Returns the names of a map's fields. */
  Set<String> names() {
    return fields().keySet();
  }

  private Map<String, ManifestNode> fields() {
    if (node instanceof Mapping mapping) {
      return mapping.fields();
    }
    expected("a map");
    return Map.of();
  }

  /** Returns the items of a list. */
  List<Field> items() {
    List<Field> items = new ArrayList<>();
    if (node instanceof Sequence sequence) {
      for (ManifestNode item : sequence.items()) {
        items.add(child(path + "[" + items.size() + "]", item));
      }
    } else {
      expected("a list");
    }
    return items;
  }

  /** Returns the items of a list of maps; one that is null is reported. */
  List<Field> maps() {
    List<Field> maps = new ArrayList<>();
    for (Field item : items()) {
      if (item.node instanceof Mapping) {
        maps.add(item);
      } else {
        item.wrong(item.node == null ? "null" : item.node.what(), "a map");
      }
    }
    return maps;
  }

  /** Returns the texts of a list. */
  List<String> texts() {
    return items().stream().map(Field::text).flatMap(Optional::stream).toList();
  }

  private Field child(String name, @Nullable ManifestNode child) {
    return new Field(source, name, child, child == null ? line : child.line(), problems);
  }

  /** Returns a text; a number or boolean as it is written. */
  Optional<String> text() {
    if (node instanceof Scalar scalar) {
      return Optional.of(scalar.text());
    }
    expected("a text");
    return Optional.empty();
  }

  /** Returns a boolean. */
  Optional<Boolean> bool() {
    if (node instanceof Scalar scalar && scalar.plain()) {
      if (TRUE.contains(scalar.text())) {
        return Optional.of(true);
      }
      if (FALSE.contains(scalar.text())) {
        return Optional.of(false);
      }
    }
    expected("true or false, without quotes");
    return Optional.empty();
  }

  /** Returns whether it is there and true. */
  boolean isTrue() {
    return bool().orElse(false);
  }

  /** Returns a whole number. */
  OptionalLong number() {
    if (node instanceof Scalar scalar && scalar.plain()) {
      OptionalLong number = number(scalar.text());
      if (number.isPresent()) {
        return number;
      }
    }
    expected("a whole number, without quotes");
    return OptionalLong.empty();
  }

  /** As YAML 1.1 writes them: decimal, 0x1F, 0o17, 017, 0b1, each with underscores. */
  private static OptionalLong number(String text) {
    String digits = text.replace("_", "");
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    int radix = 10;
    if (digits.startsWith("0x") || digits.startsWith("0X")) {
      radix = 16;
      digits = digits.substring(2);
    } else if (digits.startsWith("0o")) {
      radix = 8;
      digits = digits.substring(2);
    } else if (digits.startsWith("0b")) {
      radix = 2;
      digits = digits.substring(2);
    } else if (digits.length() > 1 && digits.startsWith("0")) {
      radix = 8;
    }
    try {
      long value = new BigInteger(digits, radix).longValueExact();
      return OptionalLong.of(negative ? -value : value);
    } catch (ArithmeticException | NumberFormatException noNumber) {
      return OptionalLong.empty();
    }
  }

  private void expected(String accepted) {
    if (node != null) {
      wrong(node.what(), accepted);
    }
  }

  private void wrong(String found, String accepted) {
    problems.accept(
        new ManifestProblem(
            source,
            line,
            (path.isEmpty() ? "The object" : path) + " is " + found + ".",
            "It must be " + accepted + ": the API server refuses anything else."));
  }
}
