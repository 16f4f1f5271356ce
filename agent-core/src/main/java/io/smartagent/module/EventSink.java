package io.smartagent.module;

/** Where the events of all modules go. */
@FunctionalInterface
public interface EventSink {

  /** The module of the agent's own events. */
  String AGENT = "agent";

  /**
   * Takes an event without waiting; one that there is no room for is counted as lost.
   *
   * @param module id of the module that reports it
   */
  void accept(String module, Event event);
}
