package io.smartagent.config;

/** The values of {@link Option#LOG_LEVEL}. */
final class LogLevel {

  /** What is accepted, as the rest of a sentence that starts with "It must be". */
  static final String ACCEPTED = "\"info\" or \"debug\"";

  private LogLevel() {}

  static boolean isValid(String value) {
    return value.equals("info") || value.equals("debug");
  }
}
