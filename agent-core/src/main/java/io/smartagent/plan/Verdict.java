package io.smartagent.plan;

import io.smartagent.config.Problem;
import java.util.List;

/**
 * Whether the launch takes place.
 *
 * @param problems why it is refused; empty where it is not
 * @param warnings what the user should know
 */
public record Verdict(List<Problem> problems, List<String> warnings) {

  /** Copies the lists. */
  public Verdict {
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }
}
