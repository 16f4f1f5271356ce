package io.smartagent.module;

/** Whether the logs of a pod are reported. */
public enum LogChoice {
  /** They are. */
  INCLUDED,
  /** They are not. */
  EXCLUDED,
  /** The pod's labels and annotations are not known. */
  UNKNOWN
}
