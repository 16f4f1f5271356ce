package io.smartagent.kubernetes.event;

import java.util.Locale;

/** Why something that has happened was not told. */
public enum DropReason {
  /** More different things have happened at once than are remembered. */
  QUEUE,
  /** More has happened to one pod or node, or to all of a node, than is told. */
  RATE,
  /** The server could not be told for so long that it is no news any more. */
  AGE,
  /** The server does not take it, such as where the pod's namespace is gone. */
  REFUSED;

  /** Returns the name in metrics. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
