package io.smartagent.kubernetes.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of a manifest, with the line that it begins in. Lines count from 1. */
public sealed interface ManifestNode {

  /** Returns the line of the source that the value begins in. */
  int line();

  /** Returns what it is, for people. */
  String what();

  /** Returns a value of maps, lists and plain values, without lines: all are 0. */
  static ManifestNode of(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, ManifestNode> fields = new LinkedHashMap<>();
        map.forEach((name, field) -> fields.put(String.valueOf(name), of(field)));
        yield new Mapping(fields, 0);
      }
      case List<?> list -> {
        List<ManifestNode> items = new ArrayList<>(list.size());
        list.forEach(item -> items.add(of(item)));
        yield new Sequence(items, 0);
      }
      case String text -> new Scalar(text, false, 0);
      case null, default -> new Scalar(String.valueOf(value), true, 0);
    };
  }

  /**
   * A text, number, boolean or null.
   *
   * @param text as in the manifest, without its quotes
   * @param plain whether it has no quotes, and so may be something else than a text
   * @param line that it begins in
   */
  record Scalar(String text, boolean plain, int line) implements ManifestNode {

    /** Returns whether it is nothing: {@code null}, {@code ~} or empty. */
    public boolean isNull() {
      return plain
          && switch (text) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
          };
    }

    @Override
    public String what() {
      return isNull() ? "null" : (plain ? "" : "the text ") + "\"" + abbreviated() + "\"";
    }

    private String abbreviated() {
      return text.length() <= 40 ? text : text.substring(0, 37) + "...";
    }
  }

  /**
   * A map.
   *
   * @param fields by their names, in the order of the manifest
   * @param line that it begins in
   */
  record Mapping(Map<String, ManifestNode> fields, int line) implements ManifestNode {

    /** Takes the fields over, without a copy: a manifest may be large. */
    public Mapping {
      fields = Collections.unmodifiableMap(fields);
    }

    @Override
    public String what() {
      return "a map";
    }
  }

  /**
   * A list.
   *
   * @param items in their order
   * @param line that it begins in
   */
  record Sequence(List<ManifestNode> items, int line) implements ManifestNode {

    /** Takes the items over, without a copy: a manifest may be large. */
    public Sequence {
      items = Collections.unmodifiableList(items);
    }

    @Override
    public String what() {
      return "a list";
    }
  }
}
