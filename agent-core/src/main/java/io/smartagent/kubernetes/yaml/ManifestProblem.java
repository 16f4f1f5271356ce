package io.smartagent.kubernetes.yaml;

/**
 * What is wrong with a source of manifests.
 *
 * @param source the file, or {@code standard input}
 * @param line that it was found in, from 1; 0 where it is about the source as a whole
 * @param fault what is wrong, as a sentence
 * @param remedy what makes it right, as a sentence
 */
public record ManifestProblem(String source, int line, String fault, String remedy) {

  /** Returns place, fault and remedy as one text. */
  public String text() {
    return source + (line > 0 ? ":" + line : "") + ": " + fault + " " + remedy;
  }
}
