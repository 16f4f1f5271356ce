package io.smartagent.plan;

import io.smartagent.config.Problem;
import java.util.ArrayList;
import java.util.List;

/** What the planners find that the user has to know: collected, and reported all at once. */
final class Findings {

  private final List<Problem> problems;
  private final List<String> warnings;

  /** Starts with the problems of the settings alone. */
  Findings(List<Problem> problems, List<String> warnings) {
    this.problems = new ArrayList<>(problems);
    this.warnings = new ArrayList<>(warnings);
  }

  /** Remembers a reason not to launch. */
  void problem(Problem problem) {
    problems.add(problem);
  }

  /** Remembers what the user should know although it does not prevent the launch. */
  void warning(String warning) {
    warnings.add(warning);
  }

  /** Returns the reasons not to launch, in the order in which they were found. */
  List<Problem> problems() {
    return problems;
  }

  /** Returns the warnings, in the order in which they were found. */
  List<String> warnings() {
    return warnings;
  }
}
