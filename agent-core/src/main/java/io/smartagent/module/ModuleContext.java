package io.smartagent.module;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.smartagent.kernel.Kernel;
import io.smartagent.kubernetes.ClusterAccess;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a running module is given. It says nothing of how the agent was launched. */
public interface ModuleContext {

  /** Returns the name of the source that was chosen: one of the module's own need. */
  String source();

  /** Returns the kernel, with the capabilities of the module's thread. */
  Kernel kernel();

  /**
   * Returns the directory that is the host's root, without a slash at its end: empty inside the
   * virtual root, a directory of fixtures in tests. {@code root() + "/proc"} is the host's procfs.
   */
  String root();

  /**
   * Returns what is set for modules now. What the module's descriptor names stays the same until it
   * has to stop; the rest may be another at the next call.
   */
  ModuleSettings settings();

  /** Returns what all modules together know of the node's containers. */
  ContainerDirectory containers();

  /** Returns how Kubernetes is reached; null where it cannot be. */
  @Nullable ClusterAccess cluster();

  /** Returns where the module registers its metrics; they leave it when the module ends. */
  PrometheusRegistry metrics();

  /** Returns where the module writes what is too large for an event. */
  Results results();

  /** Reports what happened. Does not wait: what cannot be written in time is counted as lost. */
  void emit(Event event);

  /** Reports what was seen last, in a few words: shown by {@code status} as "observed". */
  void observed(String what);

  /**
   * Reports what goes wrong without ending the module: its health is degraded until it is called
   * with an empty text.
   */
  void degraded(String reason);

  /** Returns whether the module has to return soon. */
  boolean isStopping();

  /**
   * Waits until {@code time} has passed, a setting has changed that the module follows, or it has
   * to stop.
   *
   * @return whether it goes on: false where {@link #isStopping()}
   */
  boolean pause(Duration time);
}
