package io.smartagent.modules.hostevents;

/** Where the evidence of a fault comes from. */
enum EvidenceSource {
  /** The kernel's log. */
  LOG,
  /** What the kernel counts or shows of a thing's state. */
  STATE
}
