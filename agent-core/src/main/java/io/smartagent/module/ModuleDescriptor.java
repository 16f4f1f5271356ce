package io.smartagent.module;

import io.smartagent.needs.Needs;
import java.util.List;

/** What is known of a module without running it. The planner, which is pure, needs no more. */
public interface ModuleDescriptor {

  /** Returns the module's name, a contract. */
  String id();

  /** Returns what it does, as the rest of a sentence that starts with its name. */
  String summary();

  /** Returns what is not seen where it is disabled. */
  String loss();

  /** Returns what it needs of the container and of the host. */
  Needs needs();

  /** Returns all settings that it reads. When one changes, it is started anew. */
  default List<Setting<?>> settings() {
    return List.of();
  }

  /**
   * Returns those of its settings that it reads in each pass: it is not started anew for them, but
   * its next pass begins at once.
   */
  default List<Setting<?>> followedSettings() {
    return List.of();
  }
}
