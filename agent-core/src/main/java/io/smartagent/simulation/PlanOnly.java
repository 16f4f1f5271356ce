package io.smartagent.simulation;

/** What no plan may ask of a kernel. */
final class PlanOnly {

  private PlanOnly() {}

  /** Returns the error of whoever asks for more than a plan needs. */
  static IllegalStateException noPlanAsksFor(String what) {
    return new IllegalStateException("no plan asks for " + what);
  }
}
