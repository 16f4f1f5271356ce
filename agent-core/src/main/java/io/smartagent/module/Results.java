package io.smartagent.module;

import io.smartagent.results.Result;
import io.smartagent.results.ResultContent;
import java.io.IOException;

/** Where a module writes what is too large for an event: profiles, recordings. */
@FunctionalInterface
public interface Results {

  /**
   * Writes a result, which replaces one of the same name, and reports it with an event {@code
   * ResultWritten}. The status server serves it at {@code /results/NAME}. Older results of any
   * module are removed if all together would exceed {@link SharedSettings#RESULTS_MEBIBYTES}.
   *
   * @param name lower-case letters, digits, dots, dashes and underscores; a maximum of 100
   * @param mediaType such as {@code application/octet-stream}, without parameters
   * @param maximum size in bytes
   * @throws IllegalArgumentException if name or media type are not valid
   * @throws IOException if the result exceeds a limit or cannot be written; then there is none
   */
  Result write(String name, String mediaType, long maximum, ResultContent content)
      throws IOException;
}
