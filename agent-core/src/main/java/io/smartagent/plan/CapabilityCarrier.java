package io.smartagent.plan;

/** What carries the kept capabilities over the execve: capabilities(7). */
public enum CapabilityCarrier {
  /** The ambient set. */
  AMBIENT,
  /** File capabilities of the agent's program, on kernels without an ambient set (before 4.3). */
  FILE,
  /** Uid 0 alone, or nothing where none are kept. */
  USER
}
