package io.smartagent.kubernetes.yaml;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a parser finds, one token after the other: YAML and JSON alike. */
@FunctionalInterface
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
   * What was found, and where.
   *
   * @param text of a scalar, or the name of an alias; else empty
   * @param plain whether a scalar has no quotes
   * @param anchor the name that an alias may call this value by; null where it has none
   * @param line of the source, from 1
   */
  record Token(Kind kind, String text, boolean plain, @Nullable String anchor, int line) {}

  /**
   * Goes to the next thing and returns it.
   *
   * @throws InvalidManifest where it cannot be parsed
   * @throws IOException where it cannot be read
   */
  Token next() throws IOException;
}
