package io.smartagent.plan;

/**
 * Where the agent's runtime is in the virtual root.
 *
 * @param path of its directory
 * @param source how it gets there
 */
record RuntimeHome(String path, Source source) {

  /** How the runtime gets into the virtual root. */
  enum Source {
    /** Bound to a directory in the launcher's own /tmp. */
    BOUND_IN_TMPFS,
    /** Bound to a directory of the agent's data directory. */
    BOUND_IN_DATA_DIRECTORY,
    /** Copied to the host. */
    INSTALLED,
    /** Not at all: what is executed is a program of the host. */
    NOT_NEEDED
  }

  boolean isInTmpfs() {
    return source == Source.BOUND_IN_TMPFS;
  }

  boolean isInDataDirectory() {
    return source == Source.BOUND_IN_DATA_DIRECTORY;
  }
}
