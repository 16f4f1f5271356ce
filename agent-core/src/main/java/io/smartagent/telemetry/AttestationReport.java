package io.smartagent.telemetry;

import java.util.ArrayList;
import java.util.List;

/**
 * What the agent found when it tried what it must not be able to do, and what it has seen since.
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

  /**
   * Returns the report with what was found later of one promise. What did not hold at the start
   * stays as it was.
   */
  public AttestationReport with(Check later) {
    List<Check> amended = new ArrayList<>(checks);
    amended.removeIf(check -> check.name().equals(later.name()) && check.passed());
    if (amended.stream().noneMatch(check -> check.name().equals(later.name()))) {
      amended.add(later);
    }
    return new AttestationReport(amended);
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
