package io.smartagent.kubernetes.manifest;

import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.needs.Source;
import java.util.Optional;

/**
 * What becomes of a module in the container that a manifest describes.
 *
 * @param id of the module
 * @param source that it runs from; empty where it cannot run
 */
public record PlannedModule(String id, Optional<Source> source) {

  /** Returns the capabilities that it keeps. */
  public CapabilitySet capabilities() {
    return source.map(Source::capabilities).orElse(CapabilitySet.NONE);
  }

  /** Returns its state and what it cannot see, for a comment. */
  String description() {
    return source
        .map(each ->
            each.limitation() == null
                ? id + ": enabled, from " + each.name()
                : id + ": degraded, from " + each.name() + ": " + each.limitation())
        .orElse(id + ": disabled");
  }
}
