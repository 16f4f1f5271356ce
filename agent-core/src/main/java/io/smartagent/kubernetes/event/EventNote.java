package io.smartagent.kubernetes.event;

import io.smartagent.module.Event;

/** What {@code kubectl describe} shows of an event. */
final class EventNote {

  /** The API server takes no more than 1024 bytes. */
  private static final int MAX_LENGTH = 1024;

  private EventNote() {}

  /** Returns the event's summary in ASCII, with a maximum of 1024 characters. */
  static String of(Event event) {
    String summary = event.summary();
    return printable(
        summary.isEmpty() ? "SmartAgent reports more on its standard output." : summary);
  }

  /** A process chooses its own name: none of its characters may control a reader's terminal. */
  private static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
      char letter = text.charAt(i);
      printable.append(letter >= ' ' && letter < 127 ? letter : '?');
    }
    return printable.toString();
  }
}
