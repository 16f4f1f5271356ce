package io.smartagent.plan;

import java.util.List;

/** What the launcher becomes in the end. */
public sealed interface Target {

  /**
   * The agent of this image.
   *
   * @param options of its JVM, one argument each, with {@code @HOME@} for the runtime's directory
   */
  record BuiltInAgent(List<String> options) implements Target {
    /** Copies the list. */
    public BuiltInAgent {
      options = List.copyOf(options);
    }
  }

  /**
   * A program of the host.
   *
   * @param words the program and its arguments
   */
  record HostProgram(List<String> words) implements Target {
    /** Copies the list. */
    public HostProgram {
      words = List.copyOf(words);
    }
  }
}
