package io.smartagent.config;

import java.util.List;

/**
 * Something that keeps the launch from starting.
 *
 * @param status that the process ends with
 * @param fault what is wrong, where it was set and what was found, as a sentence
 * @param remedy what makes it right, as a sentence
 */
public record Problem(ExitStatus status, String fault, String remedy) {

  /** Returns a problem of the command line itself. */
  public static Problem usage(String fault, String remedy) {
    return new Problem(ExitStatus.USAGE, fault, remedy);
  }

  /** Returns a problem of a setting, or of the host that a setting names. */
  public static Problem configuration(String fault, String remedy) {
    return new Problem(ExitStatus.CONFIGURATION, fault, remedy);
  }

  /** Returns a problem of what the container may do. */
  public static Problem notPermitted(String fault, String remedy) {
    return new Problem(ExitStatus.NOT_PERMITTED, fault, remedy);
  }

  /** Returns a problem of something that is required and not available now. */
  public static Problem unavailable(String fault, String remedy) {
    return new Problem(ExitStatus.UNAVAILABLE, fault, remedy);
  }

  /** Returns fault and remedy as one text. */
  public String text() {
    return fault + " " + remedy;
  }

  /**
   * Returns the exit status for several problems: usage first, then configuration, then permission.
   */
  public static ExitStatus statusOf(List<Problem> problems) {
    for (ExitStatus status :
        List.of(ExitStatus.USAGE, ExitStatus.CONFIGURATION, ExitStatus.NOT_PERMITTED)) {
      if (problems.stream().anyMatch(problem -> problem.status() == status)) {
        return status;
      }
    }
    return problems.isEmpty() ? ExitStatus.OK : ExitStatus.UNAVAILABLE;
  }
}
