package io.smartagent.module;

/** Whether the logs of a pod are told. */
public enum LogChoice {
  /** They are. */
  INCLUDED,
  /** They are not. */
  EXCLUDED,
  /** Kubernetes has not told the pod's labels and annotations. */
  UNKNOWN
}
