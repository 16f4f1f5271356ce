package io.smartagent.kubernetes.yaml;

import java.io.IOException;

/** A document that nothing more can be read of. */
final class InvalidManifest extends IOException {

  private static final long serialVersionUID = 1;

  private final int line;
  private final String remedy;

  /**
   * Describes the problem.
   *
   * @param line of the document that was being read, from 1
   * @param fault as a sentence
   * @param remedy as a sentence
   */
  InvalidManifest(int line, String fault, String remedy) {
    super(fault);
    this.line = line;
    this.remedy = remedy;
  }

  int line() {
    return line;
  }

  String fault() {
    return String.valueOf(getMessage());
  }

  String remedy() {
    return remedy;
  }
}
