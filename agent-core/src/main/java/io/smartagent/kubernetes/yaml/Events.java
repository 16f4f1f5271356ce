package io.smartagent.kubernetes.yaml;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a parser finds, one thing after the other: YAML and JSON alike. */
interface Events {

  /** What was found. */
  enum Kind {
    MAPPING_START,
    MAPPING_END,
    SEQUENCE_START,
    SEQUENCE_END,
    SCALAR,
    /** The value of an anchor, by its name. */
    ALIAS,
    /** There is nothing more. */
    END
  }

  /**
   * Goes to the next thing and returns what it is.
   *
   * @throws InvalidManifest where it cannot be parsed
   * @throws IOException where it cannot be read
   */
  Kind next() throws IOException;

  /** Returns the text of a scalar, or the name of an alias. */
  String text();

  /** Returns whether a scalar has no quotes. */
  boolean plain();

  /** Returns the name that an alias may call this value by, null where it has none. */
  @Nullable String anchor();

  /** Returns the line of the source, from 1. */
  int line();
}
