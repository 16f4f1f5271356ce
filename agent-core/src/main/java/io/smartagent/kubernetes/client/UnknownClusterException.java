package io.smartagent.kubernetes.client;

/** No kubeconfig names the user's cluster, or it cannot be read. */
public final class UnknownClusterException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * @param message fault and remedy, as sentences
   */
  UnknownClusterException(String message) {
    super(message);
  }
}
