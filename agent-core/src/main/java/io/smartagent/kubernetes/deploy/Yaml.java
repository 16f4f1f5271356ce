package io.smartagent.kubernetes.deploy;

import java.util.ArrayList;
import java.util.List;

/** A value of a manifest, with comments for whoever reads it. */
sealed interface Yaml {

  /** A text. */
  record Text(String value) implements Yaml {}

  /** A whole number. */
  record Whole(long value) implements Yaml {}

  /** A truth value. */
  record Flag(boolean value) implements Yaml {}

  /**
   * A field of a map, or an item of a list, which has no name.
   *
   * @param comment that stands above it; empty for none
   */
  record Entry(String comment, String name, Yaml value) {}

  /** A map; it is filled by its maker. */
  record Mapping(List<Entry> entries) implements Yaml {

    Mapping() {
      this(new ArrayList<>());
    }

    Mapping put(String comment, String name, Yaml value) {
      entries.add(new Entry(comment, name, value));
      return this;
    }

    Mapping put(String name, Yaml value) {
      return put("", name, value);
    }

    Mapping put(String name, String value) {
      return put("", name, new Text(value));
    }

    Mapping put(String name, long value) {
      return put("", name, new Whole(value));
    }

    Mapping put(String name, boolean value) {
      return put("", name, new Flag(value));
    }
  }

  /** A list; it is filled by its maker. */
  record Sequence(List<Entry> items) implements Yaml {

    Sequence() {
      this(new ArrayList<>());
    }

    Sequence add(String comment, Yaml value) {
      items.add(new Entry(comment, "", value));
      return this;
    }

    Sequence add(Yaml value) {
      return add("", value);
    }
  }

  /** Returns an empty map. */
  static Mapping map() {
    return new Mapping();
  }

  /** Returns an empty list. */
  static Sequence list() {
    return new Sequence();
  }

  /** Returns a list of texts. */
  static Sequence texts(List<String> texts) {
    Sequence list = new Sequence();
    texts.forEach(text -> list.add(new Text(text)));
    return list;
  }
}
