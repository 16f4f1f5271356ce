package io.smartagent.telemetry;

import io.smartagent.module.Event;
import java.io.IOException;

/** How events become lines. Used by the thread that writes them alone. */
interface EventFormat {

  /** Of {@link #nanosUntilDue}: there is nothing to be written unless another event comes. */
  long NEVER = Long.MAX_VALUE;

  /** Nothing is to be written. */
  byte[] NOTHING = {};

  /** Returns the lines to be written for an event, in UTF-8 with their newlines. */
  byte[] accept(String module, Event event) throws IOException;

  /** Returns the lines whose time has come. */
  default byte[] due() {
    return NOTHING;
  }

  /** Returns how long it is until {@link #due} has lines, {@link #NEVER} where it has none. */
  default long nanosUntilDue() {
    return NEVER;
  }

  /** Returns all lines that are left, where no other event comes. */
  default byte[] end() {
    return NOTHING;
  }
}
