package io.smartagent.results;

import java.io.IOException;
import java.io.OutputStream;

/** Writes a result's bytes. */
@FunctionalInterface
public interface ResultContent {

  /**
   * Writes all bytes to {@code out}, which the caller closes.
   *
   * @throws IOException from {@code out} if a limit is reached or the disk is full; then there is
   *     no result
   */
  void writeTo(OutputStream out) throws IOException;
}
