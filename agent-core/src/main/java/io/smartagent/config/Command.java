package io.smartagent.config;

import java.util.Optional;

/** The commands of the program: the first word of its command line. */
public enum Command {
  CONFIG(
      "config",
      "[options]",
      "seal the host, drop privileges, become the built-in agent",
      true,
      false),
  RUN(
      "run",
      "[options] -- COMMAND [ARG...]",
      "the same, but become COMMAND, a program of the host",
      true,
      false),
  PROBE(
      "probe", "[--format text|json]", "what this container may do; changes nothing", false, true),
  PLAN(
      "plan",
      "[options of config] [--assume LIST] [--format text|json]",
      "what config would do, step by step with reasons; changes nothing",
      true,
      true),
  STATUS("status", "[--format text|json]", "print the status of the running agent", false, true),
  AUDIT(
      "audit",
      "[options] FILE|DIRECTORY|-... | --cluster",
      "list privileged containers of files or a cluster, and what they could become",
      false,
      false),
  FLEET(
      "fleet",
      "[options]",
      "what runs on the nodes of a cluster, and what blocks the rest",
      false,
      false),
  MANIFEST(
      "manifest",
      "[options]",
      "print a DaemonSet with what it needs, and who needs it",
      false,
      false);

  private final String id;
  private final String synopsis;
  private final String summary;
  private final boolean launchOptions;
  private final boolean format;

  Command(String id, String synopsis, String summary, boolean launchOptions, boolean format) {
    this.id = id;
    this.synopsis = synopsis;
    this.summary = summary;
    this.launchOptions = launchOptions;
    this.format = format;
  }

  /** Returns its name on the command line. */
  public String id() {
    return id;
  }

  /** Returns its arguments, as help shows them. */
  public String synopsis() {
    return synopsis;
  }

  /** Returns what it does, for people. */
  public String summary() {
    return summary;
  }

  /** Returns whether it takes the options of a launch. */
  public boolean takesLaunchOptions() {
    return launchOptions;
  }

  /** Returns whether it takes {@code --format}. */
  public boolean takesFormat() {
    return format;
  }

  /** Returns whether it takes apart the words behind it by itself. */
  public boolean takesOwnOptions() {
    return this == AUDIT || this == FLEET || this == MANIFEST;
  }

  /** Returns the command called {@code id}. */
  public static Optional<Command> of(String id) {
    for (Command command : values()) {
      if (command.id.equals(id)) {
        return Optional.of(command);
      }
    }
    return Optional.empty();
  }
}
