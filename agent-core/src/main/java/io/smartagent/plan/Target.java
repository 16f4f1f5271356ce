package io.smartagent.plan;

import java.util.List;

/** What the launcher becomes in the end. */
public sealed interface Target {

  /**
   * The agent of this image.
   *
   * @param options of its JVM, one argument each, with {@code @HOME@} for the runtime's directory
   * @param runtimeId what distinguishes this image's runtime from others on a host that it is
   *     installed on; empty where it is not
   */
  record BuiltInAgent(List<String> options, String runtimeId) implements Target {
    /** Copies the list. */
    public BuiltInAgent {
      options = List.copyOf(options);
    }

    /** An agent whose runtime is not installed on the host. */
    public BuiltInAgent(List<String> options) {
      this(options, "");
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

  /**
   * What an installer has installed on the host.
   *
   * @param words the program by its absolute path, and its arguments
   */
  record InstalledAgent(List<String> words) implements Target {
    /** Copies the list. */
    public InstalledAgent {
      words = List.copyOf(words);
    }
  }
}
