package io.smartagent.kubernetes.audit;

/**
 * A place in a source.
 *
 * @param source the file, {@code standard input}, or the path of an object in an API
 * @param line of it, from 1; 0 where it has none
 */
public record Location(String source, int line) {

  /** Returns the source where it is a file; empty for an API, whose objects have no lines. */
  String file() {
    return line > 0 ? source : "";
  }

  @Override
  public String toString() {
    return line > 0 ? source + ":" + line : source;
  }
}
