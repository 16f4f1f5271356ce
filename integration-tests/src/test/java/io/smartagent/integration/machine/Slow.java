package io.smartagent.integration.machine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Tests that take too long for every run. */
public final class Slow {

  private Slow() {}

  /** Skips the test that calls it, but in a run that was asked for the slow ones. */
  public static void assumeWanted() {
    assumeTrue(
        Boolean.getBoolean("smartagent.slow"), "slow; integration-tests/run-all --slow runs it");
  }
}
