package io.smartagent.config;

/** A text that no log, message or file may show: only an explicit call returns it. */
public final class Secret {

  private final String text;

  /** Hides {@code text}. */
  public Secret(String text) {
    this.text = text;
  }

  /** Returns what is hidden. */
  public String reveal() {
    return text;
  }

  /** Returns {@code text} with three asterisks wherever it holds the secret. */
  public String removeFrom(String other) {
    return text.isEmpty() ? other : other.replace(text, toString());
  }

  /** Returns three asterisks. */
  @Override
  public String toString() {
    return "***";
  }
}
