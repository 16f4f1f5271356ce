package io.smartagent.telemetry;

import java.util.List;

/**
 * What the agent found when it tried what it must not be able to do.
 *
 * @param checks in the order in which they were made
 */
public record AttestationReport(List<Check> checks) {

  /**
   * One promise of the launcher.
   *
   * @param name of the promise, in lower case with dashes
   * @param passed whether it holds
   * @param detail what was found
   */
  public record Check(String name, boolean passed, String detail) {}

  /** Copies the checks. */
  public AttestationReport {
    checks = List.copyOf(checks);
  }

  /** Returns whether every promise holds. */
  public boolean passed() {
    return checks.stream().allMatch(Check::passed);
  }

  /** Returns the promises that do not hold. */
  public List<Check> failures() {
    return checks.stream().filter(check -> !check.passed()).toList();
  }
}
