package io.smartagent.config;

/** Exit codes of the command line, by the names of sysexits(3). A contract. */
public enum ExitStatus {
  OK(0),
  /** Of {@code audit --fail}: it found what it looked for. */
  FOUND(1),
  USAGE(64),
  UNAVAILABLE(69),
  INTERNAL(70),
  /** What was found out could not be written. */
  IO_ERROR(74),
  NOT_PERMITTED(77),
  CONFIGURATION(78);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  /** Returns the number that the process ends with. */
  public int code() {
    return code;
  }
}
