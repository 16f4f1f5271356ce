package io.smartagent.kubernetes.client;

import java.io.IOException;

/** A file of a ServiceAccount's volume does not hold what it is there for. */
final class InvalidAccountException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * @param fault a sentence, without anything of what the file holds
   */
  InvalidAccountException(String fault) {
    super(fault);
  }
}
