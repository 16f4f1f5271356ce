package io.smartagent.module;

import io.smartagent.limit.BoundedMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the node's containers, shared by all modules. A module that may read a runtime's
 * files tells what it has found, and one that may not finds it here: names are shared, access is
 * not.
 */
public final class ContainerDirectory {

  /** Several times what a node runs; those that were not asked for lately go first. */
  private static final int MOST = 5000;

  private final Map<String, ContainerIdentity> known = BoundedMap.ofRecentlyUsed(MOST);

  private final PodDirectory pods = new PodDirectory();

  /** Returns what Kubernetes says of the containers' pods. */
  public PodDirectory pods() {
    return pods;
  }

  /** Returns what is known of a container, also of one that has ended; null where nothing is. */
  public synchronized @Nullable ContainerIdentity find(String id) {
    return known.get(id);
  }

  /** Remembers what a module has found out of a container. */
  public synchronized void learn(ContainerIdentity container) {
    known.put(container.id(), container);
  }
}
