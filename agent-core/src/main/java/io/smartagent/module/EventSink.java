package io.smartagent.module;

/** Where the events of all modules go. */
@FunctionalInterface
public interface EventSink {

  /**
   * Takes an event without waiting; one that there is no room for is counted as lost.
   *
   * @param module id of the module that tells it
   */
  void accept(String module, Event event);
}
