package io.smartagent.kubernetes.client;

/** Nothing says where a person's cluster is, or what says it cannot be read. */
public final class UnknownClusterException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * @param message fault and remedy, as sentences
   */
  UnknownClusterException(String message) {
    super(message);
  }
}
