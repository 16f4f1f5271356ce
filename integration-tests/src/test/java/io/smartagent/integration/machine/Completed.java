package io.smartagent.integration.machine;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A program that has ended.
 *
 * @param command with its arguments
 * @param exitCode that it ended with
 * @param output what it wrote to standard output, byte by byte
 * @param error what it wrote to standard error
 */
@SuppressWarnings("ArrayRecordComponent")
public record Completed(List<String> command, int exitCode, byte[] output, String error) {

  /** Returns its standard output as UTF-8. */
  public String out() {
    return new String(output, StandardCharsets.UTF_8);
  }

  /** Returns both of its streams, for what has to be in neither. */
  public String everything() {
    return out() + "\n" + error;
  }

  /**
   * Returns this.
   *
   * @throws IllegalStateException where it failed
   */
  public Completed orFail() {
    if (exitCode != 0) {
      throw new IllegalStateException(toString());
    }
    return this;
  }

  /** Returns all that helps to find out why an assertion failed. */
  @Override
  public String toString() {
    return String.join(" ", command) + "\nexit code " + exitCode + "\n" + everything();
  }
}
