package io.smartagent.kubernetes.event;

import java.util.Locale;

/** Why an occurrence was not reported. */
public enum DropReason {
  /** More different things have happened at once than are remembered. */
  QUEUE,
  /** More has happened to one pod or node, or to all of a node, than is reported. */
  RATE,
  /** The server was unavailable longer than an Event is worth reporting. */
  AGE,
  /** The server does not take it, such as where the pod's namespace is gone. */
  REFUSED;

  /** Returns the name in metrics. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
