package io.smartagent.config;

import java.util.Locale;

/** How much of the host the virtual root shows, and whether it can be written. */
public enum Mode {
  /** Decided from the mounts: read-only where the host's root is mounted so, else full. */
  AUTO,
  /** The host's root as it is mounted, writable. */
  FULL,
  /** Everything read-only but the installation and the runtime directory. */
  READ_ONLY,
  /** Only the directories that an agent needs. */
  MINIMAL;

  /** Returns the name on the command line and in output. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
