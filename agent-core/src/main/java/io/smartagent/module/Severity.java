package io.smartagent.module;

/** How much attention an event needs. */
public enum Severity {
  /** The ordinary course of a host; a reader decides what matters. */
  INFO,
  /** Worth a line of its own, but no fault. */
  NOTICE,
  /** A fault of the host, or of the agent itself. */
  WARNING
}
